"""What is old is forgotten without changing where anybody stands; what a platform tuned stays within bounds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

import accounts.services
import staff.services
from accounts.models import Account
from platforms.services import NewKey
from safety import engine
from safety.errors import BadTuning
from safety.models import (
    Answer,
    Connection,
    Event,
    FirstContact,
    Standing,
    StandingChange,
    Thresholds,
    Unread,
)
from safety.services import apply_retention, drain, refresh, take_events, tune
from safety.services.gathering import gather
from tests.safety.makers import event, make_account, make_standing
from tests.safety.test_folding import cold_contacter, stands

pytestmark = pytest.mark.django_db

Row = dict[str, object]


def take(chatter: NewKey, now: datetime, rows: list[Row]) -> None:
    assert take_events(platform_id=chatter.platform.pk, rows=rows, now=now).accepted == len(rows)


def test_old_events_go_and_the_standing_stays(chatter: NewKey, adult: Account, now: datetime) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    drain(now=now)
    # The first of them are older than any rule looks back, the last are not.
    later = now + timedelta(days=108)
    refresh([adult.pk], later)
    before = stands(adult)
    kept = gather(account_ids=[adult.pk])[adult.pk]

    forgotten = apply_retention(now=later)
    assert 0 < forgotten.events < len(kept.happenings)
    assert not Event.objects.filter(occurred_at__lt=later - timedelta(days=121)).exists()
    standing = Standing.objects.get()
    assert standing.checkpoint
    left = gather(account_ids=[adult.pk])[adult.pk]
    reading = engine.read(left, at=later, checkpoint=standing.checkpoint)
    assert (reading.level, reading.score) == (before[0], before[1])
    assert apply_retention(now=later).events == 0


def test_what_was_not_read_yet_is_read_before_it_goes(chatter: NewKey, adult: Account, now: datetime) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    apply_retention(now=now + timedelta(days=200))
    assert not Event.objects.exists()
    assert Standing.objects.get().checkpoint


def test_killed_between_remembering_and_forgetting_nothing_happened(
    chatter: NewKey, adult: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    drain(now=now)

    def dies(*_: object, **__: object) -> None:
        raise SystemExit

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", dies)
    with pytest.raises(SystemExit):
        apply_retention(now=now + timedelta(days=200))
    assert Standing.objects.get().checkpoint == {}
    assert Event.objects.count() == 18


def test_answers_changes_counts_and_ended_connections_have_their_time(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    for age in (timedelta(days=91), timedelta(days=89)):
        Answer.objects.create(
            platform=chatter.platform, action="message", decision="deny", cause="x", at=now - age
        )
        StandingChange.objects.create(
            account=adult,
            before=0,
            after=1,
            score=0.5,
            version=1,
            rule_version="1",
            inputs_hash="",
            at=now - age,
        )
    for on in (date(2026, 11, 20), date(2026, 11, 22)):
        FirstContact.objects.create(account=adult, target=teen, on=on)
    others = [make_account(chatter.platform, "13_15") for _ in range(3)]
    said = [(True, 300), (False, 122), (False, 120)]
    for other, (is_connected, days) in zip(others, said, strict=True):
        Connection.objects.create(
            one=adult,
            other=other,
            is_connected=is_connected,
            said_at=now - timedelta(days=days),
            said_by="e",
        )
    forgotten = apply_retention(now=now)
    assert (forgotten.answers, forgotten.changes) == (1, 1)
    assert (Answer.objects.count(), StandingChange.objects.count()) == (1, 1)
    assert FirstContact.objects.get().on == date(2026, 11, 22)
    assert list(Connection.objects.order_by("pk").values_list("other", flat=True)) == [
        others[0].pk,
        others[2].pk,
    ]
    (audited,) = staff.services.AuditRow.objects.filter(act="retention.safety_applied")
    assert audited.detail == {"events": 0, "answers": 1, "changes": 1}


def test_a_deleted_teen_is_taken_out_of_what_is_remembered(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    take(chatter, now, [event(teen, adult, "connect"), event(adult, teen), event(teen, adult, "report")])
    drain(now=now)
    apply_retention(now=now + timedelta(days=200))
    assert str(teen.pk) in str(Standing.objects.get().checkpoint)
    accounts.services.delete_account(platform_id=chatter.platform.pk, external_id="teen", now=now)
    assert f"'{teen.pk}'" not in str(Standing.objects.get().checkpoint)
    assert not Event.objects.exists()
    # Without her events he is read anew.
    assert Unread.objects.get().account == adult


def test_a_deleted_adult_leaves_nothing(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    take(chatter, now, [event(adult, teen), event(teen, adult, "report")])
    drain(now=now)
    accounts.services.delete_account(platform_id=chatter.platform.pk, external_id="adult", now=now)
    for model in (Event, Standing, StandingChange, Unread, Answer, Connection):
        assert not model._default_manager.exists(), model


def test_a_tuned_number_is_audited_and_everybody_is_read_anew(
    chatter: NewKey, adult: Account, now: datetime
) -> None:
    make_standing(adult, 1, now=now)
    assert tune(platform_id=chatter.platform.pk, changes={"friction": 0.6}, by=None, now=now) == {
        "friction": 0.6
    }
    assert Unread.objects.get().account == adult
    (row,) = staff.services.AuditRow.objects.filter(act="safety.tuned")
    assert row.detail == {"before": {}, "after": {"friction": "0.6"}}
    assert gather(account_ids=[adult.pk])[adult.pk].tuned == {"friction": 0.6}
    assert tune(platform_id=chatter.platform.pk, changes={"friction": None}, by=None, now=now) == {}
    assert Thresholds.objects.get().version == 2


@pytest.mark.parametrize("changes", [{"friction": 0.1}, {"magic": 1.0}, {"restrict": float("nan")}])
def test_out_of_bounds_changes_nothing(chatter: NewKey, now: datetime, changes: dict[str, float]) -> None:
    with pytest.raises(BadTuning):
        tune(platform_id=chatter.platform.pk, changes=changes, by=None, now=now)
    assert not Thresholds.objects.exists()
    assert not staff.services.AuditRow.objects.exists()


def test_the_command_tunes_and_prints(chatter: NewKey) -> None:
    printed = StringIO()
    call_command("safety_tune", chatter.platform.slug, "--set", "friction=0.6", stdout=printed)
    assert "* friction" in printed.getvalue()
    assert Thresholds.objects.get().values == {"friction": 0.6}
    call_command("safety_tune", chatter.platform.slug, "--reset", "friction", stdout=printed)
    assert Thresholds.objects.get().values == {}
    for arguments in (
        ("nobody",),
        (chatter.platform.slug, "--set", "friction=2"),
        (chatter.platform.slug, "--set", "x"),
    ):
        with pytest.raises(CommandError):
            call_command("safety_tune", *arguments, stdout=printed)
