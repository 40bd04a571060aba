"""Whoever builds the index on disk: it reads what is new, and writes what there is as of then."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from hashes.index import Index
from hashes.services import feed_lines
from hashes.store import Damaged, Store

_log = logging.getLogger(__name__)
# Of a long list so much is written at a time, so that a kill does not start from nothing.
CHECKPOINT_LINES = 1_000_000
# Nobody looks into what is being built, so new entries get tables in large heaps.
_FOLD_AT = 250_000


def build_index(
    *,
    root: Path,
    list_id: UUID,
    checkpoint_lines: int = CHECKPOINT_LINES,
    on_progress: Callable[[], None] = lambda: None,
) -> int:
    """Bring the files up to the list's last number; say which that is. Only who holds the lock may.

    `on_progress` is called before each step. Raises OSError where they can't be written.
    """
    on_progress()
    store = Store(root, list_id)
    store.clean()
    known, last = feed_lines.which_list()
    if known != list_id:
        return 0
    index = _begun(store, through=last)
    for lines in feed_lines.lines(after=index.number, through=last):
        on_progress()
        index.apply(lines)
        if index.lines_read >= checkpoint_lines:
            index = _saved(store, index)
    on_progress()
    return (_saved(store, index) if index.lines_read else index).number


def _begun(store: Store, *, through: int) -> Index:
    try:
        stored = feed_lines.stored_index(store, through=through, fold_at=_FOLD_AT)
    except Damaged:
        _log.warning("the index on disk can't be used; it is built anew")
        stored = None
    return stored or Index(fold_at=_FOLD_AT)


def _saved(store: Store, index: Index) -> Index:
    index.fold()
    number = index.number
    store.save(index.segments(), number=number, witnesses=feed_lines.witnesses(through=number))
    # From disk again: what was built is not kept in memory twice.
    return feed_lines.stored_index(store, through=number, fold_at=_FOLD_AT) or index
