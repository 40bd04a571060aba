from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Claim, Clock
from cases.services import claims, queue
from cases.services.queue import Filters, Line, Place
from platforms.services import NewKey
from staff.services import User
from tests.cases.desk import NOW, make_case

pytestmark = pytest.mark.django_db


def test_the_most_urgent_case_is_on_top_and_says_why(triager: User) -> None:
    usual = make_case()
    posted = make_case(posted="yes")
    danger = make_case(in_danger=True, age_band="under_13")
    late = make_case()
    Clock.objects.filter(case=late, kind="first_look").update(is_broken=True)
    Case.objects.filter(pk=late.pk).update(is_overdue=True)

    lines = _page(triager)

    assert [line.case for line in lines] == [late, danger, posted, usual]
    assert [line.why for line in lines] == [
        "Nobody has looked in time",
        "Says she is in danger, under 13",
        "Already posted",
        "In the order of arrival",
    ]


def test_of_equals_the_oldest_is_first(triager: User) -> None:
    younger = make_case()
    older = make_case(now=NOW - timedelta(days=2))

    assert [line.case for line in _page(triager)] == [older, younger]


def test_the_time_left_is_said_in_words(triager: User) -> None:
    make_case(in_danger=True)
    Clock.objects.filter(kind="push").delete()

    clock = _page(triager)[0].clock

    assert clock is not None
    assert (clock.words, clock.tone, clock.name) == ("1 hour left", "enough", "First look")


def test_what_is_decided_is_not_in_the_queue(triager: User) -> None:
    cases = [make_case() for _ in range(3)]
    Case.objects.filter(pk=cases[0].pk).update(status="closed")
    Case.objects.filter(pk=cases[1].pk).update(status="open")

    assert {line.case for line in _page(triager)} == set(cases[1:])


def test_turning_pages_shows_every_case_once_whatever_leaves_meanwhile(
    triager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE", 4)
    chance = random.Random(7)  # noqa: S311 - The same order each time.
    cases = [make_case(now=NOW - timedelta(days=chance.randrange(2))) for _ in range(23)]
    for case in cases:
        Case.objects.filter(pk=case.pk).update(
            is_overdue=chance.random() < 0.4, risk=chance.choice([0, 120, 600])
        )
    seen: list[Case] = []
    after: Place | None = None
    while True:
        page = queue.queue_page(filters=Filters(), after=after, seen_by=triager, now=NOW)
        seen += [line.case for line in page.lines]
        if page.after is None:
            break
        # What was just shown is declined by somebody; nothing behind it moves up past us.
        Case.objects.filter(pk=page.lines[0].case.pk).update(status="declined")
        after = Place.read(str(page.after))

    assert len(seen) == len(set(seen)) == 23
    assert seen == sorted(
        seen, key=lambda case: (not case.is_overdue, -case.risk, case.received_on, case.pk.hex)
    )


@pytest.mark.parametrize("text", ["", "1.2.3", "x.y.z.w", "1.5.20261123.zz", "1.5.20269923." + "0" * 32])
def test_a_place_that_somebody_changed_is_no_place(text: str) -> None:
    assert Place.read(text) is None


def test_each_filter_lets_through_what_it_names(triager: User, senior: User, platform: NewKey) -> None:
    mine = make_case(in_danger=True, language="es", platform_ids=[platform.platform.pk])
    claims.take_case(case=mine, by=triager, now=NOW)
    handed = make_case()
    claims.hand_over(case=handed, by=senior, role="triager", now=NOW)
    asked = make_case()
    Case.objects.filter(pk=asked.pk).update(status="open", awaits_reporter=True, is_overdue=True)
    closed = make_case()
    Case.objects.filter(pk=closed.pk).update(status="closed")

    def shown(**filters: str) -> set[Case]:
        return {line.case for line in _page(triager, **filters)}

    assert shown(state="received") == {mine, handed}
    assert shown(state="asked") == {asked}
    assert shown(state="closed") == {closed}
    assert shown(risk="danger") == {mine}
    assert shown(risk="usual") == {handed, asked}
    assert shown(platform="loopfeed") == {mine}
    assert shown(clock="late") == {asked}
    assert shown(clock="first_look") == {handed, asked}
    assert shown(assignee="me") == shown(assignee=triager.username) == {mine}
    assert shown(assignee="nobody") == {asked}
    assert shown(assignee="role") == {handed}
    assert shown(language="es") == {mine}
    assert shown(language="es", state="open") == set()


def test_a_lease_that_ran_out_gives_the_case_back_for_all_to_see(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)
    later = NOW + timedelta(minutes=11)

    line = queue.queue_page(filters=Filters(assignee="nobody"), after=None, seen_by=senior, now=later).lines[
        0
    ]

    assert (line.claim.state, line.claim.who) == ("lapsed", triager.username)


def test_a_case_is_found_by_its_number_and_by_how_its_code_begins() -> None:
    case = make_case()
    for _ in range(3):
        make_case()

    assert queue.find_case(text=case.pk.hex[:8]) == case
    assert queue.find_case(text=f" #{case.pk.hex[:8].upper()} ") == case
    assert queue.find_case(text=case.selector.lower()) == case
    assert queue.find_case(text="00000000" if case.pk.hex[:8] != "00000000" else "11111111") is None
    assert queue.find_case(text="") is None


def test_a_page_takes_the_same_queries_however_many_wait(triager: User) -> None:
    for _ in range(2):
        make_case()
    few = _queries(triager)
    for _ in range(20):
        claims.take_case(case=make_case(), by=triager, now=NOW)

    assert _queries(triager) == few <= 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's way of telling its plan")
def test_every_range_of_a_page_is_read_from_the_queues_index() -> None:
    place = Place(is_overdue=True, risk=5, received_on=NOW.date(), id=make_case().pk)
    ranges = [queue._ranges(None), queue._ranges(place)]
    for within in [one for some in ranges for one in some]:
        cases = queue.waiting().filter(within)
        plan = cases.order_by("-is_overdue", "-risk", "received_on", "id")[:26].explain()
        assert "case_queue" in plan
        assert "TEMP B-TREE" not in plan


def test_a_lost_claim_row_is_a_free_case(triager: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)
    Claim.objects.all().delete()

    assert _page(triager)[0].claim.state == "free"


def _page(seen_by: User, **filters: str) -> list[Line]:
    return list(queue.queue_page(filters=Filters(**filters), after=None, seen_by=seen_by, now=NOW).lines)


def _queries(seen_by: User) -> int:
    with CaptureQueriesContext(connection) as caught:
        _page(seen_by)
    return len(caught)
