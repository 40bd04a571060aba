"""A picture of a report at the list's desk: both ways back lead to the same place."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

import hashes.services
from cases.errors import CaseMovedOn
from cases.models import Case, Clock
from cases.services import held, links, undo, verdicts
from cases.services.withdrawal import complete_withdrawal
from hashes.models import Concern, Picture
from platforms.services import NewKey
from staff.errors import CannotBeDone, HeldMovedOn
from staff.services import User, release, verify_chain
from tests.cases.desk import kinds, make_case
from tests.cases.reporter import Reporter, told
from tests.hashes.disputing import dispute, make_operator, say
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def disputed(case: Case) -> UUID:
    picture = links.picture_ids(case)[0]
    while hashes.services.publish(now=timezone.now()):
        continue
    for name in ("One", "Two"):
        dispute(make_operator(name), picture)
    assert status(picture) == "quarantined"
    return picture


def status(picture: UUID) -> str:
    return Picture.objects.get(pk=picture).status


def test_the_case_puts_back_what_was_disputed_and_nothing_is_asked_any_more(
    triager: User, senior: User, now: datetime
) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    asked = held.ask_to_restore(case=case, picture_id=picture, by=triager, why="They err.", now=now)
    release(held=asked, by=senior, now=now)
    assert (status(picture), Concern.objects.get().ending) == ("listed", "listed")
    assert kinds(case)[-1] == "restored"
    assert verify_chain() is None


def test_the_lists_desk_puts_it_back_and_the_case_knows(triager: User, senior: User, now: datetime) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    Clock.objects.filter(kind="push").delete()
    asked = hashes.services.ask_to_put_back(picture_id=picture, by=triager, why="They err.", now=now)
    release(held=asked, by=senior, now=now)
    assert status(picture) == "listed"
    assert kinds(case)[-1] == "restored"
    assert Clock.objects.filter(case=case, kind="push").exists()


def test_of_two_ways_back_the_first_holds_and_the_other_says_so(
    triager: User, senior: User, now: datetime
) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    here = held.ask_to_restore(case=case, picture_id=picture, by=triager, why="They err.", now=now)
    there = hashes.services.ask_to_put_back(picture_id=picture, by=triager, why="They err.", now=now)
    release(held=there, by=senior, now=now)
    with pytest.raises(HeldMovedOn):
        release(held=here, by=senior, now=now)
    assert kinds(case).count("restored") == 1


def test_what_platforms_may_not_have_yet_is_put_back_and_waits(
    settings: Any, triager: User, senior: User, now: datetime
) -> None:
    settings.RELEASE_AT_ONCE = False
    case = make_case(now=now)
    (picture,) = links.picture_ids(case)
    hashes.services.raise_concern(kind="benign", on=now.date(), evidence={}, picture_id=picture)
    asked = hashes.services.ask_to_put_back(picture_id=picture, by=triager, why="It is hers.", now=now)
    release(held=asked, by=senior, now=now)
    assert status(picture) == "waiting"
    assert not hashes.services.held_back(picture_ids=[picture])
    verdicts.accept_case(case=Case.objects.get(pk=case.pk), by=triager, now=now)
    assert status(picture) == "listed"


def test_a_report_that_is_over_puts_nothing_back(triager: User, senior: User, now: datetime) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    asked = hashes.services.ask_to_put_back(picture_id=picture, by=triager, why="They err.", now=now)
    verdicts.decline_case(case=case, by=senior, reason="not_intimate", now=now)
    with pytest.raises(CannotBeDone):
        release(held=asked, by=senior, now=now)
    assert status(picture) == "quarantined"


def test_where_she_is_threatened_nobody_takes_it_off_alone(triager: User, now: datetime) -> None:
    picture = disputed(make_case(now=now, threatened=True))
    with pytest.raises(CannotBeDone, match="two people"):
        hashes.services.take_off_for_good(picture_id=picture, by=triager, now=now)
    assert status(picture) == "quarantined"


def test_taken_off_for_good_it_does_not_come_back_with_its_case(triager: User, now: datetime) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    hashes.services.take_off_for_good(picture_id=picture, by=triager, now=now)
    done = verdicts.decline_case(case=case, by=triager, reason="not_intimate", now=now)
    undo.undo(what=undo.Undoable.of(done), given_at=now, by=triager, now=now)
    assert status(picture) == "withdrawn"


def test_a_triager_can_not_quarantine_what_is_quarantined(triager: User, now: datetime) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    with pytest.raises(CaseMovedOn):
        verdicts.quarantine_picture(case=case, picture_id=picture, by=triager, now=now)


def test_while_a_person_looks_nothing_tells_her_that_her_report_is_withdrawn(
    reporter: Reporter, platform: NewKey, settings: Any
) -> None:
    settings.LADDER_BATCH_HOURS = 0
    code = told(reporter.report())["access_code"]
    (picture,) = links.picture_ids(Case.objects.get())
    disputed(Case.objects.get())
    while hashes.services.publish(now=timezone.now()):
        continue
    for _ in range(2):
        hashes.services.read_feed(
            platform_id=platform.platform.pk,
            after=hashes.services.read_feed(platform_id=platform.platform.pk, after=0, limit=1000).next_after,
            limit=1000,
        )
    say(platform, picture, "removed_after_withdrawal")
    rungs = {row["platform"]: row["rung"] for row in told(reporter.status(code))["platforms"]}
    assert rungs["loopfeed"] == "watching"
    text = str(told(reporter.status(code)))
    assert not any(word in text for word in ("disput", "quarant", "withdrawn"))


def test_her_own_withdrawal_reaches_a_disputed_picture_and_the_desk_is_asked_no_more(now: datetime) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    Clock.objects.create(case=case, kind="withdrawal", due_at=now)
    Case.objects.filter(pk=case.pk).update(withdrawal_effective_on=now.date())
    assert complete_withdrawal(case=case, now=now)
    assert status(picture) == "withdrawn"


def test_the_case_page_says_what_is_asked_and_leads_there_for_those_who_may(
    client: Client, triager: User, liaison: User, now: datetime
) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    page = signed_in(client, triager).get(f"/triage/{case.pk}/").content.decode()
    assert "Two platforms say that it is not what it claims" in page
    assert f'href="/staff/list/pictures/{picture}/"' in page
    page = signed_in(Client(), liaison).get(f"/triage/{case.pk}/").content.decode()
    assert f"/staff/list/pictures/{picture}/" not in page


def test_the_lists_pages_know_no_case(client: Client, triager: User, now: datetime) -> None:
    case = make_case(now=now)
    picture = disputed(case)
    desk = signed_in(client, triager)
    for path in ("/staff/list/", f"/staff/list/pictures/{picture}/"):
        page = desk.get(path).content.decode()
        assert str(case.pk) not in page
        assert case.pk.hex[:8] not in page
        assert case.selector not in page
