from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import UUID, uuid4

import numpy as np
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from hashes.fingerprints import HEX_LENGTHS
from hashes.index import RADIUS, Hit, Index, Listed
from hashes.models import FeedCounter
from hashes.perceptual import distance
from hashes.services import Fingerprint, following, publish, withdraw_pictures
from tests.makers import make_picture

ALGORITHMS = sorted(HEX_LENGTHS)


def near(value: str, bits: int, seed: int) -> str:
    """The value with so many of its bits changed."""
    length = len(value) * 4
    places = np.random.default_rng(seed).choice(length, bits, replace=False)
    return f"{int(value, 16) ^ sum(1 << int(place) for place in places):0{len(value)}x}"


def a_value(algorithm: str, seed: int) -> str:
    return np.random.default_rng(seed).bytes(HEX_LENGTHS[algorithm] // 2).hex()


class BruteForce:
    """The same answers the slow way: every living entry, compared one by one."""

    def __init__(self) -> None:
        self.living: dict[UUID, Listed] = {}

    def apply(self, lines: list[Listed]) -> None:
        for line in lines:
            if line.change == "withdrawn":
                self.living.pop(line.entry, None)
            elif line.change == "added" or line.entry in self.living:
                self.living[line.entry] = line

    def find(self, *, algorithm: str, value: str) -> list[Hit]:
        hits = [
            Hit(line.entry, algorithm, distance(value, line.value), line.review)
            for line in self.living.values()
            if line.algorithm == algorithm
        ]
        near_enough = [hit for hit in hits if hit.distance <= RADIUS.get(algorithm, 0)]
        return sorted(near_enough, key=lambda hit: (hit.distance, hit.entry))


# What happens: something new is added, an earlier entry is reviewed, or one is withdrawn.
happenings = st.lists(
    st.tuples(
        st.sampled_from(["added", "added", "added", "reviewed", "withdrawn"]),
        st.sampled_from(ALGORITHMS),
        st.integers(0, 3),  # Few different values, so that equal and near ones meet.
        st.integers(0, 40),  # How far from the value, in bits.
        st.integers(0, 10**6),
    ),
    max_size=60,
)


def lines_of(steps: list[tuple[str, str, int, int, int]]) -> Iterator[Listed]:
    known: list[Listed] = []
    for number, (change, algorithm, value, bits, seed) in zip(count(1), steps, strict=False):
        if change == "added" or not known:
            value_near = near(a_value(algorithm, value), min(bits, 40) if algorithm in RADIUS else 0, seed)
            line = Listed(number, "added", UUID(int=number), algorithm, value_near, "unreviewed")
            known.append(line)
        else:
            line = known[seed % len(known)]._replace(number=number, change=change, review="confirmed")
        yield line


@settings(max_examples=60, deadline=None)
@given(steps=happenings, batch=st.integers(1, 20), bits=st.integers(0, 40), seed=st.integers(0, 10**6))
def test_the_index_finds_what_comparing_one_by_one_finds(
    steps: list[tuple[str, str, int, int, int]], batch: int, bits: int, seed: int
) -> None:
    index, brute_force = Index(), BruteForce()
    lines = list(lines_of(steps))
    for start in range(0, len(lines), batch):
        index.apply(lines[start : start + batch])
        brute_force.apply(lines[start : start + batch])
        for algorithm in ALGORITHMS:
            for value in range(4):
                asked = near(a_value(algorithm, value), bits if algorithm in RADIUS else 0, seed)
                expected = brute_force.find(algorithm=algorithm, value=asked)
                assert index.find(algorithm=algorithm, value=asked) == expected
    assert index.number == len(lines)


@pytest.mark.parametrize("algorithm", sorted(RADIUS))
def test_nothing_is_missed_among_many_random_hashes(algorithm: str) -> None:
    index, brute_force = Index(), BruteForce()
    lines = [
        Listed(number, "added", uuid4(), algorithm, a_value(algorithm, number), "unreviewed")
        for number in range(1, 5_001)
    ]
    index.apply(lines)
    brute_force.apply(lines)
    for number in (1, 1_024, 1_025, 4_999, 5_000):
        for bits in (0, RADIUS[algorithm], RADIUS[algorithm] + 1):
            asked = near(a_value(algorithm, number), bits, number)
            assert index.find(algorithm=algorithm, value=asked) == brute_force.find(
                algorithm=algorithm, value=asked
            )


def test_opposite_hashes_are_as_far_apart_as_can_be() -> None:
    """256 differing bits do not fit into a byte."""
    index = Index()
    index.apply([Listed(1, "added", uuid4(), "pdq", "0" * 64, "unreviewed")])
    assert index.find(algorithm="pdq", value="f" * 64) == []


def test_rows_of_withdrawn_entries_are_dropped_in_time_and_the_rest_is_still_found() -> None:
    index, numbers = Index(fold_at=1_000), count(1)
    added = [
        Listed(next(numbers), "added", uuid4(), "pdq", a_value("pdq", seed), "unreviewed")
        for seed in range(3_000)
    ]
    index.apply(added)
    index.apply(line._replace(number=next(numbers), change="withdrawn") for line in added[:-3])
    assert index.rows == 3_000
    index.fold()
    assert index.rows == 3
    for line in added[-3:]:
        assert [hit.entry for hit in index.find(algorithm="pdq", value=line.value)] == [line.entry]
    assert index.find(algorithm="pdq", value=added[0].value) == []


def test_looking_while_another_thread_adds_never_fails_and_finds_what_was_there() -> None:
    index, first = Index(), Listed(1, "added", uuid4(), "pdq", a_value("pdq", 0), "unreviewed")
    index.apply([first])
    failures: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        try:
            while not done.is_set():
                assert first.entry in {hit.entry for hit in index.find(algorithm="pdq", value=first.value)}
        except BaseException as failure:  # noqa: BLE001 - Reported by the test's own thread.
            failures.append(failure)

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    for number in range(2, 6_000):
        line = Listed(number, "added", uuid4(), "pdq", a_value("pdq", number), "unreviewed")
        index.apply([line])
        if number % 2:
            index.apply([line._replace(change="withdrawn")])
    done.set()
    for looker in lookers:
        looker.join()
    assert failures == []


@pytest.mark.django_db
def test_the_process_follows_the_list_step_by_step(now: datetime) -> None:
    value = "ab" * 32
    picture = make_picture(Fingerprint("pdq", value, 90))
    assert following.current_index().find(algorithm="pdq", value=value) == []
    publish(now=now)
    index = following.current_index()
    assert len(index.find(algorithm="pdq", value=value)) == 1
    withdraw_pictures(picture_ids=[picture])
    publish(now=now)
    assert following.current_index() is index
    assert index.find(algorithm="pdq", value=value) == []


@pytest.mark.django_db
def test_another_list_is_followed_from_its_beginning(now: datetime) -> None:
    make_picture(Fingerprint("pdq", "ab" * 32, 90))
    publish(now=now)
    index = following.current_index()
    FeedCounter.objects.update(list_id=uuid4())
    following.look_at_once()
    assert following.current_index() is not index
    assert following.current_index().number == index.number


@pytest.mark.django_db
def test_news_are_looked_for_at_most_every_quarter_of_a_second(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_picture()
    publish(now=now)
    clock = 1_000.0
    monkeypatch.setattr(following, "time", type("Clock", (), {"monotonic": staticmethod(lambda: clock)}))
    following.current_index()
    with connection.execute_wrapper(_no_query):
        clock += 0.2499
        following.current_index()
        clock += 0.0002
        with pytest.raises(AssertionError, match="asked the database"):
            following.current_index()


def test_a_child_forked_while_the_parent_catches_up_has_an_index_of_its_own() -> None:
    follower = following._follower[0]
    with follower.lock:
        child = os.fork()
        if child == 0:
            # Not pytest's to clean up: leave at once with the answer.
            os._exit(0 if following._follower[0] is not follower else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert following._follower[0] is follower


def _no_query(*_: object) -> None:
    raise AssertionError("asked the database")
