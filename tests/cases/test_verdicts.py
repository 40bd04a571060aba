from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import hashes.services
import staff.services
from cases import policy
from cases.errors import (
    CaseMovedOn,
    MoveNotAllowed,
    NoSuchPicture,
    ReasonMissing,
    TakenBySomebody,
    TakesTwoPeople,
    TooMuchAtOnce,
    UndoTooLate,
)
from cases.models import Case, Clock
from cases.services import claims, held, links, undo, verdicts
from cases.services.undo import Undoable
from cases.services.verdicts import Done
from hashes.models import Entry, FeedChange, Picture
from staff.errors import HeldMovedOn, OwnActionNotReleasable
from staff.services import HeldAction, User
from tests.cases.desk import NOW, kinds, make_case

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=20)


def decline(**to: Any) -> Done:
    return verdicts.decline_case(reason="not_intimate", **to)


@pytest.mark.parametrize(
    ("verb", "before", "after", "event"),
    [
        (verdicts.accept_case, "received", "open", "accepted"),
        (verdicts.ask_reporter, "received", "open", "asked"),
        (decline, "open", "declined", "declined"),
        (verdicts.escalate_case, "open", "open", "escalated"),
        (verdicts.close_case, "open", "closed", "closed"),
        (verdicts.reopen_case, "closed", "open", "reopened"),
    ],
)
def test_a_verdict_is_a_status_an_event_and_an_audit_row(
    triager: User, verb: Callable[..., Done], before: str, after: str, event: str
) -> None:
    case = _case(before)

    verb(case=case, by=triager, now=NOW)

    case.refresh_from_db()
    assert case.status == after
    assert kinds(case)[-1] == event
    assert case.events.latest("pk").by == triager
    row = staff.services.audit_of(case).filter(act__startswith="case.")[0]
    assert (row.actor, row.at, row.detail["was"]) == (triager, NOW, before)


def test_no_verb_can_be_told_to_a_case_that_is_withdrawn(triager: User) -> None:
    assert policy.allowed("withdrawn") == frozenset()
    case = _case("received")
    Case.objects.filter(pk=case.pk).update(status="withdrawn", withdrawal_effective_on=NOW.date())
    case.refresh_from_db()
    with pytest.raises(MoveNotAllowed):
        verdicts.accept_case(case=case, by=triager, now=NOW)


def test_the_second_triager_is_told_who_was_first_and_when(triager: User, senior: User) -> None:
    opened_by_both = make_case()
    theirs, ours = Case.objects.get(pk=opened_by_both.pk), Case.objects.get(pk=opened_by_both.pk)
    verdicts.close_case(case=verdicts.accept_case(case=theirs, by=triager, now=NOW).case, by=triager, now=NOW)

    with pytest.raises(CaseMovedOn) as told:
        verdicts.accept_case(case=ours, by=senior, now=SOON)

    assert (told.value.by, told.value.at) == (triager.username, NOW)
    assert kinds(opened_by_both) == ["received", "accepted", "closed"]


def test_a_page_that_is_stale_does_nothing_even_where_the_status_still_fits(
    triager: User, senior: User
) -> None:
    case = _case("open")
    seen = verdicts.last_event_id(case)
    claims.take_case(case=case, by=triager, now=NOW)
    verdicts.ask_reporter(case=case, by=triager, now=NOW)
    claims.give_back(case=case, by=triager, now=NOW)
    case.refresh_from_db()

    with pytest.raises(CaseMovedOn):
        verdicts.close_case(case=case, by=senior, now=SOON, seen=seen)

    case.refresh_from_db()
    assert (case.status, kinds(case)[-1]) == ("open", "asked")


def test_a_double_click_asks_once(triager: User) -> None:
    case = _case("open")
    seen = verdicts.last_event_id(case)
    verdicts.ask_reporter(case=case, by=triager, now=NOW, seen=seen)

    with pytest.raises(CaseMovedOn):
        verdicts.ask_reporter(case=case, by=triager, now=NOW, seen=seen)
    assert kinds(case).count("asked") == 1


