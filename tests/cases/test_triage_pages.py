from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import staff.services
from cases.models import Case, Note
from cases.services import claims, links, verdicts
from platforms.services import NewKey
from staff.services import HeldAction, User
from tests.cases.desk import kinds, make_case, make_new_picture
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, triager: User) -> Client:
    return signed_in(client, triager)


def test_the_queue_leads_to_its_cases(desk: Client) -> None:
    case = make_case(in_danger=True)
    page = desk.get("/triage/").content.decode()
    assert f"/triage/{case.pk}/" in page
    assert "Says she is in danger" in page


def test_an_empty_queue_and_an_empty_filter_say_so_differently(desk: Client) -> None:
    assert "Nothing waits" in desk.get("/triage/").content.decode()
    assert "No case fits these filters" in desk.get("/triage/?risk=danger").content.decode()


@pytest.mark.parametrize("query", ["risk=x&state=y", "after=nonsense", "platform=none", "find=zzzz"])
def test_an_address_that_somebody_changed_breaks_nothing(desk: Client, query: str) -> None:
    make_case()
    assert desk.get(f"/triage/?{query}", follow=True).status_code == 200


def test_searching_leads_to_the_case(desk: Client) -> None:
    case = make_case()
    for text in (case.pk.hex[:8], case.selector):
        assert desk.get("/triage/", {"find": text}).headers["Location"] == f"/triage/{case.pk}/"


def test_the_case_page_shows_facts_and_never_her_secrets(desk: Client, platform: NewKey) -> None:
    case = make_case(age_band="under_13", platform_ids=[platform.platform.pk])
    page = desk.get(f"/triage/{case.pk}/").content.decode()
    for words in ("Under 13", "Loopfeed", "original", "Report received", case.selector):
        assert words in page
    assert bytes(case.verifier).hex() not in page
    assert bytes(case.salt).hex() not in page


