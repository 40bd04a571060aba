"""A person decides about a flag, once; what weighs more takes two."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Account
from platforms.models import WebhookMessage
from platforms.services import NewKey, add_endpoint
from safety.errors import FlagMovedOn, SecondPersonAsked
from safety.evidence import from_json, replay
from safety.models import Flag, Letter, Standing
from safety.services import refresh, reviewing
from staff.errors import AlreadyHeld, CannotBeDone, MayNot, OwnActionNotReleasable
from staff.services import AuditRow, HeldAction, User, refuse, release, waiting_for
from tests.safety.flagged import brigaded, hunted

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(chatter: NewKey, adult: Account, now: datetime) -> Flag:
    return hunted(chatter.platform, adult, now=now)


def standing(adult: Account) -> Standing:
    return Standing.objects.get(account=adult)


def told() -> list[dict[str, object]]:
    bodies = WebhookMessage.objects.filter(event="flag.decided").values_list("body", flat=True)
    return [json.loads(body)["data"] for body in bodies]


def test_a_flag_keeps_its_case_without_anybodys_name(flag: Flag) -> None:
    evidence = from_json(flag.evidence)
    assert replay(evidence).is_same
    names = Account.objects.values_list("external_id", flat=True)
    assert [name for name in names if f'"{name}"' in json.dumps(flag.evidence)] == []
    assert {one.rule for one in replay(evidence).reading.reasons} >= {"R1", "R2"}


def test_while_a_flag_is_open_nothing_is_added(flag: Flag, adult: Account, now: datetime) -> None:
    refresh([adult.pk], now + timedelta(minutes=1))
    assert Flag.objects.get() == flag
    assert Letter.objects.count() == 1


def test_upheld_the_limit_stands_for_a_month(
    flag: Flag, adult: Account, rosa: User, chatter: NewKey, now: datetime
) -> None:
    add_endpoint(slug=chatter.platform.slug, url="https://chatter.example/hook", now=now)
    number = flag.number
    reviewing.uphold(flag=flag, by=rosa, note="the pattern is plain", now=now)
    assert (flag.state, flag.outcome, flag.closed_at, flag.decided_by) == ("closed", "upheld", now, rosa)
    assert flag.number > number
    assert standing(adult).upheld_until == now + reviewing.UPHELD_FOR
    later = now + timedelta(days=29)
    refresh([adult.pk], later)
    assert standing(adult).level == 2
    assert told() == [{"external_id": "adult", "flag": str(flag.pk), "outcome": "upheld"}]
    row = AuditRow.objects.get(act="flag.upheld")
    assert (row.actor, row.detail) == (rosa, {"cause": "restricted"})


def test_lifted_the_limit_ends_at_once_and_does_not_come_back_by_itself(
    flag: Flag, adult: Account, rosa: User, now: datetime
) -> None:
    assert standing(adult).level == 2
    reviewing.lift(flag=flag, by=rosa, note="", now=now)
    assert standing(adult).level == 0
    refresh([adult.pk], now + timedelta(days=5))
    assert standing(adult).level == 0
    assert Flag.objects.filter(state="open").count() == 0


def test_a_double_click_and_somebody_slower_are_told_what_was_done(
    flag: Flag, rosa: User, ruben: User, now: datetime
) -> None:
    stale = Flag.objects.get(pk=flag.pk)
    reviewing.lift(flag=flag, by=rosa, note="", now=now)
    for verb in (reviewing.lift, reviewing.uphold):
        with pytest.raises(FlagMovedOn) as moved:
            verb(flag=stale, by=ruben, note="", now=now + timedelta(minutes=1))
        assert (moved.value.outcome, moved.value.by, moved.value.at) == ("lifted", "rosa", now)
    with pytest.raises(FlagMovedOn):
        reviewing.ask_to_sanction(flag=stale, by=ruben, reason="", now=now)
    assert AuditRow.objects.filter(act__startswith="flag.").count() == 1


@pytest.mark.parametrize(
    ("ask", "outcome"), [(reviewing.ask_to_sanction, "sanctioned"), (reviewing.ask_to_refer, "referred")]
)
def test_a_sanction_and_a_referral_take_two(
    ask: object, outcome: str, flag: Flag, adult: Account, rosa: User, ruben: User, now: datetime
) -> None:
    ask(flag=flag, by=rosa, reason="three victims say the same", now=now)  # type: ignore[operator]
    assert (standing(adult).level, Flag.objects.get().state) == (2, "open")
    held = HeldAction.objects.get()
    with pytest.raises(OwnActionNotReleasable):
        release(held=held, by=rosa, now=now)
    with pytest.raises(AlreadyHeld):
        ask(flag=flag, by=ruben, reason="", now=now)  # type: ignore[operator]
    with pytest.raises(SecondPersonAsked):
        reviewing.lift(flag=flag, by=ruben, note="", now=now)
    release(held=held, by=ruben, now=now)
    flag.refresh_from_db()
    assert (flag.outcome, flag.decided_by) == (outcome, ruben)
    assert (standing(adult).level, standing(adult).sanctioned_at) == (3, now)


@pytest.mark.parametrize("outcome", ["upheld", "sanctioned", "referred"])
def test_what_people_set_they_can_end(
    flag: Flag, adult: Account, rosa: User, ruben: User, now: datetime, outcome: str
) -> None:
    with pytest.raises(FlagMovedOn):
        reviewing.end_limit(flag=flag, by=rosa, note="", now=now)
    if outcome == "upheld":
        reviewing.uphold(flag=flag, by=rosa, note="", now=now)
    else:
        ask = reviewing.ask_to_sanction if outcome == "sanctioned" else reviewing.ask_to_refer
        ask(flag=flag, by=rosa, reason="", now=now)
        release(held=HeldAction.objects.get(), by=ruben, now=now)
    later = now + timedelta(days=3)
    reviewing.end_limit(flag=flag, by=ruben, note="the court found him innocent", now=later)
    assert (flag.outcome, flag.decided_by) == ("lifted", ruben)
    assert (standing(adult).level, standing(adult).sanctioned_at) == (0, None)
    assert AuditRow.objects.get(act="flag.ended").detail == {"before": outcome}
    with pytest.raises(FlagMovedOn):
        reviewing.end_limit(flag=flag, by=rosa, note="", now=later)


def test_refused_everything_stays_as_it_was(
    flag: Flag, adult: Account, rosa: User, ruben: User, now: datetime
) -> None:
    reviewing.ask_to_sanction(flag=flag, by=rosa, reason="", now=now)
    refuse(held=HeldAction.objects.get(), by=ruben, now=now)
    assert (standing(adult).level, Flag.objects.get().state) == (2, "open")
    reviewing.uphold(flag=flag, by=rosa, note="", now=now)


def test_what_was_decided_meanwhile_can_not_be_sanctioned(
    flag: Flag, rosa: User, ruben: User, now: datetime
) -> None:
    reviewing.ask_to_sanction(flag=flag, by=rosa, reason="", now=now)
    Flag.objects.filter(pk=flag.pk).update(state="closed", outcome="lifted", closed_at=now)
    with pytest.raises(CannotBeDone):
        release(held=HeldAction.objects.get(), by=ruben, now=now)
    assert HeldAction.objects.get().state == "waiting"


def test_only_people_sanction(adult: Account, flag: Flag) -> None:  # noqa: ARG001 - It makes the standing.
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.filter(account=adult).update(level=3)


def test_a_burst_freezes_the_score_until_a_person_looked(
    chatter: NewKey, adult: Account, rosa: User, now: datetime
) -> None:
    flag = brigaded(chatter.platform, adult, now=now)
    frozen = standing(adult)
    assert (frozen.level, frozen.frozen_at) == (0, now)
    assert not Letter.objects.exists(), "Nothing is limited, so there is nothing to tell."
    reviewing.uphold(flag=flag, by=rosa, note="they know each other from school", now=now)
    let_go = standing(adult)
    assert (let_go.frozen_at, let_go.upheld_until) == (None, None)
    assert let_go.score > frozen.score
    assert Flag.objects.filter(cause="burst").count() == 1, "The same burst calls nobody twice."


def test_a_burst_that_was_arranged_is_lifted(
    chatter: NewKey, adult: Account, rosa: User, now: datetime
) -> None:
    flag = brigaded(chatter.platform, adult, now=now)
    reviewing.lift(flag=flag, by=rosa, note="", now=now)
    assert (standing(adult).level, standing(adult).frozen_at) == (0, None)
    assert standing(adult).lifted_until == now + reviewing.LIFTED_FOR


def test_a_platforms_reviewers_know_of_their_platforms_flags_only(
    flag: Flag, rosa: User, ruben: User, theo: User, elsa: User, now: datetime
) -> None:
    for who, sees in ((rosa, [flag]), (theo, [flag]), (elsa, [])):
        assert list(reviewing.visible(who)) == sees
    reviewing.ask_to_sanction(flag=flag, by=rosa, reason="", now=now)
    held = HeldAction.objects.get()
    assert waiting_for(elsa) == []
    assert waiting_for(theo) == waiting_for(ruben) == [held]
    with pytest.raises(MayNot):
        release(held=held, by=elsa, now=now)
    release(held=held, by=theo, now=now)


def test_of_a_deleted_account_the_evidence_goes_with_the_decision(
    flag: Flag, adult: Account, rosa: User, now: datetime
) -> None:
    adult.delete()
    flag.refresh_from_db()
    assert flag.evidence
    reviewing.uphold(flag=flag, by=rosa, note="", now=now)
    flag.refresh_from_db()
    assert (flag.evidence, flag.outcome) == ({}, "upheld")


def test_evidence_goes_once_no_appeal_can_come_any_more(flag: Flag, rosa: User, now: datetime) -> None:
    year_later = now + timedelta(days=365)
    assert reviewing.forget_old_evidence(now=year_later) == 0, "It is open."
    reviewing.uphold(flag=flag, by=rosa, note="he wrote to my niece", now=now)
    assert reviewing.forget_old_evidence(now=now + timedelta(days=199)) == 0
    assert reviewing.forget_old_evidence(now=year_later) == 1
    flag.refresh_from_db()
    assert (flag.evidence, flag.note, flag.outcome) == ({}, "", "upheld")
