"""What is found again: real photographs, changed as copies are, looked for by their listed hashes.

Run as `python -m benchmarks.detection`; it also draws var/bench/detection.svg and var/bench/forms.svg. A figure's
peer is the recall with the photograph's own PDQ alone, which is what a list without our forms finds.

Platforms that compare hashes of their own find what the forms find. Whoever asks with the picture itself, or scans,
finds what is inside of a frame too.

Measured twice: on photographs that nothing was chosen with, which is what to quote, and on those with which some of the forms,
their number and the two numbers of the frames were chosen. The changes are drawn and not captured from phones. Their strengths,
where they have one, are not those of the forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps
from rich.progress import track

from benchmarks.bench import FOLDER, Bench
from benchmarks.changes import GROUPS, passed_on
from benchmarks.charts import draw_bars, draw_lines
from benchmarks.photographs import held_out
from benchmarks.reconstruction import all_pictures, correlations, taught
from hashes.frames import inside
from hashes.hashing import phash
from hashes.index import RADIUS
from hashes.perceptual import WORST_TRUSTED_QUALITY, distance, pdq
from hashes.variants import VARIANTS, applied
from tests.photographs import PHOTOGRAPHS, Photograph

# A slide of an eye's blood vessels, which the tests have no use for.
MORE = (Photograph("skimage", "data/microaneurysms.png"),)
# Two views of one scene are no different pictures.
SAME_SCENE = frozenset({"motorcycle_left", "motorcycle_right"})
HARDEST = 4
# Smaller ones are enlarged: a phone's photographs have at least that many pixels, and are as smooth at that size.
SIZE = (1_024, 1_024)
SOME = (0, 8, 16, 24, 32, 40, 48, 56, 64)
WAYS = ("the photograph's own PDQ", "with our 64 forms", "and inside of a frame", "and pHash, for a person")
PROMISED = {number for number, group in enumerate(GROUPS) if group.target}

Bits = NDArray[np.uint64]
Distances = NDArray[np.int64]


class Listed(NamedTuple):
    name: str
    bits: Bits  # A row of four words for the photograph and for each form.
    phash: str


class Copy(NamedTuple):
    """A changed copy, and how far it is from what is listed of its photograph."""

    group: int
    # Its own bits, and those of what is inside of its frame, if it has one.
    bits: tuple[Bits, ...]
    # From each hash that is listed; for the whole copy.
    near: Distances
    is_inside: bool
    is_hint: bool

    @property
    def is_own(self) -> bool:
        return bool(self.near[0] <= RADIUS["pdq"])

    @property
    def is_found(self) -> bool:
        return bool(self.near.min() <= RADIUS["pdq"])

    @property
    def is_found_in_any_way(self) -> bool:
        return self.is_found or self.is_inside


class Measured(NamedTuple):
    listed: Listed
    copies: list[Copy]


def main() -> None:
    bench = Bench("detection", "What is found again: recall at PDQ <= 31")
    known = [(photograph.name, photograph.open()) for photograph in PHOTOGRAPHS + MORE]
    with ProcessPoolExecutor() as pool:
        others = all_measured(pool, "photographs held out", held_out())
        known_ones = all_measured(pool, "photographs chosen with", known)
    both = [*others, *known_ones]
    rows = recalls(bench, others)
    hardest_photographs(bench, others)
    bench.add("THOSE WITH WHICH FORMS AND FRAMES WERE CHOSEN, from here on", len(known_ones), "photographs")
    recalls(bench, known_ones)
    hardest_photographs(bench, known_ones)
    bench.add("ALL OF THEM, from here on", len(both), "photographs")
    promised(bench, both)
    false_alarms(bench, both)
    found = fewest_forms(bench, known_ones, others)
    shown = what_they_show(bench, known_ones)
    bench.finish()
    draw_bars(FOLDER / "detection.svg", title="Copies found again", ways=WAYS, rows=rows)
    lines = {"found, mean over the kinds of change": found, "shown by a reconstruction, correlation": shown}
    draw_lines(FOLDER / "forms.svg", title="By the number of forms", lines=lines)
    print(f"Drawn in {FOLDER}: detection.svg and forms.svg")


def all_measured(pool: Executor, what: str, pictures: Sequence[tuple[str, Image.Image]]) -> list[Measured]:
    names, looks = zip(*pictures, strict=True)
    found = track(pool.map(measured, names, looks), description=what, total=len(names))
    return [one for one in found if one]


def measured(name: str, picture: Image.Image) -> Measured | None:
    """Nothing for one that is too even: it is listed by exact hashes only."""
    picture = ImageOps.contain(picture, SIZE)
    if pdq(np.asarray(picture)).quality < WORST_TRUSTED_QUALITY:
        return None
    one = listed(name, picture)
    copies = [
        copy_of(passed_on(change(picture)), of=one, group=number)
        for number, group in enumerate(GROUPS)
        for change in group.changes
    ]
    return Measured(one, copies)


def listed(name: str, picture: Image.Image) -> Listed:
    pixels = np.asarray(picture)
    values = [pdq(pixels).value, *(pdq(applied(form, pixels)).value for form in VARIANTS)]
    return Listed(name, np.stack([bits_of(value) for value in values]), phash(picture))


def copy_of(changed: Image.Image, *, of: Listed, group: int) -> Copy:
    box = inside(changed)
    looks = [changed, changed.crop(box)] if box else [changed]
    bits = tuple(bits_of(pdq(np.asarray(look)).value) for look in looks)
    return Copy(
        group,
        bits,
        near=distances(bits[0], of.bits),
        is_inside=any(bool(distances(one, of.bits).min() <= RADIUS["pdq"]) for one in bits[1:]),
        is_hint=any(distance(phash(look), of.phash) <= RADIUS["phash"] for look in looks),
    )


def recalls(bench: Bench, photographs: Sequence[Measured]) -> dict[str, tuple[float, ...]]:
    bench.add("photographs with enough detail", len(photographs), "photographs")
    bench.add("changed copies of them", sum(len(one.copies) for one in photographs), "copies")
    rows: dict[str, tuple[float, ...]] = {}
    for number, group in enumerate(GROUPS):
        copies = [copy for one in photographs for copy in one.copies if copy.group == number]
        own = share(copy.is_own for copy in copies)
        forms = share(copy.is_found for copy in copies)
        framed = share(copy.is_found_in_any_way for copy in copies)
        person = share(copy.is_found_in_any_way or copy.is_hint for copy in copies)
        rows[group.name] = (own, forms, framed, person)
        target = f", at least {group.target:.0%} meant" if group.target else ""
        bench.add(f"{group.name}{target}", 100 * forms, "%", peer=100 * own)
        bench.add(f"{group.name}: and inside of a frame", 100 * framed, "%", peer=100 * own)
        bench.add(f"{group.name}: and pHash, for a person", 100 * person, "%", peer=100 * own)
    return rows


def promised(bench: Bench, photographs: Sequence[Measured]) -> None:
    for number in sorted(PROMISED):
        copies = [copy for one in photographs for copy in one.copies if copy.group == number]
        target = f"at least {GROUPS[number].target:.0%} meant"
        bench.add(f"{GROUPS[number].name}, {target}", 100 * share(copy.is_found for copy in copies), "%")


def hardest_photographs(bench: Bench, photographs: Sequence[Measured]) -> None:
    """Where the misses of what is promised come from."""
    shares = sorted(
        (share(copy.is_found for copy in one.copies if copy.group in PROMISED), one.listed.name)
        for one in photographs
    )
    for found, name in shares[:HARDEST]:
        bench.add(f"of what is promised, found of {name}", 100 * found, "%")
    bench.add(
        "of what is promised, found of all others",
        100 * float(np.mean([found for found, _ in shares[HARDEST:]])),
        "%",
    )


def false_alarms(bench: Bench, photographs: Sequence[Measured]) -> None:
    """Every copy, and what is inside of its frame, against everything that is listed of other photographs."""
    alarms = compared = 0
    nearest = 256
    for one in photographs:
        others = [other.listed for other in photographs if not _is_one_scene(one.listed, other.listed)]
        listed_of_others = np.concatenate([other.bits for other in others])
        for copy in one.copies:
            for bits in copy.bits:
                apart = distances(bits, listed_of_others)
                alarms += int((apart <= RADIUS["pdq"]).sum())
                compared += len(apart)
                nearest = min(nearest, int(apart.min()))
    bench.add("different pictures compared", compared, "pairs of hashes")
    bench.add("false alarms", alarms, "pairs of hashes")
    bench.add("nearest different picture", nearest, "bits")


def fewest_forms(bench: Bench, known: Sequence[Measured], others: Sequence[Measured]) -> dict[int, float]:
    """Recall over all groups alike by number of forms: chosen on the known photographs, measured on the others."""
    order = chosen(*found_by_form(known))
    found, groups = found_by_form(others)
    recall = {}
    for count in SOME:
        found_with = np.asarray(found[:, [0, *order[:count]]].any(axis=1))
        recall[count] = _even(found_with, groups)
        name = f"{count} forms, chosen on the known photographs, on the others"
        bench.add(f"{name}: mean over the kinds", 100 * recall[count], "%")
        kept = [found_with[groups == number].mean() >= GROUPS[number].target for number in PROMISED]
        bench.add(
            f"{name}: kinds that reach what is meant of them, of {len(kept)}", float(sum(kept)), "kinds"
        )
    return recall


def what_they_show(bench: Bench, known: Sequence[Measured]) -> dict[int, float]:
    """What an attacker sees of the picture in so many forms, as `benchmarks.reconstruction` guesses it."""
    order = chosen(*found_by_form(known))
    lessons = taught(all_pictures())
    shown = {}
    for count in SOME:
        shown[count] = float(correlations(lessons, forms=(0, *order[:count])).mean())
        bench.add(f"{count} forms: what a reconstruction shows", shown[count], "correlation")
    print("Forms by what each adds:", ", ".join(VARIANTS[form - 1]["name"] for form in order))
    return shown


def found_by_form(photographs: Sequence[Measured]) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Copies x listed hashes, and the group of each copy."""
    copies = [copy for one in photographs for copy in one.copies]
    return np.stack([copy.near for copy in copies]) <= RADIUS["pdq"], np.array(
        [copy.group for copy in copies]
    )


