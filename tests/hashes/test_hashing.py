from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from hashes.errors import NotAPicture, PictureCutOff, PictureTooLarge
from hashes.fingerprints import Fingerprint
from hashes.hashing import exact_hashes, fingerprint_file
from hashes.perceptual import distance, pdq
from tests.hashes.encodings import cut_off, encoded, oriented, variety
from tests.photographs import PHOTOGRAPHS

CHINA = PHOTOGRAPHS[0]


def _value(fingerprints: list[Fingerprint], algorithm: str, variant: str = "original") -> str:
    [found] = [one for one in fingerprints if (one.algorithm, one.variant) == (algorithm, variant)]
    return found.value


@pytest.fixture(scope="module")
def china() -> Image.Image:
    return CHINA.open()


def test_a_file_and_its_bytes_have_the_same_fingerprints(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(CHINA.read_bytes())
    assert fingerprint_file(tmp_path / "picture") == fingerprint_file(CHINA.read_bytes())


def test_exact_hashes_are_those_of_the_bytes() -> None:
    content = CHINA.read_bytes()
    assert exact_hashes(content) == [
        Fingerprint("sha256", hashlib.sha256(content).hexdigest()),
        Fingerprint("md5", hashlib.md5(content, usedforsecurity=False).hexdigest()),
    ]


@pytest.mark.parametrize("form", ["BMP", "TIFF", "GIF", "JPEG2000", "PNG", "WEBP", "JPEG"])
@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_a_picture_of_any_mode_is_hashed_from_its_file(
    mode: str, form: str, china: Image.Image, tmp_path: Path
) -> None:
    grey = china.convert("L")
    picture = (
        Image.fromarray(np.asarray(grey).astype(np.uint16) << 8) if mode == "I;16" else china.convert(mode)
    )
    if mode == "I;16" and form in {"GIF", "WEBP"}:
        pytest.skip(f"Pillow writes {form} from the lower half of each number.")
    try:
        content = encoded(picture, form)
    except (OSError, ValueError):
        pytest.skip(f"{form} holds no {mode}.")
    (tmp_path / "picture").write_bytes(content)
    found = fingerprint_file(tmp_path / "picture")
    own = pdq(np.asarray(grey)).value
    assert distance(_value(found, "pdq"), own) <= (120 if mode == "1" else 16)


@pytest.mark.parametrize("turn", range(2, 9))
def test_a_phones_photo_is_hashed_as_it_is_seen_and_as_it_is_stored(turn: int, china: Image.Image) -> None:
    stored = _value(fingerprint_file(encoded(china, "JPEG")), "pdq")
    fingerprints = fingerprint_file(oriented(china, turn))
    assert _value(fingerprints, "pdq", "as-stored") == stored
    assert distance(_value(fingerprints, "pdq"), stored) > 90


def test_a_photo_without_a_note_is_hashed_once(china: Image.Image) -> None:
    assert len(fingerprint_file(oriented(china, 1))) == 4


def test_every_way_of_writing_a_picture_down_finds_it(china: Image.Image) -> None:
    upright = {name: content for name, content in variety(china).items() if "turned" not in name}
    solid = {name: content for name, content in upright.items() if not name.startswith("see-through")}
    original = pdq(CHINA.pixels()).value
    far = {
        name: distance(_value(fingerprint_file(content), "pdq"), original) for name, content in solid.items()
    }
    assert {name: bits for name, bits in far.items() if bits > 10} == {}


def test_of_a_jpeg_the_brightness_is_enough(china: Image.Image) -> None:
    large = china.resize((6_000, 4_100))
    for picture in (china, large):
        content = encoded(picture, "JPEG")
        whole = pdq(np.asarray(Image.open(BytesIO(content)).convert("RGB"))).value
        assert distance(_value(fingerprint_file(content), "pdq"), whole) <= 4


def test_what_shines_through_is_white(china: Image.Image) -> None:
    clear = china.convert("RGBA")
    clear.putalpha(0)
    assert [one.algorithm for one in fingerprint_file(encoded(clear, "PNG"))] == ["sha256", "md5"]


def test_a_picture_of_one_colour_has_exact_hashes_only() -> None:
    red = encoded(Image.new("RGB", (400, 300), "red"), "PNG")
    assert [one.algorithm for one in fingerprint_file(red)] == ["sha256", "md5"]


@pytest.mark.parametrize("content", [b"", b"Dear diary,", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_called_so(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        fingerprint_file(content)


def test_a_program_that_draws_a_picture_is_not_run(
    china: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", _unpacked)
    with pytest.raises(NotAPicture):
        fingerprint_file(encoded(china, "EPS"))


@pytest.mark.parametrize("extension", ["jpg", "png", "gif", "bmp"])
def test_half_a_picture_is_called_so(extension: str, china: Image.Image) -> None:
    with pytest.raises(PictureCutOff):
        fingerprint_file(cut_off(china)[f"half.{extension}"])


@pytest.mark.parametrize("side", [12_000, 30_000])
def test_a_decompression_bomb_is_refused_before_it_is_unpacked(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = encoded(Image.new("1", (side, side)), "PNG")
    assert len(bomb) < 200_000
    monkeypatch.setattr(Image.Image, "convert", _unpacked)
    with pytest.raises(PictureTooLarge):
        fingerprint_file(bomb)


def _unpacked(*_: object, **__: object) -> Callable[[], None]:
    raise AssertionError("The bomb went off.")
