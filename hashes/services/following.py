"""This process's index follows the feed's numbers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from uuid import UUID

from hashes.index import Index, Listed
from hashes.models import FeedChange, FeedCounter

LOOK_EVERY_SECONDS = 0.25
_LINES_AT_A_TIME = 10_000


class _Follower:
    """One index, and which list it follows: a restored or emptied database starts another one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.index = Index()
        self.list_id: UUID | None = None
        self.look_next_at = 0.0

    def look(self) -> Index:
        if time.monotonic() < self.look_next_at:
            return self.index
        # Only the first look is waited for. Later ones are made by one thread while others go on matching.
        if not self.lock.acquire(blocking=not self.index.number):
            return self.index
        try:
            if time.monotonic() >= self.look_next_at:
                self._catch_up()
        finally:
            self.lock.release()
        return self.index

    def _catch_up(self) -> None:
        list_id, last = FeedCounter.objects.values_list("list_id", "last_number").first() or (None, 0)
        index = self.index
        if list_id != self.list_id or last < index.number:
            index = Index()
        for lines in _news(after=index.number, through=last):
            index.apply(lines)
        # A new index is shown when it is complete.
        self.index, self.list_id = index, list_id
        self.look_next_at = time.monotonic() + LOOK_EVERY_SECONDS


def current_index() -> Index:
    """The index, at most a quarter of a second behind the feed's numbers."""
    return _follower[0].look()


def look_at_once() -> None:
    """Whoever has just numbered changes knows that there is news."""
    _follower[0].look_next_at = 0.0


def _news(*, after: int, through: int) -> Iterator[list[Listed]]:
    while after < through:
        rows = FeedChange.objects.filter(number__gt=after, number__lte=through).order_by("number")
        fields = ("number", "change", "entry_id", "entry__algorithm", "entry__value", "review")
        lines = [Listed(*row) for row in rows.values_list(*fields)[:_LINES_AT_A_TIME]]
        if not lines:
            return
        yield lines
        after = lines[-1].number


def _start_anew_if_interrupted() -> None:
    """A fork while a thread of the parent was catching up leaves a lock that nobody opens and half an index."""
    if _follower[0].lock.locked():
        _follower[0] = _Follower()


_follower = [_Follower()]
os.register_at_fork(after_in_child=_start_anew_if_interrupted)
