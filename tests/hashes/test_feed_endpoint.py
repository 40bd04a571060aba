from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from hashes.models import Entry, Reader
from hashes.services import publish
from platforms.services import NewKey
from tests.makers import client_of, make_picture

FEED = "/api/v1/feed/"


def test_the_feed_says_what_changed_and_nothing_else(platform: NewKey, now: datetime) -> None:
    make_picture()
    publish(now=now)
    body = client_of(platform.key).get(FEED, {"limit": 1}).json()
    (change,) = body.pop("changes")
    entry = Entry.objects.get(pk=change["entry"])
    assert body == {"next_after": 1, "has_more": True}
    assert change == {
        "number": 1,
        "change": "added",
        "entry": str(entry.pk),
        "algorithm": entry.algorithm,
        "value": entry.value,
        "review": "unreviewed",
    }


def test_a_platform_pages_to_the_end(platform: NewKey, now: datetime) -> None:
    make_picture()
    publish(now=now)
    client = client_of(platform.key)
    first = client.get(FEED, {"limit": 3}).json()
    rest = client.get(FEED, {"after": first["next_after"], "limit": 5}).json()
    # Behind the picture's entries come the list's canaries.
    assert [change["number"] for change in first["changes"] + rest["changes"]] == list(range(1, 9))
    assert (rest["next_after"], rest["has_more"]) == (8, False)
    assert Reader.objects.get().collected_through == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("after", "-1"),
        ("after", "x"),
        ("after", ""),
        ("after", str(2**63)),
        ("limit", "0"),
        ("limit", "10001"),
        ("limit", "1.5"),
    ],
)
def test_a_bad_value_is_named(platform: NewKey, field: str, value: str) -> None:
    answer = client_of(platform.key).get(FEED, {field: value})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("pictures", [1, 20])
def test_the_number_of_queries_does_not_grow_with_the_list(
    pictures: int, platform: NewKey, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(pictures):
        make_picture()
    publish(now=now)
    client = client_of(platform.key)
    client.get(FEED)
    with django_assert_num_queries(5):  # Canaries there, the last number, the reader, the page, its canaries.
        client.get(FEED)
    with django_assert_num_queries(6):  # And the new mark.
        client.get(FEED, {"after": 4})
