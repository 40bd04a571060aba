from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import access_code
from cases.errors import CodeMistyped

VECTORS = json.loads(Path(__file__).with_name("access_code_vectors.json").read_text())

symbol = st.sampled_from(access_code.ALPHABET)
codes = st.builds(
    lambda symbols: access_code.compose(selector=symbols[:5], secret=symbols[5:]),
    st.text(symbol, min_size=19, max_size=19),
)


def _is_refused(typed: str) -> bool:
    try:
        access_code.normalise(typed)
    except CodeMistyped:
        return True
    return False


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: repr(vector["typed"]))
def test_the_shared_vectors_hold(vector: dict[str, str | None]) -> None:
    typed = str(vector["typed"])

    if vector["valid"]:
        assert access_code.normalise(typed) == vector["normalised"]
    else:
        assert _is_refused(typed)


@given(code=codes)
def test_a_code_reads_as_four_groups_of_five(code: str) -> None:
    assert [len(group) for group in code.split("-")] == [5, 5, 5, 5]
    assert access_code.normalise(code) == code.replace("-", "")


@given(code=codes)
def test_every_single_wrong_symbol_is_caught(code: str) -> None:
    symbols = code.replace("-", "")

    for place, right in enumerate(symbols):
        for wrong in access_code.ALPHABET.replace(right, ""):
            assert _is_refused(symbols[:place] + wrong + symbols[place + 1 :])


@given(code=codes)
def test_every_swap_of_neighbours_is_caught(code: str) -> None:
    symbols = code.replace("-", "")

    for place in range(len(symbols) - 1):
        left, right = symbols[place], symbols[place + 1]
        if left != right:
            assert _is_refused(symbols[:place] + right + left + symbols[place + 2 :])


@given(random=st.binary(min_size=9, max_size=32))
def test_symbols_are_the_first_bits_in_order(random: bytes) -> None:
    symbols = access_code.symbols_from(random, count=14)

    bits = "".join(f"{access_code.ALPHABET.index(one):05b}" for one in symbols)
    assert f"{int.from_bytes(random, 'big'):0{8 * len(random)}b}".startswith(bits)


def test_the_alphabet_has_no_letters_that_look_alike() -> None:
    assert Counter(access_code.ALPHABET).most_common(1)[0][1] == 1
    assert len(access_code.ALPHABET) == 32
    assert not set("ILOU") & set(access_code.ALPHABET)
