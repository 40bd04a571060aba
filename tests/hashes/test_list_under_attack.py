"""Ways around disputes and guards that were tried against the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from hashes import disputing, services
from hashes.errors import ConcernMovedOn
from hashes.json_lines import BenignRow
from hashes.models import Concern, Entry, MatchCount, Picture
from hashes.services import guarding
from platforms.services import NewKey
from staff.services import User
from tests.hashes.disputing import TODAY, dispute, make_listed, make_operator, say
from tests.hashes.guarding import MEME, disputed
from tests.makers import make_fingerprints, make_picture, make_user

pytestmark = pytest.mark.django_db
VALUE = "a5" * 32


def operators(count: int) -> list[NewKey]:
    return [make_operator(f"P{number}", operator=f"Operator {number}") for number in range(count)]


def listed_with(value: str) -> UUID:
    picture = make_picture(*make_fingerprints(pdq=value))
    services.publish(now=timezone.now())
    return picture


def status(picture: UUID) -> str:
    return Picture.objects.get(pk=picture).status


def reviews() -> set[str]:
    return set(Entry.objects.exclude(status="withdrawn").values_list("review", flat=True))


def test_one_value_brought_many_times_is_one_dispute_of_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disputing, "MOST_A_DAY", 3)
    new = [services.NewPicture("image", make_fingerprints(pdq=VALUE)) for _ in range(4)]
    many = services.list_pictures(pictures=new, release=True)
    services.publish(now=timezone.now())
    other, one_more = make_listed(), operators(2)
    for platform in one_more:
        for picture in many:
            dispute(platform, picture)
        dispute(platform, other)
    assert {status(picture) for picture in (*many, other)} == {"quarantined"}


def test_who_floods_takes_nothing_off_and_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disputing, "MOST_A_DAY", 1)
    rogue, one, other = operators(3)
    picture = make_listed()
    dispute(rogue, make_listed())
    dispute(rogue, picture)
    dispute(one, picture)
    assert status(picture) == "listed"
    dispute(other, picture)
    assert status(picture) == "quarantined"


def test_what_is_taken_off_later_is_asked_anew(triager: User) -> None:
    one, other, reviewer = operators(3)
    picture = listed_with(VALUE)
    say(reviewer, picture, "blocked")
    dispute(one, picture)
    dispute(other, picture)
    first = Concern.objects.get()
    assert (status(picture), first.evidence["is_off"]) == ("listed", False)
    dispute(reviewer, picture)
    assert status(picture) == "quarantined"
    open_one = Concern.objects.get(ended_on=None)
    assert (open_one.evidence["is_off"], open_one.told_on) == (True, None)
    # The same picture, reported again, waits for a person; whoever read the older page answers nothing.
    assert status(make_picture(*make_fingerprints(pdq=VALUE))) == "waiting"
    with pytest.raises(ConcernMovedOn):
        services.leave_picture(picture_id=picture, by=triager, seen=first.pk, now=timezone.now())
    assert Concern.objects.filter(picture=picture, ended_on=None).exists()


def test_a_source_that_takes_its_confirmation_back_confirms_no_more() -> None:
    source, one, other = operators(3)
    row = services.row_of(kind="image", algorithm="pdq", value=VALUE, is_confirmed=True)
    services.submit_rows(platform_id=source.platform.pk, rows=[row], now=timezone.now())
    services.publish(now=timezone.now())
    picture = Picture.objects.get().pk
    dispute(source, picture)
    assert reviews() == {"check_first"}
    dispute(one, picture)
    assert status(picture) == "listed"
    dispute(other, picture)
    assert status(picture) == "quarantined"


def test_a_block_given_while_it_was_away_counts_when_it_comes_back() -> None:
    (reviewer,) = operators(1)
    picture = make_listed()
    services.take_off_pictures(picture_ids=[picture])
    services.publish(now=timezone.now())
    say(reviewer, picture, "blocked")
    services.relist_pictures(picture_ids=[picture], release=True)
    assert reviews() == {"confirmed"}


def test_disputes_given_while_it_was_away_count_when_it_comes_back() -> None:
    one, other = operators(2)
    picture = make_listed()
    dispute(one, picture)
    services.take_off_pictures(picture_ids=[picture])
    services.publish(now=timezone.now())
    dispute(other, picture)
    services.relist_pictures(picture_ids=[picture], release=True)
    assert status(picture) == "quarantined"
    assert Concern.objects.filter(picture=picture, ended_on=None).count() == 1


def test_what_a_person_left_listed_comes_back_listed(triager: User) -> None:
    picture = listed_with(MEME)
    asked = services.know_benign(rows=[BenignRow("pdq", MEME, "a meme")], on=TODAY)
    assert asked.asked == 1
    services.leave_picture(picture_id=picture, by=triager, seen=10**9, now=timezone.now())
    services.take_off_pictures(picture_ids=[picture])
    services.relist_pictures(picture_ids=[picture], release=True)
    assert status(picture) == "listed"


def test_one_refused_address_keeps_the_letter_from_nobody_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_URL, settings.MAIL_FROM = "smtp://mail", "reclaim@example.org"
    for name in ("one", "refused", "three"):
        User.objects.filter(pk=make_user(name, role="triager").pk).update(email=f"{name}@example.org")
    sends: Callable[..., int] = EmailBackend.send_messages

    def send(backend: Any, messages: Any) -> int:
        if messages[0].to == ["refused@example.org"]:
            raise SMTPRecipientsRefused({})
        return sends(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    services.raise_concern(kind="disputed", on=TODAY, evidence={}, picture_id=make_picture())
    told = [services.tell_staff(now=timezone.now()) for _ in range(3)]
    assert told == [2, 0, 0]
    assert [message.to for message in mail.outbox] == [["one@example.org"], ["three@example.org"]]


def test_a_dispute_between_two_looks_stops_no_report() -> None:
    disputed(listed_with(VALUE))
    second = listed_with("5a" * 32)
    seen: list[str] = []

    def meanwhile(execute: Any, sql: str, *others: Any) -> Any:
        if not seen and sql.startswith('SELECT "hashes_entry"."algorithm"') and "hashes_concern" in sql:
            seen.append(sql)
            disputed(second)
        return execute(sql, *others)

    guarding.forget()
    with connection.execute_wrapper(meanwhile):
        assert status(make_picture()) == "listed"
    assert seen
    assert status(make_picture(*make_fingerprints(pdq="5a" * 32))) == "waiting"


def test_one_platforms_flood_excuses_no_others(triager: User) -> None:
    rogue, honest = operators(2)
    picture = make_listed()
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def found(platform: NewKey, count: int, at: datetime) -> int:
        MatchCount.objects.create(
            platform=platform.platform, picture_id=picture, counted_on=at.date(), count=count
        )
        return services.look_for_floods(now=at)

    assert found(rogue, 1_000_000, now) == 1
    services.leave_picture(picture_id=picture, by=triager, seen=10**9, now=now)
    assert found(rogue, 1_000_000, now + timedelta(days=1)) == 0
    assert found(honest, 50_000, now + timedelta(days=2)) == 1
