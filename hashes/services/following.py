"""This process's index follows the feed's numbers."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from uuid import UUID

from hashes.errors import ListNotReady
from hashes.index import FOLD_AT, Index
from hashes.services import feed_lines
from hashes.services.keeping import Builder, folder, is_built_by_anybody
from hashes.store import Damaged, Stamp, Store

_log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 0.25
# Whoever finds another thread looking goes on with what was seen at most so long ago.
_GOES_ON_SECONDS = 0.6
# How long a request waits for a process that has only just begun.
PATIENCE_SECONDS = 5.0
_LOOK_WHILE_BUILDING_SECONDS = 0.05
# The files are brought up to date when so many lines were read since.
BUILD_AT = FOLD_AT
# What is further away than this is read by one process for the machine, not by each.
_FAR = 10 * BUILD_AT


class _Follower:
    """One index, and which list it follows: a restored or emptied database starts another one."""

    def __init__(self, *, build_at: int = BUILD_AT, far: int = _FAR) -> None:
        self.lock = threading.Lock()
        self.index = Index()
        self.list_id: UUID | None = None
        self.look_next_at = 0.0
        self.builder = Builder()
        self._build_at, self._far = build_at, far
        self._looked_at: float | None = None
        self._stamp: Stamp | None = None

    def look(self) -> Index:
        now = time.monotonic()
        if now < self.look_next_at:
            return self.index
        # One thread reads the news while others go on matching, unless what they have is old.
        goes_on = self._looked_at is not None and now - self._looked_at < _GOES_ON_SECONDS
        if not self.lock.acquire(timeout=0 if goes_on else PATIENCE_SECONDS):
            if goes_on:
                return self.index
            raise ListNotReady
        try:
            if time.monotonic() >= self.look_next_at:
                self._catch_up()
        finally:
            self.lock.release()
        return self.index

    def _catch_up(self) -> None:
        looked_at = time.monotonic()
        list_id, last = feed_lines.which_list()
        index = self._nearest(list_id, last)
        if list_id and last - index.number > self._far:
            self._wait_for_builder(list_id)
            # The files may be newer than what was asked before the wait.
            looked_at = time.monotonic()
            list_id, last = feed_lines.which_list()
            self._stamp = None
            index = self._nearest(list_id, last)
        for lines in feed_lines.lines(after=index.number, through=last):
            index.apply(lines)
        # A new index is shown when it is complete.
        self.index, self.list_id = index, list_id
        self._looked_at, self.look_next_at = looked_at, time.monotonic() + LOOK_EVERY_SECONDS
        if list_id and index.lines_read > self._build_at:
            self.builder.start(list_id)

    def _nearest(self, list_id: UUID | None, last: int) -> Index:
        """The index to go on from: this process's own, the one on disk, or an empty one."""
        index = self.index
        if list_id != self.list_id or not feed_lines.has_past(index, last=last):
            index, self._stamp = Index(fold_at=self._fold_at()), None
        if list_id is None:
            return index
        return self._adopted(list_id, last, index)

    def _adopted(self, list_id: UUID, last: int, index: Index) -> Index:
        """What lies on disk, where it is newer than what this process opened."""
        store = Store(folder(), list_id)
        stamp = store.stamp()
        if stamp is None or stamp == self._stamp:
            return index
        self._stamp = stamp
        try:
            return feed_lines.stored_index(store, through=last, fold_at=self._fold_at()) or index
        except Damaged:
            _log.warning("the index on disk can't be used; it is built anew")
            return index

    def _wait_for_builder(self, list_id: UUID) -> None:
        """Raises ListNotReady after a while; whoever asks again finds it further on."""
        until = time.monotonic() + PATIENCE_SECONDS
        self.builder.start(list_id)
        while self.builder.is_at_work() or is_built_by_anybody(list_id):
            if time.monotonic() > until:
                raise ListNotReady
            time.sleep(_LOOK_WHILE_BUILDING_SECONDS)

    def _fold_at(self) -> int:
        # While files are written, new entries get tables there and not in each process.
        return 5 * self._build_at if self.builder.is_usable else self._build_at


def current_index() -> Index:
    """The index, at most a quarter of a second behind the feed's numbers.

    Raises ListNotReady where so much has to be read first that nobody should wait for it.
    """
    return _follower[0].look()


def keep_index() -> None:
    """See to it that the files are not far behind, also where nobody asks for matches."""
    with contextlib.suppress(ListNotReady):
        _follower[0].look()


def look_at_once() -> None:
    """Whoever has just numbered changes knows that there is news."""
    _follower[0].look_next_at = 0.0


def _start_anew_if_interrupted() -> None:
    """A fork while a thread of the parent was catching up leaves a lock that nobody opens and half an index."""
    if _follower[0].lock.locked():
        _follower[0] = _Follower()
    else:
        # What the parent started is the parent's.
        _follower[0].builder = Builder()


_follower = [_Follower()]
os.register_at_fork(after_in_child=_start_anew_if_interrupted)
