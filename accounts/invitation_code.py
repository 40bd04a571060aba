"""The code that one side of a supervision hands to the other: `XXXX-XXXX` in Crockford's alphabet, forty bits.

Short, because it is read out and typed. Guessing is limited elsewhere, and it only opens a question to the teen.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def from_bytes(random: bytes) -> str:
    """Eight symbols from the first five bytes."""
    bits = int.from_bytes(random[:5], "big")
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))


def shown(symbols: str) -> str:
    return f"{symbols[:4]}-{symbols[4:]}"


def meant(text: str) -> str | None:
    """The symbols that somebody meant: case, spaces and hyphens don't matter, I and L are 1, O is 0."""
    symbols = "".join(text.split()).replace("-", "").upper().translate(_LOOKALIKES)
    fits = len(symbols) == LENGTH and all(symbol in ALPHABET for symbol in symbols)
    return symbols if fits else None
