"""Where copies are, and her leave to sign for her."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from cases.models import Case, Location
from cases.services.case_keys import case_key_for_team, open_sealed
from platforms.services import NewKey
from tests.cases.reporter import Reporter, fields, new_key, told

pytestmark = pytest.mark.django_db
WHERE = "https://loop.example/p/8361?u=somebody"


def test_a_place_is_kept_sealed_with_its_platform_and_her_tick(reporter: Reporter, platform: NewKey) -> None:
    code = reporter.code()
    answer = reporter.tell(
        code,
        {"platform": "loopfeed", "where": WHERE},
        {"platform": None, "where": "a group"},
        authorised=True,
    )

    assert answer.status_code == 201, answer.content
    assert told(answer)["locations"] == {"count": 2, "authorised": True}
    assert set(told(answer)) == set(told(reporter.status(code)))
    first, second = Location.objects.order_by("id")
    assert (first.platform_id, second.platform_id) == (platform.platform.pk, None)
    assert WHERE.encode() not in bytes(first.sealed_where)
    assert open_sealed(bytes(first.sealed_where), case_key=case_key_for_team(first.case)) == WHERE


def test_her_tick_is_her_present_word(reporter: Reporter) -> None:
    code = reporter.code()
    reporter.tell(code, {"platform": None, "where": WHERE})
    assert told(reporter.status(code))["locations"] == {"count": 1, "authorised": False}

    reporter.tell(code, authorised=True)
    assert [one.is_authorised for one in Location.objects.all()] == [True]
    reporter.tell(code, authorised=False)
    assert [one.is_authorised for one in Location.objects.all()] == [False]


def test_a_tick_without_a_place_is_named(reporter: Reporter) -> None:
    answer = reporter.tell(reporter.code(), authorised=True)
    assert answer.status_code == 400
    assert fields(answer) == ["locations"]


@pytest.mark.parametrize(
    ("places", "named"),
    [
        ([{"platform": "nobody", "where": "x"}], "locations"),
        ([{"platform": None, "where": ""}], "locations.0.where"),
        ([{"platform": None, "where": "x" * 501}], "locations.0.where"),
        ([{"platform": None, "where": "a\x07b"}], "locations.0.where"),
        ([{"platform": None}], "locations.0.where"),
        ([{"platform": None, "where": "x", "name": "y"}], "locations.0.name"),
        ([{"platform": None, "where": "x"}] * 21, "locations"),
        ("x", "locations"),
    ],
)
def test_what_can_not_be_a_place_is_named(reporter: Reporter, places: Any, named: str) -> None:
    body = {"access_code": reporter.code(), "locations": places, "authorised": False}
    answer = reporter.post("locations/", body, **{"Idempotency-Key": new_key()})

    assert answer.status_code == 400
    assert [field.replace("[", ".").replace("]", "") for field in fields(answer)] == [named]
    assert Location.objects.count() == 0


def test_the_same_request_counts_once(reporter: Reporter) -> None:
    code, key = reporter.code(), new_key()
    answers = [
        reporter.tell(code, {"platform": None, "where": where}, key=key).status_code for where in "aab"
    ]
    assert answers == [201, 201, 409]
    assert Location.objects.count() == 1


def test_a_report_holds_so_many_places(reporter: Reporter, settings: Settings) -> None:
    settings.LOCATIONS_PER_CASE = 2
    code, place = reporter.code(), {"platform": None, "where": "x"}
    assert [reporter.tell(code, place, place).status_code, reporter.tell(code, place).status_code] == [
        201,
        400,
    ]


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_a_report_that_is_over_takes_no_place(reporter: Reporter, status: str) -> None:
    code = reporter.code()
    Case.objects.update(status=status, withdrawal_effective_on=date(2026, 11, 1))
    assert reporter.tell(code, {"platform": None, "where": "x"}).status_code == 409


def test_without_an_idempotency_key_the_header_is_named(reporter: Reporter) -> None:
    answer = reporter.post(
        "locations/", {"access_code": reporter.code(), "locations": [], "authorised": True}
    )
    assert fields(answer) == ["Idempotency-Key"]
