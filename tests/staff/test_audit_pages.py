"""The auditor finds what was done, and takes it along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from staff.models import AuditRow
from staff.services import User, record, verify_chain
from tests.makers import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/triage/audit/"


@pytest.fixture
def looking(client: Client, auditor: User) -> Client:
    return signed_in(client, auditor)


@pytest.fixture(autouse=True)
def _deeds(triager: User, senior: User, now: datetime) -> None:
    record(actor=triager, act="case.accept", on=senior, at=now, detail={"number": 4711})
    record(actor=senior, act="case.close", on=triager, at=now + timedelta(days=1))
    record(actor=senior, act="held.release", at=now + timedelta(days=2))


def found(client: Client, **search: object) -> list[str]:
    answer = client.get(PAGE, {name: str(value) for name, value in search.items()})
    assert answer.status_code == 200
    return [row.act for row in answer.context["page"].rows]


def test_the_newest_stands_on_top(looking: Client) -> None:
    assert found(looking) == ["held.release", "case.close", "case.accept"]


def test_it_is_searched_by_who_what_on_what_and_when(looking: Client, senior: User) -> None:
    assert found(looking, who="sena") == ["held.release", "case.close"]
    assert found(looking, act="case.") == ["case.close", "case.accept"]
    assert found(looking, act="case.close") == ["case.close"]
    assert found(looking, on=senior.pk) == ["case.accept"]
    assert found(looking, first="2026-11-24") == ["held.release", "case.close"]
    assert found(looking, last="2026-11-23") == ["case.accept"]
    assert found(looking, first="2026-11-24", last="2026-11-24", who="sena") == ["case.close"]
    assert found(looking, on="nothing") == []


def test_a_case_is_found_by_the_number_that_the_desk_says(
    looking: Client, senior: User, now: datetime
) -> None:
    AuditRow.objects.update(object_id="9941bd08-72ff-4ee8-bfa0-eab66fe13f50")
    record(actor=senior, act="case.note", on=senior, at=now)
    assert found(looking, on="9941bd08") == ["held.release", "case.close", "case.accept"]
    assert found(looking, on="9941bd0") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": "nobody"},
        {"first": "yesterday"},
        {"first": "2026-11-25", "last": "2026-11-24"},
        {"before": "-1"},
    ],
)
def test_a_search_that_makes_no_sense_says_so(looking: Client, wrong: dict[str, str]) -> None:
    answer = looking.get(PAGE, wrong)
    assert answer.status_code == 200
    assert answer.context["page"] is None
    assert answer.context["form"].errors


def test_pages_follow_each_other_without_a_gap_while_rows_are_added(
    looking: Client, senior: User, now: datetime
) -> None:
    for number in range(120):
        record(actor=senior, act=f"test.{number}", at=now)
    seen: list[int] = []
    address = PAGE + "?who=sena"
    while address:
        answer = looking.get(address)
        seen += [row.position for row in answer.context["page"].rows]
        record(actor=senior, act="test.meanwhile", at=now)
        address = PAGE + "?" + answer.context["older"] if "older" in answer.context else ""
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 122


def test_a_page_costs_the_same_however_long_the_chain(
    looking: Client, senior: User, now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(6):
        looking.get(PAGE)
    for number in range(80):
        record(actor=senior, act=f"test.{number}", at=now)
    with django_assert_num_queries(6):
        looking.get(PAGE)
    with django_assert_num_queries(7):
        looking.get(PAGE, {"who": "sena", "before": "70", "act": "test."})


def taken(client: Client, **search: str) -> list[dict[str, str]]:
    answer = client.post(f"{PAGE}export/", search)
    assert answer.status_code == 200
    assert answer.streaming
    assert "attachment" in answer.headers["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def test_what_is_taken_along_is_what_was_found_and_taking_it_is_a_row(
    looking: Client, auditor: User, triager: User
) -> None:
    rows = taken(looking, who="sena")
    assert [row["act"] for row in rows] == ["case.close", "held.release"]
    assert rows[0]["who"] == "sena"
    assert (rows[0]["kind"], rows[0]["object"]) == ("staff.user", str(triager.pk))
    last = AuditRow.objects.order_by("-position")[0]
    assert (last.actor, last.act, last.detail) == (auditor, "audit.export", {"who": "sena"})
    assert verify_chain() is None


def test_a_whole_export_carries_the_hashes_and_its_own_row(looking: Client) -> None:
    rows = taken(looking)
    assert [row["act"] for row in rows] == ["case.accept", "case.close", "held.release", "audit.export"]
    assert [row["previous_hash"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]


def test_a_cell_is_never_a_formula(looking: Client, senior: User, now: datetime) -> None:
    record(actor=senior, act="=HYPERLINK(1)", at=now)
    assert taken(looking, act="=HYPER")[0]["act"] == "'=HYPERLINK(1)"


def test_looking_at_the_address_of_the_export_takes_nothing(looking: Client) -> None:
    assert looking.get(f"{PAGE}export/").status_code == 405
    assert not AuditRow.objects.filter(act="audit.export").exists()


def test_a_wrong_search_is_not_exported(looking: Client) -> None:
    assert looking.post(f"{PAGE}export/", {"who": "nobody"}).status_code == 400
    assert not AuditRow.objects.filter(act="audit.export").exists()
