"""Whatever the rows are, the tables find what comparing with every row finds."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashes import hamming, lookups, multi_index
from hashes.hamming import HammingTable, Words
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
@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(1, 400),
    words=st.sampled_from([1, 4]),
    number=st.integers(4, 24),
    radius=st.integers(0, 31),
    seed=SEEDS,
)
def test_however_many_pieces_there_are_the_tables_miss_nothing(
    count: int, words: int, number: int, radius: int, seed: int
) -> None:
    """By the tables alone, with pieces from four bits to twenty."""
    # A directory has no pieces narrower than four bits, and takes long to make for those wider than twenty.
    number = min(max(number, 4 if words == 1 else 13), 16 * words)
    rows, chance = clustered(count, words=words, seed=seed), np.random.default_rng(seed)
    asked = flipped(rows[chance.integers(0, count, 4)], chance.integers(0, radius + 2, 4), chance)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(multi_index, "_number_of_pieces", lambda _bits, _count: number)
        patched.setattr(multi_index, "_compared_with_all", _nobody_may)
        patched.setattr(multi_index, "_MOST_CANDIDATES", 1_000)
        tables = MultiIndex.build(rows)
        assert len(tables.pieces) == number
        for query in asked:
            assert found(tables, query, radius) == compared(rows, query, radius)


@pytest.mark.parametrize("words", [1, 4])
@pytest.mark.parametrize("count", [0, 1, 5_000])
def test_lists_without_any_difference_are_searched_too(count: int, words: int) -> None:
    rows = np.full((count, words), 0x5555_5555_5555_5555, np.uint64)
    tables = MultiIndex.build(rows)
    for query in (np.full(words, 0x5555_5555_5555_5555, np.uint64), np.zeros(words, np.uint64)):
        assert found(tables, query, 8) == compared(rows, query, 8)


@compiled
def test_tables_mapped_from_files_answer_alike_by_the_same_program(tmp_path: Path) -> None:
    """What is read-only is another type to the compiler, which would be seconds for somebody's request."""
    rows = clustered(3_000, words=4, seed=11)
    tables = MultiIndex.build(rows)
    tables.within(rows[0], radius=31)
    programs = list(lookups.look_up.signatures)  # type: ignore[attr-defined] # numba's, not the function's own.
    mapped = {}
    for name in ("rows", "directory", "places"):
        np.save(tmp_path / name, getattr(tables, name))
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="r")
    read = MultiIndex(tables.pieces, **mapped)
    for query in read.rows[:100]:
        assert found(read, query, 31) == compared(rows, query, 31)
    assert lookups.look_up.signatures == programs  # type: ignore[attr-defined] # As above.


@pytest.mark.parametrize("count", [1_000_000, 4_000_000, 5_000_000, 10_000_000, 40_000_000])
def test_tables_take_no_more_memory_than_is_promised(count: int) -> None:
    """125 bytes a hash, with 17 for the entry's id and its review."""
    pieces = multi_index.Pieces.of(bits=256, count=count)
    directory = int(pieces.first_blocks[-1]) * (lookups.HEAD + lookups.BUCKETS) * 2
    assert 2 ** int(pieces.widths.max()) <= 2 * count
    assert 32 + 4 * len(pieces) + directory / count <= 125 - 17


@compiled
@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 600), words=st.sampled_from([1, 4]), radius=st.integers(0, 45), seed=SEEDS)
def test_new_rows_are_found_alike_with_and_without_the_compiler(
    count: int, words: int, radius: int, seed: int
) -> None:
    table, rows = HammingTable(bits=64 * words), clustered(count, words=words, seed=seed)
    for row in rows:
        table.add(row.astype(">u8").tobytes().hex())
    for query in [*rows[:5], np.zeros(words, np.uint64)]:
        value = query.astype(">u8").tobytes().hex()
        expected = sorted(compared(rows, query, radius).items())
        assert table.within(value, radius=radius) == expected
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(hamming, "COMPILED", False)
            assert table.within(value, radius=radius) == expected


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
    expected = [found(with_tables, query, 31) for query in rows[:50]]
    monkeypatch.setattr(multi_index, "COMPILED", False)
    without = MultiIndex.build(rows)
    assert not without.places.size
    assert [found(without, query, 31) for query in rows[:50]] == expected


def test_rows_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="128 bits"):
        MultiIndex.build(np.zeros((3, 2), np.uint64))


@compiled
@pytest.mark.parametrize("algorithm", ["pdq", "phash"])
def test_old_and_new_rows_are_found_before_and_after_they_get_tables(
    algorithm: str,
) -> None:
    followed = Index(fold_at=100)
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
    assert 0 < sum(map(len, followed.segments())) < followed.rows == len(lines)
