"""Fingerprints: are they the reference's, and what do they cost for a phone's photo in a real browser?

Run as `python -m benchmarks.fingerprints`. A figure's peer is Pillow with `pdqhash` on this machine.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import django
import numpy as np
from PIL import Image

from benchmarks.bench import ROOT, Bench
from benchmarks.in_chromium import cost_of, told_about
from benchmarks.mosaics import as_jpeg, mosaic
from benchmarks.references import Reference, available, reference_pdq
from hashes.hashing import fingerprint_file, grey_of, phash
from hashes.jarosz import smoothed
from hashes.perceptual import Pdq, distance, pdq
from hashes.variants import VARIANTS, applied
from tests.hashes.encodings import variety
from tests.hashes.frame import only
from tests.photographs import PHOTOGRAPHS, Photograph, installed

IN_ONE_REPORT = 10
ROUNDS = 5
JPEGS = 6
COPY_SIDES = (512, 1024, 2048)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    bench = Bench("fingerprints", "Fingerprints")
    with tempfile.TemporaryDirectory() as folder:
        same_pixels(bench)
        files_in_chromium(bench, Path(folder))
        forms_from_small_copies(bench, Path(folder))
        speed_on_the_server(bench)
        jpegs_on_the_server(bench)
        speed_in_chromium(bench, Path(folder))
        a_long_video(bench, Path(folder))
    bench.finish()


def same_pixels(bench: Bench) -> None:
    """Our Python against the reference; the scripts are held to the same golden values by their tests."""
    if not available():
        print("pdqhash is not installed here, so nothing is compared with it.")
        return
    pictures = [photograph.pixels() for photograph in installed()]
    ours = [pdq(pixels) for pixels in pictures]
    reference = [reference_pdq(pixels) for pixels in pictures]
    bits = [distance(one.value, other.value) for one, other in zip(ours, reference, strict=True)]
    wrong = [one.quality != other.quality for one, other in zip(ours, reference, strict=True)]
    bench.add("same pixels, ours and pdqhash: pictures", len(pictures), "pictures")
    bench.add("same pixels, ours and pdqhash: most bits apart", max(bits), "bits")
    bench.add("same pixels, ours and pdqhash: qualities that differ", sum(wrong), "pictures")


def files_in_chromium(bench: Bench, folder: Path) -> None:
    photographs = [one for one in installed() if not one.path.endswith(".npz")]
    chosen = [_written(folder, _file_name(one), one.read_bytes()) for one in photographs]
    told = told_about(chosen)
    bits: dict[str, list[int]] = {"photos": [], "phash": []}
    for photograph, said in zip(photographs, told, strict=True):
        if said["problem"]:
            continue
        _compare(photograph, said["fingerprints"], bits)
    bench.add("file in Chromium and in Pillow + pdqhash: most bits apart", max(bits["photos"]), "bits")
    bench.add("file in Chromium and in imagehash: most bits apart", max(bits["phash"]), "bits")
    formats_in_chromium(bench, folder)


def formats_in_chromium(bench: Bench, folder: Path) -> None:
    contents = variety(PHOTOGRAPHS[0].open())
    chosen = [_written(folder, name, content) for name, content in contents.items()]
    far = []
    for path, said in zip(chosen, told_about(chosen), strict=True):
        far.append(distance(only(said["fingerprints"], "pdq")["value"], _server_pdq(path)))
    bench.add(
        f"{len(far)} ways of writing a picture down: most bits from the server's hash", max(far), "bits"
    )
    sizes = [len(json.dumps(said["fingerprints"])) for said in told_about(chosen[:1])]
    bench.add("one picture in the report's body", sizes[0] / 1024, "KB")


def forms_from_small_copies(bench: Bench, folder: Path) -> None:
    """How far the forms' hashes stand from those of full-size pictures, by the size of the copy."""
    node = shutil.which("node")
    if node is None:
        print("node is not installed, so the sizes of small copies are not compared.")
        return
    pixels = np.asarray(mosaic(1))
    full = {form["name"]: pdq(applied(form, pixels)).value for form in VARIANTS}
    raw = _written(folder, "pixels.rgba", Image.fromarray(pixels).convert("RGBA").tobytes())
    size = [str(pixels.shape[1]), str(pixels.shape[0])]
    command = [node, str(ROOT / "benchmarks" / "forms.mjs"), str(raw), *size, *map(str, COPY_SIDES)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    for side, made in found.items():
        bits = [distance(full[name], value) for name, value in made["hashes"].items()]
        bench.add(
            f"64 forms from a copy of {side} px: median from full size", statistics.median(bits), "bits"
        )
        bench.add(f"64 forms from a copy of {side} px: most from full size", max(bits), "bits")
        bench.add(f"64 forms from a copy of {side} px: processor time in node", made["took"], "ms")


def speed_on_the_server(bench: Bench) -> None:
    pixels = np.asarray(mosaic(2))
    peer = _median_ms(lambda: reference_pdq(pixels)) if available() else None
    bench.add("12 MP, PDQ compiled by numba", _median_ms(lambda: pdq(pixels)), "ms", peer=peer)
    bench.add("12 MP, PDQ in numpy alone", _median_ms(lambda: pdq(pixels, sampled=smoothed)), "ms", peer=peer)


def jpegs_on_the_server(bench: Bench) -> None:
    """From the bytes to the PDQ: ours by the brightness alone, the reference by all pixels, file by file in turns."""
    if not available():
        return
    files = [as_jpeg(mosaic(seed)) for seed in range(JPEGS)]
    pairs = [(_ours(file), _reference(file)) for file in files]
    bits = [distance(ours.value, reference.value) for ours, reference in pairs]
    taken = [(_median_ms(partial(_ours, file)), _median_ms(partial(_reference, file))) for file in files]
    ours, peer = (statistics.median(column) for column in zip(*taken, strict=True))
    bench.add("12 MP JPEG, from its bytes to its PDQ (peer: Pillow and pdqhash)", ours, "ms", peer=peer)
    bench.add("12 MP JPEG, most bits from pdqhash", max(bits), "bits")


def _ours(file: bytes) -> Pdq:
    return pdq(np.asarray(grey_of(Image.open(BytesIO(file)))))


def _reference(file: bytes) -> Reference:
    return reference_pdq(np.asarray(Image.open(BytesIO(file)).convert("RGB")))


def speed_in_chromium(bench: Bench, folder: Path) -> None:
    contents = [as_jpeg(mosaic(seed)) for seed in range(IN_ONE_REPORT)]
    chosen = [_written(folder, f"{number}.jpg", content) for number, content in enumerate(contents)]
    peer = _peer_ms(chosen[0]) if available() else None
    first = [cost_of(chosen[:1]) for _ in range(ROUNDS)]
    many = cost_of(chosen)
    bench.add("12 MP JPEG", len(contents[0]) / 2**20, "MB")
    bench.add(
        "12 MP with all forms, first of a report: median (peer: decode and one PDQ)",
        statistics.median(cost.milliseconds[0] for cost in first),
        "ms",
        peer=peer,
    )
    bench.add(
        "12 MP with all forms, median of ten in a report",
        statistics.median(many.milliseconds),
        "ms",
        peer=peer,
    )
    bench.add("12 MP with all forms, the tenth in a report", many.milliseconds[-1], "ms", peer=peer)
    bench.add(
        "12 MP with all forms, processor time of the browser", many.processor_milliseconds / len(chosen), "ms"
    )
    bench.add("memory added by the first, all processes", statistics.median(c.megabytes for c in first), "MB")
    bench.add("memory added by ten, all processes", many.megabytes, "MB")
    bench.add("longest the page stood still during ten", many.longest_gap, "ms")


def a_long_video(bench: Bench, folder: Path) -> None:
    """A quarter of a gigabyte, to see that memory does not grow with the file."""
    header = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
    path = _written(folder, "long.mp4", header + os.urandom(2**20) * 256)
    cost = cost_of([path])
    bench.add("video of 256 MB: SHA-256 and MD5", 256 / cost.milliseconds[0] * 1000, "MB/s")
    bench.add("video of 256 MB: memory added", cost.megabytes, "MB")


def _compare(photograph: Photograph, fingerprints: list[dict[str, Any]], bits: dict[str, list[int]]) -> None:
    pixels = photograph.pixels()
    reference = reference_pdq(pixels).value if available() else pdq(pixels).value
    bits["photos"].append(distance(only(fingerprints, "pdq")["value"], reference))
    bits["phash"].append(distance(only(fingerprints, "phash")["value"], phash(photograph.open())))


def _server_pdq(path: Path) -> str:
    fingerprints = fingerprint_file(path)
    return next(one.value for one in fingerprints if (one.algorithm, one.variant) == ("pdq", "original"))


def _peer_ms(path: Path) -> float:
    return _median_ms(lambda: reference_pdq(np.asarray(Image.open(path).convert("RGB"))))


def _median_ms(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _file_name(photograph: Photograph) -> str:
    return photograph.path.rsplit("/", 1)[-1]


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    main()
