from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from hashes.models import Entry, Feedback
from hashes.services import publish, withdraw_pictures
from platforms.services import NewKey
from tests.makers import client_of, make_picture

FEEDBACK = "/api/v1/feedback/"


@pytest.fixture
def entry(db: None, now: datetime) -> str:  # noqa: ARG001 - It stands in the database.
    picture = make_picture()
    publish(now=now)
    return str(Entry.objects.filter(picture=picture)[0].pk)


def test_feedback_is_kept_and_the_same_again_is_not(platform: NewKey, entry: str) -> None:
    client = client_of(platform.key)
    said = {"entry": entry, "outcome": "not_blocked", "reason": "not_the_same", "count": 3}
    first, again = (client.post(FEEDBACK, said, format="json") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == said
    kept = Feedback.objects.get()
    assert (kept.platform_id, kept.outcome, kept.count) == (platform.platform.pk, "not_blocked", 3)


def test_reason_and_count_may_be_left_out(platform: NewKey, entry: str) -> None:
    client = client_of(platform.key)
    blocked = client.post(FEEDBACK, {"entry": entry, "outcome": "blocked"}, format="json")
    assert blocked.json() == {"entry": entry, "outcome": "blocked", "reason": None, "count": 1}
    not_blocked = client.post(
        FEEDBACK, {"entry": entry, "outcome": "not_blocked", "reason": None}, format="json"
    )
    assert not_blocked.json()["reason"] == "other"


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("entry", {"entry": str(uuid4())}),
        ("entry", {"entry": "x"}),
        ("entry", {"entry": None}),
        ("outcome", {"outcome": "deleted"}),
        ("outcome", {"outcome": None}),
        ("reason", {"reason": "because"}),
        ("reason", {"outcome": "blocked", "reason": "other"}),
        ("outcome", {"outcome": "removed_after_withdrawal", "reason": None}),
        ("count", {"count": 0}),
        ("count", {"count": 1_000_001}),
        ("count", {"count": None}),
    ],
)
def test_what_is_wrong_is_named(platform: NewKey, entry: str, field: str, change: dict[str, object]) -> None:
    said = {"entry": entry, "outcome": "not_blocked", "reason": "other", "count": 1, **change}
    answer = client_of(platform.key).post(FEEDBACK, said, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Feedback.objects.exists()


def test_that_it_was_removed_after_a_withdrawal_goes_with_a_withdrawn_entry_only(
    platform: NewKey, entry: str
) -> None:
    client = client_of(platform.key)
    said = {"entry": entry, "outcome": "removed_after_withdrawal"}
    refused = client.post(FEEDBACK, said, format="json")
    assert [error["code"] for error in refused.json()["errors"]] == ["does_not_fit"]
    withdraw_pictures(picture_ids=[Entry.objects.get(pk=entry).picture_id])
    assert client.post(FEEDBACK, said, format="json").status_code == 201
    assert Feedback.objects.get().outcome == "removed_after_withdrawal"


def test_a_block_costs_the_same_queries_however_many_entries_the_picture_has(
    platform: NewKey, entry: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(platform.key)
    client.post(FEEDBACK, {"entry": entry, "outcome": "pending_review"}, format="json")
    # A savepoint's two, the entry, the lock, the newest, the new row, what it counted before, the living entries,
    # their review, the lines.
    with django_assert_num_queries(10):
        client.post(FEEDBACK, {"entry": entry, "outcome": "blocked"}, format="json")
