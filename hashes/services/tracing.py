"""Whose list a leaked one was: canaries stand in one platform's list only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from hashes.models import Canary

# Hex of any length that a hash has, and ids of entries with or without their dashes.
_TOKENS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}")


@dataclass(frozen=True)
class Traced:
    """How many of a platform's canaries stand in what was looked through."""

    platform: str
    found: int
    of: int


def trace(lines: Iterable[str]) -> list[Traced]:
    """The platforms whose canaries are among the lines, the surest first. Reads them once, keeps none."""
    owners: dict[str, tuple[str, str]] = {}
    counts: Counter[str] = Counter()
    for pk, value, name in Canary.objects.values_list("pk", "value", "platform__name"):
        counts[name] += 1
        for spelling in (value, str(pk), pk.hex):
            owners[spelling] = (name, value)
    seen = {owners[token] for line in lines for token in _TOKENS.findall(line.lower()) if token in owners}
    found = Counter(name for name, _value in seen)
    return [Traced(name, number, counts[name]) for name, number in found.most_common()]
