"""Whoever has a picture could test edits of it until one passes. A row of near misses around a hit calls a person.

Keys that read the list are left out: they could test without asking. What is remembered stands in the shared cache for
an hour and in the processes' memory: values that were found, and of near misses a digest each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from threading import Lock
from time import time
from typing import NamedTuple

import numpy as np
import structlog
from django.core.cache import cache
from django.utils import timezone
from numpy.typing import NDArray

from hashes.index import RADIUS
from hashes.models import Concern
from hashes.services.concerns import raise_concern
from platforms.services import CACHE_IS_DOWN

log = structlog.get_logger()

SECONDS = 3600
# Unrelated pictures stand 98 bits apart and more, so what is nearer than this was made from the same one.
NEAR_BITS = 64
# A person who crops and asks again gives up before; copies of one picture that go round bring a few such edits an hour.
NEAR_MISSES = 20
# Two hits nearer to each other than a match's radius are of one picture, so this is a number of pictures.
_MOST_REMEMBERED = 256
_LOOK_EVERY_SECONDS = 1
_MOST_KEYS = 1_000

Words = NDArray[np.uint64]


class Asked(NamedTuple):
    """A PDQ that a key asked about, and whether anything was found."""

    value: str
    is_hit: bool


@dataclass
class _Memory:
    """What one key found in the last hour, as far as this process knows."""

    until: dict[str, float] = field(default_factory=dict)
    # Around these a person was called for already.
    told: dict[str, float] = field(default_factory=dict)
    look_next_at: float = 0.0
    lock: Lock = field(default_factory=Lock)


_memories: dict[str, _Memory] = {}


def watch(*, platform_id: int, key: str, asked: Sequence[Asked]) -> None:
    """Remember what was found, and count what lies near it."""
    if not asked:
        return
    memory, now = _memory_of(key), time()
    with memory.lock:
        _look(memory, key, now)
        hits = {one.value for one in asked if one.is_hit}
        if hits:
            _remember(memory, key, hits, now)
        around = [value for value in memory.until if value not in memory.told]
    missed = [one.value for one in asked if not one.is_hit]
    if missed and around:
        for miss, hit in _near(missed, around):
            _count(memory, hit, miss, key=key, platform_id=platform_id)


def _memory_of(key: str) -> _Memory:
    if len(_memories) > _MOST_KEYS:
        # The shared cache still knows.
        _memories.clear()
    return _memories.setdefault(key, _Memory())


def _look(memory: _Memory, key: str, now: float) -> None:
    """What other processes found; once a second, so that a key without hits costs nearly nothing."""
    if 0 <= memory.look_next_at - now <= _LOOK_EVERY_SECONDS:
        return
    memory.look_next_at = now + _LOOK_EVERY_SECONDS
    with suppress(*CACHE_IS_DOWN):
        memory.until |= cache.get(_name(key)) or {}
    memory.until = _fresh(memory.until, now)
    memory.told = _fresh(memory.told, now)


def _fresh(until: dict[str, float], now: float) -> dict[str, float]:
    """What is not over yet. After the clock was set back, nothing lasts longer than its hour either."""
    kept = {value: at for value, at in until.items() if now < at <= now + SECONDS}
    newest = sorted(kept, key=kept.__getitem__)[-_MOST_REMEMBERED:]
    return {value: kept[value] for value in newest}


def _remember(memory: _Memory, key: str, hits: Iterable[str], now: float) -> None:
    before = dict(memory.until)
    for hit in hits:
        same = [known for _hit, known in _near([hit], list(memory.until), bits=RADIUS["pdq"])]
        # Found again, it is remembered for longer; not at every request, because each change is told to the others.
        for value in same or [hit]:
            if memory.until.get(value, 0) < now + SECONDS / 2:
                memory.until[value] = now + SECONDS
    if memory.until != before:
        with suppress(*CACHE_IS_DOWN):
            memory.until = _fresh((cache.get(_name(key)) or {}) | memory.until, now)
            cache.set(_name(key), memory.until, SECONDS)


def _near(asked: Sequence[str], known: Sequence[str], *, bits: int = NEAR_BITS) -> Iterator[tuple[str, str]]:
    if not asked or not known:
        return
    apart = np.bitwise_count(_words(asked)[:, None, :] ^ _known_words(tuple(known))).sum(axis=2)
    if apart.min() > bits:
        return
    for row, column in np.argwhere(apart <= bits).tolist():
        yield asked[row], known[column]


@lru_cache(maxsize=64)
def _known_words(values: tuple[str, ...]) -> Words:
    return _words(values)


def _words(values: Sequence[str]) -> Words:
    return np.frombuffer(bytes.fromhex("".join(values)), ">u8").astype(np.uint64).reshape(len(values), -1)


def _count(memory: _Memory, hit: str, miss: str, *, key: str, platform_id: int) -> None:
    if hit in memory.told:
        return
    with suppress(*CACHE_IS_DOWN):
        count = _counted(f"{_name(key)}:{hit}", miss)
        if count >= NEAR_MISSES:
            memory.told[hit] = time() + SECONDS
        if count == NEAR_MISSES:
            _call(platform_id, key)


def _counted(name: str, miss: str) -> int:
    """How many different near misses there were around this hit; 0 if this one is known."""
    digest = blake2b(miss.encode(), digest_size=8).hexdigest()
    if not cache.add(f"{name}:{digest}", 1, SECONDS):
        return 0
    cache.add(f"{name}:count", 0, SECONDS)
    return cache.incr(f"{name}:count")


def _call(platform_id: int, key: str) -> None:
    today = timezone.now().date()
    evidence: dict[str, object] = {
        "near_misses": NEAR_MISSES,
        "bits": NEAR_BITS,
        "minutes": SECONDS // 60,
        "key": key,
        "day": today.isoformat(),
    }
    raise_concern(kind=Concern.Kind.PROBING, on=today, evidence=evidence, platform_id=platform_id)
    log.warning("probing_suspected", platform=platform_id)


def _name(key: str) -> str:
    return f"probing:{key}"
