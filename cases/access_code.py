"""The access code: `AAAAA-BBBBB-BBBBB-BBBBC` in Crockford's alphabet.

Five symbols select the case, fourteen are the secret (70 bits), the last is a check symbol over GF(32):
the sum of alpha^i times the i-th symbol (i from 1 to 20) is zero. Every weight differs and none is zero, so
one wrong symbol and one swap of neighbours are always caught. The field is GF(2)[x] / (x^5 + x^2 + 1), alpha = x.
`cases/static/cases/access-code.js` does the same; both are held to one file of test vectors.
"""

from __future__ import annotations

from cases.errors import CodeMistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SELECTOR_LENGTH = 5
SECRET_LENGTH = 14
LENGTH = SELECTOR_LENGTH + SECRET_LENGTH + 1

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})
_POLYNOMIAL = 0b100101


def _times(left: int, right: int) -> int:
    """Multiply in GF(32)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0b100000:
            left ^= _POLYNOMIAL
        right >>= 1
    return product


def _powers_of_alpha(count: int) -> list[int]:
    powers = [1]
    for _ in range(count):
        powers.append(_times(powers[-1], 2))
    return powers


# alpha has order 31, so alpha^-20 is alpha^11.
_WEIGHT = _powers_of_alpha(LENGTH)
_LAST_WEIGHT_INVERSE = _powers_of_alpha(31 - LENGTH)[-1]


def _weighted_sum(symbols: str) -> int:
    total = 0
    for position, symbol in enumerate(symbols, start=1):
        total ^= _times(_WEIGHT[position], _VALUE[symbol])
    return total


def check_symbol(symbols: str) -> str:
    """The check symbol for the nineteen symbols before it."""
    return ALPHABET[_times(_weighted_sum(symbols), _LAST_WEIGHT_INVERSE)]


def normalise(text: str) -> str:
    """The twenty symbols that somebody meant: case, spaces and hyphens don't matter, I and L are 1, O is 0.

    Raises CodeMistyped if they can't be a code.
    """
    symbols = "".join(text.split()).replace("-", "").upper().translate(_LOOKALIKES)
    if len(symbols) != LENGTH or not all(symbol in _VALUE for symbol in symbols):
        raise CodeMistyped
    if _weighted_sum(symbols) != 0:
        raise CodeMistyped
    return symbols


def selector(code: str) -> str:
    """The public part of a normalised code; it finds the row."""
    return code[:SELECTOR_LENGTH]


def symbols_from(random: bytes, *, count: int) -> str:
    """`count` symbols from the first 5 * count bits."""
    bits = int.from_bytes(random, "big") >> (8 * len(random) - 5 * count)
    return "".join(ALPHABET[(bits >> (5 * place)) & 31] for place in reversed(range(count)))


def compose(*, selector: str, secret: str) -> str:
    """The whole code as it is shown, in four groups of five."""
    symbols = selector + secret
    symbols += check_symbol(symbols)
    return "-".join(symbols[start : start + 5] for start in range(0, LENGTH, 5))
