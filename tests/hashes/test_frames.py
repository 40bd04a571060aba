"""A copy in a frame is found by what the frame holds, whatever is listed of the picture."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageOps

from hashes.frames import inside
from hashes.hashing import fingerprint_file
from hashes.index import RADIUS
from hashes.perceptual import distance
from hashes.services import publish
from tests.hashes.encodings import encoded
from tests.hashes.framing import FRAMES, in_a_chat
from tests.makers import client_of, make_picture, make_platform
from tests.photographs import PHOTOGRAPHS, Photograph

CHINA, FLOWER = PHOTOGRAPHS[:2]


def pdqs(content: bytes) -> dict[str, str]:
    return {one.variant: one.value for one in fingerprint_file(content) if one.algorithm == "pdq"}


@pytest.mark.parametrize("photograph", [*PHOTOGRAPHS[:3], PHOTOGRAPHS[5]], ids=lambda one: one.name)
@pytest.mark.parametrize("frame", FRAMES)
def test_what_a_frame_holds_is_hashed_too(frame: str, photograph: Photograph) -> None:
    picture = photograph.open()
    own = pdqs(encoded(picture, "PNG"))["original"]
    found = pdqs(encoded(FRAMES[frame](picture), "JPEG"))
    assert distance(found["framed"], own) <= RADIUS["pdq"]
    assert distance(found["original"], own) > RADIUS["pdq"] or frame == "border"


@pytest.mark.parametrize("photograph", [CHINA, FLOWER], ids=lambda one: one.name)
def test_a_photograph_without_a_frame_is_hashed_once(photograph: Photograph) -> None:
    assert inside(photograph.open()) is None


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_the_place_is_exact_to_a_five_hundredth(mode: str) -> None:
    picture = CHINA.open().resize((1_600, 1_200)).convert(mode)
    left, upper, right, lower = 100, 240, 60, 300
    box = inside(ImageOps.expand(picture, (left, upper, right, lower), 255 if mode == "L" else "white"))
    assert box is not None
    meant = (left, upper, left + 1_600, upper + 1_200)
    assert max(abs(one - other) for one, other in zip(box, meant, strict=True)) <= 1_740 / 512


PIXELS = arrays(
    np.uint8, st.tuples(st.integers(1, 60), st.integers(1, 60)), elements=st.sampled_from([0, 1, 90, 255])
)


@given(PIXELS)
def test_any_picture_has_a_place_within_itself_or_none(pixels: np.ndarray) -> None:
    picture = Image.fromarray(pixels)
    box = inside(picture)
    if box is not None:
        assert 0 <= box.left < box.right <= picture.width
        assert 0 <= box.upper < box.lower <= picture.height


@pytest.mark.django_db
def test_a_screenshot_of_a_chat_is_matched(now: datetime) -> None:
    make_picture(*fingerprint_file(CHINA.read_bytes()))
    publish(now=now)
    content = encoded(in_a_chat(CHINA.open()), "PNG")
    platform = make_platform(scopes=("match",))
    answer = client_of(platform.key).post("/api/v1/match/media/", content, content_type="image/png")
    assert answer.json()["verdict"] == "match"