def test_what_the_reporter_or_a_clock_did_meanwhile_makes_no_page_stale(triager: User) -> None:
    case = make_case()
    seen = verdicts.last_event_id(case)
    case.events.create(kind="limit_passed", happened_on=NOW.date())
    case.events.create(kind="media_added", happened_on=NOW.date())

    verdicts.accept_case(case=case, by=triager, now=NOW, seen=seen)


def test_nobody_decides_about_what_somebody_else_works_on(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    with pytest.raises(TakenBySomebody):
        verdicts.accept_case(case=case, by=senior, now=SOON)
    assert Case.objects.get(pk=case.pk).status == "received"


@pytest.mark.parametrize("breaks", ["record", "take_off"])
def test_nothing_is_half_done_when_a_part_fails(
    triager: User, monkeypatch: pytest.MonkeyPatch, breaks: str
) -> None:
    case = make_case()

    def fails(**_: Any) -> None:
        raise RuntimeError("the process dies here")

    if breaks == "record":
        monkeypatch.setattr(staff.services, "record", fails)
    else:
        monkeypatch.setattr(hashes.services, "take_off_pictures", fails)
    with pytest.raises(RuntimeError):
        decline(case=case, by=triager, now=NOW)

    assert Case.objects.get(pk=case.pk).status == "received"
    assert kinds(case) == ["received"]
    assert not FeedChange.objects.filter(change="withdrawn").exists()
    assert not list(staff.services.audit_of(case))


def test_declining_takes_its_fingerprints_off_the_list_and_says_why(triager: User) -> None:
    case, other = make_case(), make_case()

    decline(case=case, by=triager, now=NOW)

    assert _listed(case) == 0
    assert _listed(other) == 4
    assert FeedChange.objects.filter(change="withdrawn").count() == 4
    assert Case.objects.get(pk=case.pk).decline_reason == "not_intimate"
    assert not Clock.objects.filter(case=case, kind__in=["push", "acknowledge", "first_look"]).exists()
    with pytest.raises(ReasonMissing):
        verdicts.decline_case(case=other, by=triager, reason="because", now=NOW)


def test_declining_with_a_threat_takes_two_people(triager: User, senior: User) -> None:
    case = make_case(threatened=True)
    with pytest.raises(TakesTwoPeople):
        decline(case=case, by=triager, now=NOW)
    assert Case.objects.get(pk=case.pk).status == "received"

    waiting = held.ask_to_decline(
        case=case, by=senior, decline_reason="not_intimate", why="it is a drawing", now=NOW
    )
    with pytest.raises(OwnActionNotReleasable):
        staff.services.release(held=waiting, by=senior, now=NOW)
    other_senior = User.objects.create_user("sasha", role="senior")
    staff.services.release(held=waiting, by=other_senior, now=NOW)

    assert Case.objects.get(pk=case.pk).status == "declined"
    assert _listed(case) == 0


def test_a_held_decline_of_a_case_that_moved_on_does_nothing(triager: User, senior: User) -> None:
    case = make_case(deadline="today")
    waiting = held.ask_to_decline(
        case=case, by=triager, decline_reason="not_intimate", why="a drawing", now=NOW
    )
    verdicts.close_case(case=verdicts.accept_case(case=case, by=triager, now=NOW).case, by=triager, now=NOW)

    with pytest.raises(HeldMovedOn) as told:
        staff.services.release(held=waiting, by=senior, now=NOW)

    assert told.value.by == triager.username
    assert HeldAction.objects.get(pk=waiting.pk).state == "waiting"
    assert _listed(case) == 4


def test_a_quarantined_picture_leaves_the_feed_and_two_people_bring_it_back_as_new_entries(
    triager: User, senior: User
) -> None:
    case = make_case()
    picture_id = links.picture_ids(case)[0]
    before = set(_entries(case, status="listed"))
    verdicts.quarantine_picture(case=case, picture_id=picture_id, by=triager, now=NOW)
    assert _listed(case) == 0
    assert Picture.objects.get(pk=picture_id).status == "quarantined"
    assert FeedChange.objects.filter(change="withdrawn", entry__in=before).count() == len(before)

    with pytest.raises(CaseMovedOn):
        verdicts.quarantine_picture(case=case, picture_id=picture_id, by=triager, now=NOW)
    waiting = held.ask_to_restore(case=case, picture_id=picture_id, by=triager, why="a mistake", now=NOW)
    assert _listed(case) == 0
    staff.services.release(held=waiting, by=senior, now=NOW)

    again = set(_entries(case, status="listed"))
    assert len(again) == len(before)
    assert not again & before
    assert FeedChange.objects.filter(change="added", entry__in=again).count() == len(again)
    assert kinds(case)[-2:] == ["quarantined", "restored"]


def test_only_the_cases_own_pictures_are_touched(triager: User) -> None:
    case, other = make_case(), make_case()
    theirs = links.picture_ids(other)[0]
    with pytest.raises(NoSuchPicture):
        verdicts.quarantine_picture(case=case, picture_id=theirs, by=triager, now=NOW)
    with pytest.raises(NoSuchPicture):
        held.ask_to_restore(case=case, picture_id=links.picture_ids(case)[0], by=triager, why="x", now=NOW)
    assert _listed(other) == 4


def test_declining_and_reopening_is_no_way_around_the_second_person(triager: User) -> None:
    case = make_case()
    picture_id = links.picture_ids(case)[0]
    verdicts.quarantine_picture(case=case, picture_id=picture_id, by=triager, now=NOW)
    done = decline(case=case, by=triager, now=NOW)
    verdicts.reopen_case(case=done.case, by=triager, now=NOW)

    assert Picture.objects.get(pk=picture_id).status == "quarantined"
    assert _listed(case) == 0


def test_accepting_releases_what_was_held_back(triager: User, settings: Any) -> None:
    settings.RELEASE_AT_ONCE = False
    case = make_case()
    assert _listed(case) == 0

    done = verdicts.accept_case(case=case, by=triager, now=NOW)

    assert _listed(case) == 4
    assert case.clocks.filter(kind="push").exists()
    # Platforms have seen it, so it can't be made undone.
    assert not undo.can_be_undone(done)


def test_escalating_hands_the_case_to_the_liaison(triager: User, liaison: User) -> None:
    case = _case("open")
    claims.take_case(case=case, by=triager, now=NOW)
    verdicts.escalate_case(case=case, by=triager, now=NOW)

    claims.take_case(case=case, by=liaison, now=NOW)


def test_a_withdrawal_on_her_behalf_waits_as_hers_does(senior: User, settings: Any) -> None:
    settings.WITHDRAWAL_DELAY_HOURS = 24
    case = _case("open")
    verdicts.withdraw_on_behalf(case=case, by=senior, now=NOW)

    case.refresh_from_db()
    assert (case.status, case.withdrawal_effective_on) == ("open", (NOW + timedelta(days=1)).date())
    assert case.events.latest("pk").by == senior
    with pytest.raises(CaseMovedOn):
        verdicts.withdraw_on_behalf(case=case, by=senior, now=NOW)


@pytest.mark.parametrize(
    ("verb", "before"),
    [
        (verdicts.accept_case, "received"),
        (verdicts.ask_reporter, "received"),
        (decline, "received"),
        (verdicts.close_case, "open"),
        (verdicts.reopen_case, "closed"),
    ],
)
def test_what_can_be_undone_is_as_it_was(triager: User, verb: Callable[..., Done], before: str) -> None:
    case = _case(before)
    listed = _listed(case)
    done = verb(case=case, by=triager, now=NOW)

    undo.undo(what=Undoable.of(done), given_at=NOW, by=triager, now=SOON)

    case.refresh_from_db()
    assert (case.status, case.awaits_reporter, case.decline_reason) == (before, False, "")
    assert _listed(case) == listed
    assert kinds(case)[-1] == "undone"


def test_undoing_is_for_the_same_person_within_half_a_minute_and_once(triager: User, senior: User) -> None:
    case = make_case()
    what = Undoable.of(verdicts.accept_case(case=case, by=triager, now=NOW))

    for by, now in [(senior, SOON), (triager, NOW + timedelta(seconds=31))]:
        with pytest.raises(UndoTooLate):
            undo.undo(what=what, given_at=NOW, by=by, now=now)
    undo.undo(what=what, given_at=NOW, by=triager, now=SOON)
    with pytest.raises(UndoTooLate):
        undo.undo(what=what, given_at=NOW, by=triager, now=SOON)


def test_nothing_is_undone_over_what_somebody_did_since(triager: User) -> None:
    case = make_case()
    done = verdicts.accept_case(case=case, by=triager, now=NOW)
    verdicts.close_case(case=done.case, by=triager, now=NOW)

    with pytest.raises(UndoTooLate):
        undo.undo(what=Undoable.of(done), given_at=NOW, by=triager, now=SOON)
    assert Case.objects.get(pk=case.pk).status == "closed"


def test_who_comes_too_late_to_take_back_is_told_who_did_something_since(triager: User, senior: User) -> None:
    case = make_case()
    done = verdicts.accept_case(case=case, by=triager, now=NOW)
    verdicts.close_case(case=done.case, by=senior, now=SOON)

    with pytest.raises(CaseMovedOn) as told:
        undo.undo(what=Undoable.of(done), given_at=NOW, by=triager, now=SOON)
    assert (told.value.by, told.value.at) == (senior.username, SOON)


def test_of_many_those_that_moved_on_are_left(triager: User, senior: User) -> None:
    cases = [make_case() for _ in range(4)]
    claims.take_case(case=cases[0], by=senior, now=NOW)
    Case.objects.filter(pk=cases[1].pk).update(status="closed")

    result = undo.do_to_many(verb="accept", case_ids=[case.pk for case in cases], by=triager, now=NOW)

    assert {done.case for done in result.done} == set(cases[2:])
    assert set(result.passed_over) == {cases[0].pk, cases[1].pk}


def test_only_what_can_be_undone_is_done_to_many_and_to_a_hundred_at_most(triager: User) -> None:
    case = make_case()
    for verb, count in [("decline", 1), ("escalate", 1), ("accept", 101), ("accept", 0)]:
        with pytest.raises(TooMuchAtOnce):
            undo.do_to_many(verb=verb, case_ids=[case.pk] * count, by=triager, now=NOW)


def test_break_glass_reading_lasts_an_hour_for_who_asked(senior: User, liaison: User) -> None:
    case = make_case()
    waiting = held.ask_to_break_glass(case=case, by=liaison, why="she called us", now=NOW)
    assert held.behind_glass_until(case=case, by=liaison, now=NOW) is None

    staff.services.release(held=waiting, by=senior, now=NOW)

    an_hour_on = NOW + timedelta(hours=1)
    assert held.behind_glass_until(case=case, by=liaison, now=SOON) == an_hour_on
    assert held.behind_glass_until(case=case, by=liaison, now=an_hour_on) is None
    assert held.behind_glass_until(case=case, by=senior, now=SOON) is None
    assert held.behind_glass_until(case=make_case(), by=liaison, now=SOON) is None


def test_who_changed_roles_meanwhile_reads_nothing_behind_glass(senior: User, liaison: User) -> None:
    case = make_case()
    waiting = held.ask_to_break_glass(case=case, by=liaison, why="she called us", now=NOW)
    staff.services.release(held=waiting, by=senior, now=NOW)
    liaison.role = "triager"
    liaison.save()

    assert held.behind_glass_until(case=case, by=liaison, now=SOON) is None


def _case(status: str) -> Case:
    case = make_case()
    Case.objects.filter(pk=case.pk).update(status=status)
    case.refresh_from_db()
    return case


def _entries(case: Case, *, status: str) -> list[Any]:
    entries = Entry.objects.filter(picture__in=links.picture_ids(case), status=status)
    return list(entries.values_list("pk", flat=True))


def _listed(case: Case) -> int:
    return len(_entries(case, status="listed"))
