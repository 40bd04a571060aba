from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashes.fingerprints import FRAMED, ORIGINAL
from hashes.jarosz import smoothed
from hashes.perceptual import Pdq, distance, pdq
from hashes.variants import VARIANTS, accepted, applied, names
from tests.photographs import Photograph, installed

GOLDEN = json.loads(Path(__file__).with_name("golden_fingerprints.json").read_text(encoding="utf-8"))
PICTURES = list(installed())
HASHES = st.integers(0, 2**256 - 1).map(lambda bits: f"{bits:064x}")


def _pixels_as_measured(photograph: Photograph) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    pixels = photograph.pixels()
    if hashlib.sha256(pixels.tobytes()).hexdigest() != GOLDEN[photograph.name]["pixels_sha256"]:
        pytest.skip("This machine's decoder gives other pixels than those that were measured.")
    return pixels


def _named(photograph: Photograph) -> str:
    return photograph.name


@pytest.mark.parametrize("photograph", PICTURES, ids=_named)
def test_our_pdq_is_the_references_bit_for_bit(photograph: Photograph) -> None:
    assert list(pdq(_pixels_as_measured(photograph))) == GOLDEN[photograph.name]["pdq"]


@pytest.mark.parametrize("photograph", PICTURES, ids=_named)
def test_numpy_alone_gives_the_same_bits_as_compiled_code(photograph: Photograph) -> None:
    pixels = photograph.pixels()
    assert pdq(pixels, sampled=smoothed) == pdq(pixels)


@pytest.mark.parametrize("name", [name for name, known in GOLDEN.items() if known["forms"]])
def test_altered_forms_are_drawn_as_they_were_measured(name: str) -> None:
    photograph = next(one for one in PICTURES if one.name == name)
    pixels = _pixels_as_measured(photograph)
    drawn = {form["name"]: list(pdq(applied(form, pixels))) for form in VARIANTS}
    assert drawn == GOLDEN[name]["forms"]


def test_a_small_picture_on_white_matches_the_reference_too() -> None:
    gradient = np.full((70, 90, 3), 255, np.uint8)
    gradient[20:50, 10:80] = np.arange(70, dtype=np.uint8)[None, :, None] * 3
    compiled, plain = pdq(gradient), pdq(gradient, sampled=smoothed)
    assert compiled == plain
    assert compiled.quality > 0


def test_a_picture_too_narrow_for_the_reference_has_a_hash_without_worth() -> None:
    assert pdq(np.zeros((4, 300, 3), np.uint8)) == Pdq("0" * 64, 0)


def test_an_even_picture_has_no_quality() -> None:
    assert pdq(np.full((200, 300, 3), 128, np.uint8)).quality == 0


@given(one=HASHES, other=HASHES, third=HASHES)
def test_distance_is_a_distance(one: str, other: str, third: str) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one)
    assert distance(one, third) <= distance(one, other) + distance(other, third)


@given(value=HASHES, bits=st.sets(st.integers(0, 255)))
def test_distance_counts_the_bits_that_were_turned(value: str, bits: set[int]) -> None:
    turned = int(value, 16) ^ sum(1 << bit for bit in bits)
    assert distance(value, f"{turned:064x}") == len(bits)


def test_hashes_of_different_lengths_have_no_distance() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        distance("00", "0000")


def test_there_are_64_forms_with_names_of_their_own() -> None:
    assert len(VARIANTS) == 64
    assert len(names()) == 65
    assert ORIGINAL in names()
    # A page that was opened before a form went still names it.
    assert accepted() > names()
    assert {"bars-3-7", FRAMED} <= accepted() - names()
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-") for name in names())


def test_a_quarter_turn_goes_clockwise() -> None:
    corner = np.zeros((3, 5))
    corner[0, 0] = 1
    turned = next(form for form in VARIANTS if form["name"] == "rotate-90")
    assert applied(turned, corner)[0, -1] == 1


def test_bars_take_their_share_of_the_screen() -> None:
    picture = np.full((895, 500), 7.0)
    bars = next(form for form in VARIANTS if form["name"] == "bars-4.5-6")
    screen = applied(bars, picture)
    assert screen.shape == (1000, 500)
    assert (screen[:45] == 0).all()
    assert (screen[45:940] == 7).all()
    assert (screen[940:] == 0).all()


def test_signs_stand_where_a_phone_has_them() -> None:
    picture = np.full((895, 1000), 7.0)
    form = next(form for form in VARIANTS if form["name"] == "bars-4.5-6-light-signs")
    screen = applied(form, picture)
    assert screen.shape == (1000, 1000)
    assert (screen[45:940] == 7).all()
    assert (screen[16:29, 110:190] == 92).all()
    assert (screen[16:30, 860:935] == 153).all()
    assert (screen[980:986, 325:675] == 153).all()
    assert (screen[0:15] == 0).all()
    assert (screen[986:] == 0).all()
