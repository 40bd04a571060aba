"""Each platform's own feed holds entries that stand in no other, and reads as if they were like any."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, repeat
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashes.models import Canary, Feedback, FeedCounter
from hashes.services import (
    Query,
    ensure_canaries,
    match,
    publish,
    read_feed,
    trace,
    withdraw_pictures,
)
from platforms.services import NewKey
from tests.makers import client_of, make_picture, make_platform

pytestmark = pytest.mark.django_db
FEED, FEEDBACK = "/api/v1/feed/", "/api/v1/feedback/"


def numbers(new: NewKey, *, limits: Sequence[int] = (10_000,)) -> list[int]:
    """Every number of a platform's feed, page by page; the last limit goes on."""
    seen: list[int] = []
    after, more = 0, True
    for limit in chain(limits, repeat(limits[-1])):
        if not more:
            break
        page = read_feed(platform_id=new.platform.pk, after=after, limit=limit)
        seen += [change.number for change in page.changes]
        after, more = page.next_after, page.has_more
    return seen


def canaries_of(new: NewKey) -> set[str]:
    return {str(pk) for pk in Canary.objects.filter(platform=new.platform).values_list("pk", flat=True)}


def test_the_first_reading_brings_canaries_that_nobody_else_has(now: datetime) -> None:
    one, other = make_platform("One"), make_platform("Other")
    make_picture()
    publish(now=now)
    shown = []
    for new in (one, other, one):
        changes = client_of(new.key).get(FEED).json()["changes"]
        shown.append({change["entry"] for change in changes})
        assert len(changes) == 8
        assert all(set(change) == set(changes[0]) for change in changes)
    assert canaries_of(one) < shown[0]
    assert not canaries_of(one) & shown[1]
    assert shown[2] == shown[0]


def test_a_list_of_one_is_never_told(platform: NewKey) -> None:
    assert len(client_of(platform.key).get(FEED).json()["changes"]) > 1


def test_who_only_asks_for_matches_has_none() -> None:
    new = make_platform("Asker", scopes=("match",))
    body = {"hashes": [{"algorithm": "pdq", "value": "ab" * 32}]}
    assert client_of(new.key).post("/api/v1/match/", body, format="json").status_code == 200
    assert client_of(new.key).get(FEED).status_code == 403
    assert not Canary.objects.exists()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from(["list", "withdraw", "own", "others"]), max_size=8),
    limits=st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
def test_pages_of_any_length_are_the_whole_list_in_order_each_once(
    now: datetime, steps: list[str], limits: list[int]
) -> None:
    reader, other = (make_platform(f"P {uuid4()}") for _ in range(2))
    pictures = []
    for step in steps:
        if step == "list":
            pictures.append(make_picture())
        elif step == "withdraw" and pictures:
            withdraw_pictures(picture_ids=[pictures.pop()])
        elif step != "withdraw":
            ensure_canaries(platform_id=(reader if step == "own" else other).platform.pk, now=now)
        publish(now=now)
    whole = numbers(reader)
    assert numbers(reader, limits=limits) == whole
    assert whole == sorted(set(whole))
    assert not set(whole) & set(
        Canary.objects.filter(platform=other.platform).values_list("number", flat=True)
    )
    last = FeedCounter.objects.values_list("last_number", flat=True).first() or 0
    assert read_feed(platform_id=reader.platform.pk, after=last, limit=1).changes == []


def test_a_reader_at_the_end_is_not_behind_when_others_get_theirs(platform: NewKey, now: datetime) -> None:
    make_picture()
    publish(now=now)
    ensure_canaries(platform_id=make_platform("Other").platform.pk, now=now)
    page = read_feed(platform_id=platform.platform.pk, after=4, limit=10)
    assert (page.changes, page.next_after, page.has_more) == ([], 8, False)


def test_a_canary_is_found_in_no_match(platform: NewKey, now: datetime) -> None:
    ensure_canaries(platform_id=platform.platform.pk, now=now)
    make_picture()
    publish(now=now)
    for canary in Canary.objects.all():
        asked = [Query(canary.algorithm, canary.value)]
        (result,) = match(platform_id=platform.platform.pk, queries=asked, with_entries=True)
        assert (result.verdict, result.hits) == ("none", ())


@pytest.mark.parametrize(
    "said",
    [
        {"outcome": "blocked"},
        {"outcome": "not_blocked", "reason": "not_the_same", "count": 3},
        {"outcome": "not_blocked"},
        {"outcome": "blocked", "reason": "other"},
        {"outcome": "removed_after_withdrawal"},
    ],
)
def test_feedback_on_a_canary_is_answered_as_on_any_entry_and_kept_nowhere(
    platform: NewKey, now: datetime, said: dict[str, object]
) -> None:
    make_picture()
    publish(now=now)
    client = client_of(platform.key)
    changes = client.get(FEED).json()["changes"]
    for _time in range(2):
        answers = {}
        for change in changes:
            answer = client.post(FEEDBACK, {**said, "entry": change["entry"]}, format="json")
            body = answer.content.decode().replace(change["entry"], "ENTRY")
            answers[change["entry"] in canaries_of(platform)] = (answer.status_code, body)
        assert answers[True] == answers[False]
    kept = {str(entry) for entry in Feedback.objects.values_list("entry_id", flat=True)}
    assert not kept & canaries_of(platform)


def test_what_nobody_was_told_of_is_no_canary(platform: NewKey) -> None:
    said = {"entry": str(uuid4()), "outcome": "blocked"}
    assert client_of(platform.key).post(FEEDBACK, said, format="json").status_code == 400


def test_a_native_list_that_leaked_is_traced(client: Client, platform: NewKey, now: datetime) -> None:
    other = make_platform("Other")
    make_picture()
    publish(now=now)
    read = {}
    for new in (platform, other):
        answer = client.get(FEED, headers={"authorization": f"Bearer {new.key}"})
        read[new.platform.name] = answer.content.decode()
    for name, leaked in read.items():
        assert [(one.platform, one.found, one.of) for one in trace([leaked])] == [(name, 4, 4)]
