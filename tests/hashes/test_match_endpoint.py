from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from hashes.models import Entry, FeedChange, FeedCounter, Reader
from hashes.services import Fingerprint, publish, withdraw_pictures
from platforms.services import NewKey
from tests.makers import client_of, make_fingerprints, make_picture, make_platform

MATCH = "/api/v1/match/"
PDQ, PHASH, MD5 = secrets.token_hex(32), secrets.token_hex(8), secrets.token_hex(16)


def flipped(value: str, bits: int) -> str:
    """The value with so many bits changed, spread over it."""
    length = len(value) * 4
    mask = sum(1 << (place * length // bits) for place in range(bits)) if bits else 0
    return f"{int(value, 16) ^ mask:0{len(value)}x}"


@pytest.fixture
def picture(db: None, now: datetime) -> UUID:  # noqa: ARG001 - It stands in the database.
    listed = make_picture(Fingerprint("pdq", PDQ, 90), Fingerprint("phash", PHASH), Fingerprint("md5", MD5))
    publish(now=now)
    return listed


def ask(platform: NewKey, *queries: tuple[str, str]) -> list[dict[str, object]]:
    hashes = [{"algorithm": algorithm, "value": value} for algorithm, value in queries]
    answer = client_of(platform.key).post(MATCH, {"hashes": hashes}, format="json")
    assert answer.status_code == 200, answer.json()
    results: list[dict[str, object]] = answer.json()["results"]
    return results


def test_answers_come_in_order_with_the_entry_and_its_distance(platform: NewKey, picture: UUID) -> None:
    entries = dict(Entry.objects.filter(picture=picture).values_list("algorithm", "pk"))
    results = ask(
        platform,
        ("pdq", flipped(PDQ, 31)),
        ("pdq", flipped(PDQ, 32)),
        ("phash", flipped(PHASH, 8)),
        ("phash", flipped(PHASH, 9)),
        ("md5", MD5.upper()),
        ("md5", flipped(MD5, 1)),
        ("sha256", PDQ),
    )
    none: dict[str, object] = {"verdict": "none", "review": None, "matches": []}

    def hit(verdict: str, algorithm: str, distance: int) -> dict[str, object]:
        found = {"entry": str(entries[algorithm]), "algorithm": algorithm, "distance": distance}
        matches = [{**found, "review": "unreviewed"}]
        return {"verdict": verdict, "review": "unreviewed", "matches": matches}

    assert results == [
        hit("match", "pdq", 31),
        none,
        hit("review", "phash", 8),
        none,
        hit("match", "md5", 0),
        none,
        none,
    ]


@pytest.mark.usefixtures("picture")
def test_a_key_without_the_list_gets_no_entries() -> None:
    asker = make_platform("Chatterbox", scopes=("match",))
    assert ask(asker, ("pdq", PDQ), ("md5", "0" * 32)) == [
        {"verdict": "match", "review": "unreviewed"},
        {"verdict": "none", "review": None},
    ]


@pytest.mark.usefixtures("picture")
def test_it_says_how_much_of_the_list_was_compared_to_those_who_hold_it(platform: NewKey) -> None:
    asked = {"hashes": [{"algorithm": "md5", "value": MD5}]}
    answer = client_of(platform.key).post(MATCH, asked, format="json").json()
    assert answer["through"] == FeedCounter.objects.get().last_number
    outsider = make_platform("Chatterbox", scopes=("match",))
    assert set(client_of(outsider.key).post(MATCH, asked, format="json").json()) == {"results"}


def test_a_disputed_entry_is_for_a_persons_eyes(platform: NewKey, picture: UUID, now: datetime) -> None:
    entries = Entry.objects.filter(picture=picture)
    entries.update(review="check_first")
    FeedChange.objects.bulk_create(
        FeedChange(change="reviewed", entry=entry, review=entry.review) for entry in entries
    )
    publish(now=now)
    assert [(one["verdict"], one["review"]) for one in ask(platform, ("pdq", PDQ), ("md5", MD5))] == [
        ("review", "check_first")
    ] * 2

    make_picture(Fingerprint("pdq", flipped(PDQ, 4), 90))
    publish(now=now)
    (result,) = ask(platform, ("pdq", PDQ))
    assert (result["verdict"], result["review"]) == ("match", "unreviewed")


def test_an_equal_picture_of_somebody_else_is_still_matched_after_a_withdrawal(
    platform: NewKey, picture: UUID, now: datetime
) -> None:
    other = make_picture(Fingerprint("pdq", PDQ, 90), Fingerprint("md5", MD5))
    withdraw_pictures(picture_ids=[picture])
    publish(now=now)
    by_pdq, by_md5 = ask(platform, ("pdq", PDQ), ("md5", MD5))
    left = {str(pk) for pk in Entry.objects.filter(picture=other).values_list("pk", flat=True)}
    for result in (by_pdq, by_md5):
        assert {hit["entry"] for hit in result["matches"]} < left  # type: ignore[attr-defined]  # A list of hits.

    withdraw_pictures(picture_ids=[other])
    publish(now=now)
    assert [one["verdict"] for one in ask(platform, ("pdq", PDQ), ("md5", MD5))] == ["none", "none"]


def test_what_has_no_number_yet_is_not_matched(platform: NewKey) -> None:
    make_picture(Fingerprint("pdq", PDQ, 90))
    assert ask(platform, ("pdq", PDQ))[0]["verdict"] == "none"


def test_each_wrong_hash_is_named(platform: NewKey) -> None:
    hashes = [
        {"algorithm": "pdq", "value": "0" * 64},
        {"algorithm": "md6", "value": "0"},
        "not an object",
        {"algorithm": "pdq", "value": "0" * 63},
        {"algorithm": "md5"},
        {"algorithm": "phash", "value": 7},
        {"algorithm": ["pdq"], "value": "0"},
        {"algorithm": "md5", "value": "g" * 32},
    ]
    answer = client_of(platform.key).post(MATCH, {"hashes": hashes}, format="json")
    assert answer.status_code == 400
    assert sorted(error["field"] for error in answer.json()["errors"]) == [
        "hashes.1.algorithm",
        "hashes.2",
        "hashes.3.value",
        "hashes.4.value",
        "hashes.5.value",
        "hashes.6.algorithm",
        "hashes.7.value",
    ]


@pytest.mark.parametrize(
    "body", [{}, {"hashes": None}, {"hashes": []}, {"hashes": "x"}, {"hashes": {}}, {"hashes": [{}] * 1001}]
)
def test_a_body_without_a_list_of_hashes_names_the_field(platform: NewKey, body: dict[str, object]) -> None:
    answer = client_of(platform.key).post(MATCH, body, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["hashes"]


@pytest.mark.parametrize("body", ["[]", "nonsense", '"x"', ""])
def test_a_body_of_another_shape_is_a_problem(platform: NewKey, body: str) -> None:
    answer = client_of(platform.key).post(MATCH, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["status"] == 400


def test_a_thousand_hashes_are_answered_with_a_constant_number_of_queries(
    platform: NewKey, picture: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert picture
    queries = [("pdq", PDQ), *(("pdq", secrets.token_hex(32)) for _ in range(999))]
    ask(platform, queries[0])
    assert Reader.objects.get().matched_through == 3
    with django_assert_num_queries(0):  # The key, the list and how far the platform asked are in memory.
        results = ask(platform, *queries)
    assert [one["verdict"] for one in results] == ["match"] + ["none"] * 999


def test_a_picture_is_matched_by_any_of_its_variants(platform: NewKey, now: datetime) -> None:
    mirrored = Fingerprint("pdq", secrets.token_hex(32), 90, "flip-h")
    make_picture(*make_fingerprints(), mirrored)
    publish(now=now)
    assert ask(platform, ("pdq", mirrored.value))[0]["verdict"] == "match"
