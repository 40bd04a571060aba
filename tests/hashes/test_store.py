"""What lies on disk answers as what is in memory, or is not used at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hashes import multi_index, segments
from hashes import store as store_module
from hashes.index import Index, Listed
from hashes.models import Entry
from hashes.segments import BITS, RADIUS, REVIEWS
from hashes.store import Damaged, Store
from tests.hashes.test_index import ALGORITHMS, BruteForce, a_value, happenings, lines_of, near

LIST = uuid4()


def saved(store: Store, index: Index) -> None:
    index.fold()
    store.save(index.segments(), number=index.number, witnesses=[(index.number, "added", "x")])


def opened(store: Store, *, fold_at: int = 20_000) -> Index:
    stored = store.open()
    assert stored is not None
    return Index(segments=stored.segments, number=stored.number, fold_at=fold_at)


def some_lines(count: int, *, first: int = 1) -> list[Listed]:
    """Of every algorithm, some with the value of an earlier one."""
    return [
        Listed(
            number,
            "added",
            UUID(int=number * 7919),
            (algorithm := ALGORITHMS[number % len(ALGORITHMS)]),
            a_value(algorithm, number % 50),
            "unreviewed",
        )
        for number in range(first, first + count)
    ]


def require_equal(index: Index, brute_force: BruteForce, *, bits: int, seed: int) -> None:
    for algorithm in ALGORITHMS:
        for value in range(4):
            asked = near(a_value(algorithm, value), bits if algorithm in RADIUS else 0, seed)
            expected = brute_force.find(algorithm=algorithm, value=asked)
            assert index.find(algorithm=algorithm, value=asked) == expected


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def store(root: Path) -> Store:
    return Store(root, LIST)


@settings(max_examples=40, deadline=None)
@given(
    steps=happenings,
    batch=st.integers(1, 20),
    fold_at=st.integers(0, 30),
    # After each batch: nothing, everything to disk and on from there, or on from what was stored before.
    then=st.lists(st.sampled_from(["go on", "save", "save and open", "open"]), min_size=1, max_size=12),
    bits=st.integers(0, 40),
    seed=st.integers(0, 10**6),
)
def test_stored_opened_and_followed_on_it_finds_what_comparing_one_by_one_finds(
    steps: list[tuple[str, str, int, int, int]],
    batch: int,
    fold_at: int,
    then: list[str],
    bits: int,
    seed: int,
) -> None:
    lines = list(lines_of(steps))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), LIST)
        index, brute_force = Index(fold_at=fold_at), BruteForce()
        for turn, start in enumerate(range(0, len(lines), batch)):
            index.apply(lines[start : start + batch])
            brute_force.apply(lines[start : start + batch])
            what = then[turn % len(then)]
            if what.startswith("save"):
                saved(store, index)
            if what.endswith("open") and store.stamp():
                index = opened(store, fold_at=fold_at)
                index.apply(line for line in lines[: start + batch] if line.number > index.number)
            require_equal(index, brute_force, bits=bits, seed=seed)
        assert index.number == len(lines)


def test_reviews_are_stored_by_codes_that_name_every_review() -> None:
    assert sorted(REVIEWS) == sorted(Entry.Review.values)
    assert sorted(BITS) == sorted(Entry.Algorithm.values)


def test_what_one_process_withdraws_another_still_finds_until_it_reads_of_it(store: Store) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    one, other = opened(store), opened(store)
    gone = some_lines(200)[3]
    one.apply([gone._replace(number=201, change="withdrawn")])
    asked = {"algorithm": gone.algorithm, "value": gone.value}
    assert gone.entry not in {hit.entry for hit in one.find(**asked)}
    assert gone.entry in {hit.entry for hit in other.find(**asked)}
    assert gone.entry in {hit.entry for hit in opened(store).find(**asked)}


def test_a_withdrawal_alone_writes_reviews_and_no_tables(store: Store, root: Path) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    before = names(root)
    index = opened(store)
    index.apply([some_lines(200)[3]._replace(number=201, change="withdrawn")])
    saved(store, index)
    assert [name for name in names(root) - before if "reviews" not in name] == []
    assert len(names(root)) == len(before)


def test_a_segment_that_is_mostly_withdrawn_is_built_anew(store: Store) -> None:
    index, lines = Index(), some_lines(200)
    index.apply(lines)
    saved(store, index)
    index = opened(store)
    index.apply(line._replace(number=200 + line.number, change="withdrawn") for line in lines[:190])
    saved(store, index)
    assert opened(store).rows == 10


def test_little_that_is_new_leaves_what_is_large_as_it_is(store: Store, root: Path) -> None:
    index = Index()
    index.apply(line for line in some_lines(4_000) if line.algorithm == "pdq")
    saved(store, index)
    before = names(root)
    index = opened(store)
    index.apply(line for line in some_lines(40, first=4_001) if line.algorithm == "pdq")
    saved(store, index)
    assert before < names(root)
    assert [len(one) for one in opened(store).segments()] == [1_000, 10]


def test_in_all_it_takes_no_more_than_a_few_segments() -> None:
    index = Index(fold_at=10)
    for line in some_lines(8_000):
        index.apply([line])
    assert len(list(index.segments())) <= 4 * len(ALGORITHMS)


def test_without_the_compiled_path_the_stored_answers_are_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, brute_force = Index(), BruteForce()
    index.apply(some_lines(400))
    brute_force.apply(some_lines(400))
    saved(store, index)
    with monkeypatch.context() as patched:
        patched.setattr(multi_index, "COMPILED", False)
        patched.setattr(segments, "COMPILED", False)
        patched.setattr(store_module, "COMPILED", False)
        require_equal(opened(store), brute_force, bits=5, seed=1)
        built_without = Index()
        built_without.apply(some_lines(400))
        saved(store, built_without)
        require_equal(opened(store), brute_force, bits=5, seed=1)
    # Where it can be compiled, it is used as it is, and gets tables when something is written next.
    require_equal(opened(store), brute_force, bits=5, seed=1)
    again = opened(store)
    saved(store, again)
    require_equal(opened(store), brute_force, bits=5, seed=1)
    assert not any(one.lacks_tables for one in opened(store).segments())


def a_file(root: Path, kind: str) -> Path:
    return next(path for path in sorted(root.glob(f"{LIST}/pdq-*-{kind}")) if path.stat().st_size)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def lengthen(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"more")


@pytest.mark.parametrize("harm", [flip, shorten, lengthen, Path.unlink])
@pytest.mark.parametrize("kind", ["keys", "rows", "reviews"])
def test_a_damaged_file_is_never_used(
    store: Store, root: Path, kind: str, harm: Callable[[Path], object]
) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    harm(a_file(root, kind))
    with pytest.raises(Damaged):
        store.open()


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text[:0],
        lambda text: text[: len(text) // 2],
        lambda text: f"[{text}]",
        lambda text: text.replace('"number": 200', '"number": 201'),
        lambda text: json.dumps({**json.loads(text), "format": 99}),
    ],
)
def test_a_damaged_manifest_is_never_used(store: Store, root: Path, harm: Callable[[str], str]) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    manifest = root / str(LIST) / "manifest.json"
    manifest.write_text(harm(manifest.read_text()))
    with pytest.raises(Damaged):
        store.open()


@pytest.mark.skipif(not multi_index.COMPILED, reason="without numba there are no tables")
def test_tables_that_another_version_laid_out_are_not_used(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    laid_out = segments.layout.__wrapped__
    build = multi_index._build
    assert laid_out() == segments.layout()

    def otherwise(*arguments: Any) -> Any:
        blocks = build(*arguments)
        arguments[-1][...] = arguments[-1][..., ::-1].copy()
        return blocks

    monkeypatch.setattr(multi_index, "_build", otherwise)
    assert laid_out() != segments.layout()
    monkeypatch.setattr("hashes.store.layout", laid_out)
    with pytest.raises(Damaged):
        store.open()


def test_another_lists_files_are_not_opened(store: Store, root: Path) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    assert Store(root, uuid4()).open() is None
    other = uuid4()
    (root / str(LIST)).rename(root / str(other))
    with pytest.raises(Damaged):
        Store(root, other).open()


def test_after_the_machine_started_anew_everything_is_read_once(
    store: Store, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = Index()
    index.apply(some_lines(200))
    saved(store, index)
    verified: list[bool] = []
    monkeypatch.setattr(Store, "_verify", lambda *_: verified.append(True))
    store.open()
    assert verified == []
    seal = root / str(LIST) / "seal.json"
    seal.write_text(json.dumps({**json.loads(seal.read_text()), "boot": "another"}))
    store.open()
    store.open()
    assert verified == [True]


def test_what_a_killed_build_left_is_removed_and_a_reader_keeps_what_it_has(store: Store, root: Path) -> None:
    index, brute_force = Index(), BruteForce()
    index.apply(some_lines(200))
    brute_force.apply(some_lines(200))
    saved(store, index)
    reader = opened(store)
    (root / str(LIST) / "pdq-left-rows").write_bytes(b"half")
    store.clean()
    assert "pdq-left-rows" not in names(root)
    more = Index()
    more.apply(some_lines(300))
    saved(store, more)
    require_equal(reader, brute_force, bits=3, seed=4)


def test_only_one_holds_the_lock(store: Store, root: Path) -> None:
    held = store.lock()
    assert held is not None
    assert Store(root, uuid4()).lock() is None
    os.close(held)
    again = store.lock()
    assert again is not None
    os.close(again)


def test_nobody_else_on_the_machine_can_read_it(store: Store, root: Path) -> None:
    index = Index()
    index.apply(some_lines(20))
    saved(store, index)
    modes = {path.stat().st_mode & 0o077 for path in (root / str(LIST), *(root / str(LIST)).iterdir())}
    assert modes == {0}


def names(root: Path) -> set[str]:
    return {path.name for path in (root / str(LIST)).iterdir()} - {"manifest.json", "seal.json"}
