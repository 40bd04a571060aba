"""What a platform may call an account: anything that fits between two slashes of an address."""

from __future__ import annotations

import re

LONGEST = 128
# Addresses of their own beside the accounts, and what clients take out of an address before they send it.
RESERVED = frozenset({"batch", "pairs", ".", ".."})
_ONE_SEGMENT = re.compile(rf"[^/\x00-\x1f\x7f-\x9f]{{1,{LONGEST}}}")


def is_possible(external_id: str) -> bool:
    """Whether any account can have this id."""
    return external_id not in RESERVED and _ONE_SEGMENT.fullmatch(external_id) is not None
