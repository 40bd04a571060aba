"""Write golden_fingerprints.json with the reference libraries: `python -m tests.hashes.make_golden`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import imagehash
import numpy as np
import pdqhash

from hashes.variants import VARIANTS, Pixels, applied
from tests.photographs import Photograph, installed

GOLDEN = Path(__file__).with_name("golden_fingerprints.json")
# Every form of these few; of the others the original is enough.
WITH_FORMS = {"china", "retina"}


def main() -> None:
    golden = {photograph.name: values_of(photograph) for photograph in installed()}
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


def values_of(photograph: Photograph) -> dict[str, object]:
    picture = photograph.open()
    pixels = np.asarray(picture)
    forms = VARIANTS if photograph.name in WITH_FORMS else ()
    return {
        "pixels_sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "width": picture.width,
        "height": picture.height,
        "pdq": reference_pdq(pixels),
        "phash": str(imagehash.phash(picture)),
        "forms": {form["name"]: reference_pdq(applied(form, pixels)) for form in forms},
    }


def reference_pdq(pixels: Pixels) -> tuple[str, int]:
    """The C++ reference's hash and quality."""
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return np.packbits(bits).tobytes().hex(), int(quality)


if __name__ == "__main__":
    main()
