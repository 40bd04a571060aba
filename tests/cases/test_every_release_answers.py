"""Whatever became of what a held action is about, its release ends in words, and in nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

import platforms.services
from cases.decline_words import DECLINE_SENTENCES
from cases.models import Case, CasePicture, Escalation
from cases.services import claims, escalations, held, legal_holds, links, verdicts
from platforms.models import PlatformKey
from platforms.services import NewKey
from staff.services import AuditRow, HeldAction, User, verify_chain
from staff.services import held as held_actions
from tests.cases.desk import make_case
from tests.makers import make_user, signed_in
from tests.platforms.makers import vet

pytestmark = pytest.mark.django_db


def _to_decline(case: Case, by: User, now: datetime) -> None:
    held.ask_to_decline(case=case, by=by, decline_reason="not_intimate", why="a drawing", now=now)


def _to_restore(case: Case, by: User, now: datetime) -> None:
    picture_id = links.picture_ids(case)[0]
    verdicts.quarantine_picture(case=case, picture_id=picture_id, by=by, now=now)
    held.ask_to_restore(case=case, picture_id=picture_id, by=by, why="a mistake", now=now)


def _to_break_glass(case: Case, by: User, now: datetime) -> None:
    held.ask_to_break_glass(case=case, by=by, why="the school called", now=now)


def _to_disclose(case: Case, by: User, now: datetime) -> None:
    escalations.ask_for_disclosure(
        case=case, incident_type="enticement", told="He pays.", reason="urgent", is_test=False, by=by, now=now
    )


def _to_hold(case: Case, by: User, now: datetime) -> None:
    legal_holds.ask_for_hold(case=case, reason="a court asks", by=by, now=now)


def _to_end_hold(case: Case, by: User, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(legal_hold=True)
    legal_holds.ask_for_end(case=case, reason="it is over", by=by, now=now)


ASKED: dict[str, Callable[[Case, User, datetime], None]] = {
    held.DECLINE_THREAT: _to_decline,
    held.RESTORE_PICTURE: _to_restore,
    held.BREAK_GLASS: _to_break_glass,
    escalations.HELD_KIND: _to_disclose,
    legal_holds.BEGIN_KIND: _to_hold,
    legal_holds.END_KIND: _to_end_hold,
}


def _overtake(case: Case) -> None:
    """As if each of them had been done, or made impossible, in another way."""
    Case.objects.filter(pk=case.pk).update(
        status="withdrawn", withdrawal_effective_on=timezone.now().date(), legal_hold=not case.legal_hold
    )
    Escalation.objects.update(state="filed")


def _tear_up(case: Case) -> None:
    """What no code of ours does: rows that others stand on are gone."""
    Escalation.objects.all().delete()
    CasePicture.objects.all().delete()
    case.delete()


def _told(client: Client) -> str:
    waiting = HeldAction.objects.get()
    answer = client.post(f"/triage/held/{waiting.pk}/release/", follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.fixture
def second(senior: User) -> Client:
    return signed_in(Client(), senior)


@pytest.fixture
def who_asks(triager: User, liaison: User) -> dict[str, User]:
    """Who may ask for it."""
    by_triager = {held.DECLINE_THREAT, held.RESTORE_PICTURE, escalations.HELD_KIND}
    return {kind: triager if kind in by_triager else liaison for kind in ASKED}


def test_every_kind_is_tried_here() -> None:
    # What is asked about flags is tried where flags are, and so is what is asked about the list.
    kinds = {kind for kind in held_actions.kinds() if not kind.startswith(("flag.", "list."))}
    assert kinds == {*ASKED, platforms.services.FEED_GRANT}


@pytest.mark.parametrize("kind", ASKED)
def test_who_decides_can_read_what_it_is_about_and_others_get_no_address(
    kind: str, who_asks: dict[str, User], second: Client, auditor: User
) -> None:
    case = make_case(threatened=True)
    ASKED[kind](case, who_asks[kind], timezone.now())
    (waiting,) = second.get("/triage/held/").context["waiting"]
    assert str(case.pk) in waiting.page
    assert second.get(waiting.page).status_code == 200
    assert str(case.pk) not in signed_in(Client(), auditor).get("/triage/held/").content.decode()


def test_who_lets_a_case_be_declined_reads_what_she_will_read(triager: User, second: Client) -> None:
    _to_decline(make_case(threatened=True), triager, timezone.now())
    (waiting,) = second.get("/triage/held/").context["waiting"]
    assert str(DECLINE_SENTENCES["not_intimate"]) in waiting.what


@pytest.mark.parametrize("kind", ASKED)
def test_as_asked_for_it_is_done(kind: str, who_asks: dict[str, User], second: Client) -> None:
    case = make_case(threatened=True)
    ASKED[kind](case, who_asks[kind], timezone.now())
    assert _told(second) == "Done: it was approved."
    assert HeldAction.objects.get().state == "released"
    assert verify_chain() is None


@pytest.mark.parametrize("break_it", [_overtake, _tear_up])
@pytest.mark.parametrize("kind", [kind for kind in ASKED if kind != held.BREAK_GLASS])
def test_what_can_not_be_done_any_more_says_so_and_goes_on_waiting(
    kind: str, break_it: Callable[[Case], None], who_asks: dict[str, User], second: Client
) -> None:
    case = make_case(threatened=True)
    ASKED[kind](case, who_asks[kind], timezone.now())
    case.refresh_from_db()
    break_it(case)
    before = AuditRow.objects.count()

    told = _told(second)

    assert "still waits" in told or "refuse this" in told
    assert HeldAction.objects.get().state == "waiting"
    assert AuditRow.objects.count() == before
    assert verify_chain() is None


def test_whoever_asked_may_have_the_case_at_hand(triager: User, second: Client) -> None:
    case = make_case(threatened=True)
    now = timezone.now()
    claims.take_case(case=case, by=triager, now=now)
    _to_decline(case, triager, now)

    assert _told(second) == "Done: it was approved."
    assert Case.objects.get(pk=case.pk).status == "declined"


def test_what_a_third_person_works_on_is_left_and_the_second_is_told_whose_it_is(
    triager: User, second: Client
) -> None:
    case = make_case(threatened=True)
    now = timezone.now()
    _to_decline(case, triager, now)
    claims.take_case(case=case, by=make_user("theo", role="triager"), now=now + timedelta(seconds=1))

    assert "theo works on this case. It still waits" in _told(second)
    assert Case.objects.get(pk=case.pk).status == "received"


def test_a_platform_without_a_key_gets_no_feed(client: Client, platform: NewKey, now: datetime) -> None:
    asks, lets_go = (make_user(name, role="platform_manager") for name in ("petra", "pavel"))
    vet(platform)
    platforms.services.ask_for_feed(slug=platform.platform.slug, by=asks, reason="they follow", now=now)
    PlatformKey.objects.all().delete()

    assert "no living key" in _told(signed_in(client, lets_go))
    assert HeldAction.objects.get().state == "waiting"
