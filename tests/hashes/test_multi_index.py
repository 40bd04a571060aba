"""Whatever the rows are, the tables find what comparing with every row finds."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashes import index, multi_index
from hashes.hamming import Words
from hashes.index import Index, Listed
from hashes.multi_index import MultiIndex
from tests.hashes.test_index import a_value, near

compiled = pytest.mark.skipif(
    not multi_index.COMPILED, reason="numba is not installed: every row is compared"
)
SEEDS = st.integers(0, 2**32 - 1)


def clustered(count: int, *, words: int, seed: int) -> Words:
    """As pictures are: some alone, most with altered forms a few bits away, some many times the same."""
    chance = np.random.default_rng(seed)
    centres = chance.integers(0, 2**64, (max(1, count // 6), words), dtype=np.uint64)
    rows = centres[chance.integers(0, len(centres), count)]
    return flipped(rows, chance.integers(0, 25, count), chance)


def flipped(rows: Words, bits: np.ndarray, chance: np.random.Generator) -> Words:
    """Each row with so many of its bits changed."""
    unpacked = np.unpackbits(np.ascontiguousarray(rows).view(np.uint8), axis=1)
    for row, count in zip(unpacked, bits, strict=True):
        row[chance.choice(unpacked.shape[1], int(count), replace=False)] ^= 1
    return np.packbits(unpacked, axis=1).view(np.uint64)


def compared(rows: Words, query: Words, radius: int) -> dict[int, int]:
    far = np.bitwise_count(rows ^ query).sum(axis=1, dtype=np.uint16)
    return {int(place): int(far[place]) for place in np.flatnonzero(far <= radius)}


def found(tables: MultiIndex, query: Words, radius: int) -> dict[int, int]:
    places, distances = tables.within(query, radius=radius)
    assert sorted(set(places.tolist())) == places.tolist()
    return dict(zip(places.tolist(), distances.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(count=st.integers(1, 3_000), words=st.sampled_from([1, 4]), radius=st.integers(0, 45), seed=SEEDS)
def test_it_finds_what_comparing_finds(count: int, words: int, radius: int, seed: int) -> None:
    rows = clustered(count, words=words, seed=seed)
    tables, chance = MultiIndex.build(rows), np.random.default_rng(seed)
    asked = rows[chance.integers(0, count, 8)]
    for query in flipped(asked, chance.integers(0, 41, 8), chance):
        assert found(tables, query, radius) == compared(rows, query, radius)


@compiled
@pytest.mark.parametrize("words", [1, 4])
def test_of_a_thousand_planted_hashes_none_is_missed(words: int) -> None:
    """By the tables alone: were all rows compared, this would prove nothing."""
    radius = {1: 8, 4: 31}[words]
    rows, chance = clustered(120_000, words=words, seed=7), np.random.default_rng(8)
    tables = MultiIndex.build(rows)
    planted = chance.integers(0, len(rows), 1_000)
    bits = np.arange(1_000) % 41
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(multi_index, "_compared_with_all", _nobody_may)
        for place, distance, query in zip(planted, bits, flipped(rows[planted], bits, chance), strict=True):
            answer = found(tables, query, radius)
            assert (int(place) in answer) == (distance <= radius)
            assert answer == compared(rows, query, radius)


def _nobody_may(*_arguments: object) -> None:
    raise AssertionError("Every row was compared.")


@compiled
def test_a_table_with_one_overfull_bucket_is_as_exact() -> None:
    """Seventy thousand times the same: more than a narrow directory can count, and than is worth looking up."""
    rows = np.concatenate([np.zeros((70_000, 4), np.uint64), clustered(500, words=4, seed=3)])
    tables = MultiIndex.build(rows)
    assert tables.directory.dtype == np.uint32
    assert found(tables, rows[0], 31) == compared(rows, rows[0], 31)
    assert found(tables, rows[-1], 31) == compared(rows, rows[-1], 31)


def test_without_the_compiled_path_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = clustered(2_000, words=4, seed=5)
    with_tables = MultiIndex.build(rows)
    monkeypatch.setattr(multi_index, "COMPILED", False)
    without = MultiIndex.build(rows)
    assert not without.places.size
    for query in rows[:50]:
        assert found(without, query, 31) == found(with_tables, query, 31)


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="128 bits"):
        MultiIndex.build(np.zeros((3, 2), np.uint64))


@compiled
@pytest.mark.parametrize("algorithm", ["pdq", "phash"])
def test_old_and_new_rows_are_found_before_and_after_they_get_tables(
    algorithm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_NEW_ROWS_COMPARED", 100)
    followed = Index()
    lines = [
        Listed(number, "added", UUID(int=number), algorithm, a_value(algorithm, number), "unreviewed")
        for number in range(1, 700)
    ]
    for number, line in enumerate(lines, start=1):
        followed.apply([line])
        for earlier in {0, number // 2, number - 1}:
            asked = near(lines[earlier].value, 4, number)
            hits = followed.find(algorithm=algorithm, value=asked)
            assert lines[earlier].entry in {hit.entry for hit in hits}
    older, newer = followed._near[algorithm]._parts
    assert older is not None
    assert len(older) + len(newer) == len(lines)
