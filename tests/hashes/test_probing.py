"""Testing edits until one passes calls a person."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from hashes.models import Concern
from hashes.services import Fingerprint, probing, publish
from hashes.services.probing import NEAR_MISSES
from platforms.services import NewKey
from tests.hashes.test_match_media import everything_stored
from tests.makers import client_of, make_picture, make_platform

pytestmark = pytest.mark.django_db
BEGUN = datetime(2026, 11, 23, 9, 30, 0, tzinfo=UTC)
PDQ = secrets.token_hex(32)
CHANCE = random.Random(7)  # noqa: S311 - Which bits of an edit differ.


def edits(value: str, count: int, *, bits: int = 40) -> list[str]:
    """So many different ones, each so far away."""
    made: set[str] = set()
    while len(made) < count:
        mask = sum(1 << place for place in CHANCE.sample(range(256), bits))
        made.add(f"{int(value, 16) ^ mask:064x}")
    return sorted(made)


def ask(asker: NewKey, values: Iterable[str]) -> list[str]:
    hashes = [{"algorithm": "pdq", "value": value} for value in values]
    answer = client_of(asker.key).post("/api/v1/match/", {"hashes": hashes}, format="json")
    assert answer.status_code == 200, answer.content
    return [one["verdict"] for one in answer.json()["results"]]


def in_another_process() -> None:
    """What the processes share is all that is left."""
    probing._memories.clear()


@pytest.fixture
def asker(now: datetime) -> NewKey:
    make_picture(Fingerprint("pdq", PDQ, 90))
    publish(now=now)
    return make_platform("Chatterbox", scopes=("match",))


def test_a_row_of_near_misses_around_a_hit_raises_one_concern(asker: NewKey) -> None:
    assert ask(asker, [PDQ]) == ["match"]
    tried = edits(PDQ, NEAR_MISSES + 5)
    for value in tried[: NEAR_MISSES - 1]:
        assert ask(asker, [value]) == ["none"]
    assert not Concern.objects.exists()
    ask(asker, tried)
    concern = Concern.objects.get()
    assert (concern.kind, concern.picture_id, concern.platform_id) == ("probing", None, asker.platform.pk)
    assert concern.evidence["near_misses"] == NEAR_MISSES
    assert concern.evidence["key"] == asker.key.partition(".")[0]
    ask(asker, edits(PDQ, 2 * NEAR_MISSES))
    assert Concern.objects.count() == 1


def test_edits_that_match_at_first_and_then_no_more_are_a_row_too(asker: NewKey) -> None:
    verdicts = [ask(asker, edits(PDQ, 1, bits=bits)) for bits in range(2, 62)]
    assert verdicts.count(["match"]) == 30
    assert Concern.objects.count() == 1


def test_one_batch_is_enough(asker: NewKey) -> None:
    ask(asker, [*edits(PDQ, NEAR_MISSES), PDQ])
    assert Concern.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([PDQ, *edits(PDQ, 1) * NEAR_MISSES], id="the same one again and again"),
        pytest.param([PDQ, *edits(PDQ, NEAR_MISSES, bits=65)], id="other pictures"),
        pytest.param([PDQ, *edits(PDQ, 2 * NEAR_MISSES, bits=20)], id="nothing but matches"),
        pytest.param(edits(PDQ, NEAR_MISSES), id="no hit"),
        pytest.param([PDQ, *(secrets.token_hex(32) for _ in range(100))], id="uploads"),
    ],
)
def test_what_is_no_probing(asker: NewKey, values: list[str]) -> None:
    for value in values:
        ask(asker, [value])
    assert not Concern.objects.exists()


def test_a_key_that_holds_the_list_could_test_without_asking(asker: NewKey, platform: NewKey) -> None:
    assert asker
    ask(platform, [PDQ, *edits(PDQ, NEAR_MISSES)])
    assert not Concern.objects.exists()


def test_each_key_is_looked_at_alone(asker: NewKey) -> None:
    ask(make_platform("Elsewhere", scopes=("match",)), [PDQ])
    ask(asker, edits(PDQ, NEAR_MISSES))
    assert not Concern.objects.exists()


def test_requests_that_reach_different_processes_are_one_row(asker: NewKey) -> None:
    ask(asker, [PDQ])
    for value in edits(PDQ, NEAR_MISSES):
        in_another_process()
        ask(asker, [value])
    assert Concern.objects.count() == 1


def test_hits_of_two_processes_are_both_remembered(asker: NewKey, now: datetime) -> None:
    other = secrets.token_hex(32)
    make_picture(Fingerprint("pdq", other, 90))
    publish(now=now)
    ask(asker, [PDQ])
    in_another_process()
    ask(asker, [other])
    in_another_process()
    ask(asker, [*edits(PDQ, NEAR_MISSES), *edits(other, NEAR_MISSES - 1)])
    assert Concern.objects.count() == 1


def test_after_an_hour_a_hit_is_forgotten(asker: NewKey) -> None:
    with time_machine.travel(BEGUN, tick=False) as clock:
        ask(asker, [PDQ])
        clock.shift(timedelta(minutes=61))
        ask(asker, edits(PDQ, NEAR_MISSES))
        assert not Concern.objects.exists()
        ask(asker, [PDQ, *edits(PDQ, NEAR_MISSES)])
        assert Concern.objects.count() == 1


def test_a_key_without_hits_costs_one_look_a_second(asker: NewKey, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    get = cache.get

    def counted(name: str) -> object:
        looks.append(name)
        return get(name)

    with time_machine.travel(BEGUN, tick=False):
        ask(asker, [secrets.token_hex(32)])
        monkeypatch.setattr(cache, "get", counted)
        for _ in range(5):
            ask(asker, [secrets.token_hex(32)])
    assert looks == []


def test_a_platform_that_finds_much_is_remembered_within_bounds(asker: NewKey) -> None:
    memory = probing._memory_of("many")
    values = [secrets.token_hex(32) for _ in range(400)]
    probing._remember(memory, "many", values, 1_000.0)
    assert len(memory.until) == probing._MOST_REMEMBERED
    assert asker


def test_nothing_of_it_is_in_the_database(asker: NewKey) -> None:
    tried = edits(PDQ, NEAR_MISSES)
    near = edits(PDQ, 1, bits=5)
    ask(asker, [*near, *tried])
    assert Concern.objects.exists()
    stored = everything_stored()
    assert not [value for value in (*near, *tried) if value in stored]