def chosen(found: NDArray[np.bool_], groups: NDArray[np.intp]) -> list[int]:
    """Forms in the order of what each adds to the recall of those before it: of what is promised, then of all kinds."""
    covered = found[:, 0].copy()
    left = set(range(1, found.shape[1]))
    order = []
    while left:
        best = max(sorted(left), key=lambda form: _worth(covered | found[:, form], groups))
        covered |= found[:, best]
        left.discard(best)
        order.append(best)
    return order


def share(found: Iterable[bool]) -> float:
    return float(np.mean(list(found)))


def distances(one: Bits, many: Bits) -> Distances:
    return np.asarray(np.bitwise_count(one ^ many).sum(axis=1), np.int64)


def bits_of(value: str) -> Bits:
    return np.frombuffer(bytes.fromhex(value), np.uint64)


def _is_one_scene(one: Listed, other: Listed) -> bool:
    return one.name == other.name or {one.name, other.name} <= SAME_SCENE


def _worth(found: NDArray[np.bool_], groups: NDArray[np.intp]) -> tuple[float, float]:
    is_promised = np.isin(groups, list(PROMISED))
    return _even(found[is_promised], groups[is_promised]), _even(found, groups)


def _even(found: NDArray[np.bool_], groups: NDArray[np.intp]) -> float:
    """The mean over groups, so that one with many strengths doesn't count for more."""
    return float(np.mean([found[groups == group].mean() for group in np.unique(groups)]))


if __name__ == "__main__":
    main()