def test_the_case_page_takes_the_same_queries_however_much_there_is(desk: Client, triager: User) -> None:
    small = make_case()
    large = make_case(pictures=[make_new_picture() for _ in range(12)])
    for _ in range(6):
        claims.take_case(case=large, by=triager, now=timezone.now())
        large.events.create(kind="asked", by=triager, happened_on=timezone.now().date())
        assert desk.post(f"/triage/{large.pk}/notes/", {"text": "a note"}).status_code == 302
    claims.take_case(case=small, by=triager, now=timezone.now())
    desk.post(f"/triage/{small.pk}/notes/", {"text": "a note"})
    desk.get(f"/triage/{small.pk}/")
    counts = []
    for case in (small, large):
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(f"/triage/{case.pk}/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] < 60


def test_a_verdict_that_came_second_says_who_was_first(desk: Client, senior: User) -> None:
    case = make_case()
    seen = verdicts.last_event_id(case)
    verdicts.accept_case(case=case, by=senior, now=timezone.now())

    answer = desk.post(f"/triage/{case.pk}/accept/", {"seen": seen})

    assert answer.status_code == 409
    assert f"{senior.username} was first, at " in answer.content.decode()


def test_a_double_click_accepts_once(desk: Client) -> None:
    case = make_case()
    seen = verdicts.last_event_id(case)
    first = desk.post(f"/triage/{case.pk}/accept/", {"seen": seen})
    second = desk.post(f"/triage/{case.pk}/accept/", {"seen": seen})
    assert (first.status_code, second.status_code) == (302, 409)
    assert kinds(case) == ["received", "accepted"]


def test_a_verdict_can_be_taken_back_from_the_next_page(desk: Client) -> None:
    case = make_case()
    answer = desk.post(f"/triage/{case.pk}/accept/", {"next": "1"}, follow=True)
    assert "can be taken back" in answer.content.decode()

    assert desk.post("/triage/undo/").status_code == 302
    assert Case.objects.get(pk=case.pk).status == "received"
    assert desk.post("/triage/undo/").status_code == 409


def test_submit_and_next_goes_to_the_most_urgent_case_that_is_free(desk: Client, senior: User) -> None:
    case, usual = make_case(), make_case()
    taken = make_case(in_danger=True)
    claims.take_case(case=taken, by=senior, now=timezone.now())
    answer = desk.post(f"/triage/{case.pk}/accept/", {"next": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/triage/{usual.pk}/"


def test_declining_a_threatened_case_waits_for_a_second_person(desk: Client) -> None:
    case = make_case(threatened=True)
    without_why = desk.post(f"/triage/{case.pk}/decline/", {"reason": "not_intimate"})
    assert without_why.status_code == 409
    assert not HeldAction.objects.exists()

    desk.post(f"/triage/{case.pk}/decline/", {"reason": "not_intimate", "why": "a drawing"})

    assert HeldAction.objects.get().object_id == str(case.pk)
    assert Case.objects.get(pk=case.pk).status == "received"
    assert "Waits for a second person" in desk.get(f"/triage/{case.pk}/").content.decode()


def test_quarantine_and_restore_have_addresses_of_their_own(desk: Client) -> None:
    case = make_case()
    picture = links.picture_ids(case)[0]
    assert desk.post(f"/triage/{case.pk}/pictures/{picture}/quarantine/").status_code == 302
    assert desk.post(f"/triage/{case.pk}/pictures/{uuid4()}/quarantine/").status_code == 409
    assert desk.post(f"/triage/{case.pk}/pictures/{picture}/restore/", {"why": "x"}).status_code == 302
    assert HeldAction.objects.get().object_id == str(picture)


def test_many_are_shown_before_they_are_changed_and_can_be_taken_back(desk: Client) -> None:
    cases = [make_case(posted="yes") for _ in range(3)]
    chosen = {"case": [str(case.pk) for case in cases]}

    look = desk.post("/triage/many/accept/look/", chosen)
    assert look.content.decode().count("Already posted") == 3
    assert not Case.objects.filter(status="open").exists()

    desk.post("/triage/many/accept/", chosen)
    assert Case.objects.filter(status="open").count() == 3
    desk.post("/triage/undo/")
    assert Case.objects.filter(status="received").count() == 3


def test_of_many_that_are_taken_back_one_that_moved_on_is_left_and_counted(
    desk: Client, senior: User
) -> None:
    cases = [make_case() for _ in range(3)]
    desk.post("/triage/many/accept/", {"case": [str(case.pk) for case in cases]})
    cases[1].refresh_from_db()
    verdicts.close_case(case=cases[1], by=senior, now=timezone.now())

    page = desk.post("/triage/undo/", follow=True).content.decode()

    assert "2 cases taken back." in page
    assert "1 had moved on and was left." in page
    assert sorted(Case.objects.values_list("status", flat=True)) == ["closed", "received", "received"]


@pytest.mark.parametrize("chosen", [[], ["nonsense"], [str(uuid4()) for _ in range(101)]])
def test_none_and_too_many_are_refused(desk: Client, chosen: list[str]) -> None:
    assert desk.post("/triage/many/accept/", {"case": chosen}).status_code == 409


def test_a_note_is_readable_here_and_nowhere_in_the_database(desk: Client, triager: User) -> None:
    case = make_case()
    desk.post(f"/triage/{case.pk}/notes/", {"text": "the school nurse called"})
    assert b"nurse" not in bytes(Note.objects.get().sealed_text)
    assert "the school nurse called" in desk.get(f"/triage/{case.pk}/").content.decode()
    row = staff.services.audit_of(case).latest("position")
    assert (row.act, row.actor) == ("case.note", triager)
    assert "nurse" not in str(row.detail)


def test_reading_on_keeps_the_lease_only_where_somebody_works(desk: Client, triager: User) -> None:
    case = make_case()
    taken = claims.take_case(case=case, by=triager, now=timezone.now())
    before = taken.expires_at
    desk.post(f"/triage/{case.pk}/still-here/")
    taken.refresh_from_db()
    assert taken.expires_at == before
    desk.post(f"/triage/{case.pk}/still-here/", {"active": "1"})
    taken.refresh_from_db()
    assert before is not None
    assert taken.expires_at is not None
    assert taken.expires_at > before


def test_a_case_is_held_handed_over_and_given_back(desk: Client, senior: User) -> None:
    case = make_case()
    assert desk.post(f"/triage/{case.pk}/hold/", {"hours": 2, "reason": "help"}).status_code == 409
    desk.post(f"/triage/{case.pk}/claim/")
    desk.post(f"/triage/{case.pk}/hold/", {"hours": 2, "reason": "help is coming"})
    assert "help is coming" in desk.get("/triage/").content.decode()
    desk.post(f"/triage/{case.pk}/hand-over/", {"to": f"person:{senior.username}"})
    assert senior.username in desk.get(f"/triage/{case.pk}/").content.decode()
    assert desk.post(f"/triage/{case.pk}/give-back/").status_code == 409


def test_one_switch_turns_the_shortcuts_off(desk: Client, triager: User) -> None:
    assert "data-shortcuts" in desk.get("/triage/").content.decode()
    desk.post("/triage/shortcuts/off/")
    triager.refresh_from_db()
    assert not triager.uses_shortcuts
    assert "data-shortcuts" not in desk.get("/triage/").content.decode()


def test_looking_changes_nothing(desk: Client) -> None:
    case = make_case()
    before = list(Case.objects.values())
    desk.get("/triage/")
    desk.get(f"/triage/{case.pk}/")
    assert list(Case.objects.values()) == before
    assert kinds(case) == ["received"]
    assert not list(staff.services.audit_of(case))


def test_an_unknown_case_is_not_found(desk: Client) -> None:
    assert desk.get(f"/triage/{uuid4()}/").status_code == 404
    assert desk.post(f"/triage/{uuid4()}/accept/").status_code == 404
