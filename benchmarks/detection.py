"""What is found again: real photographs, changed as copies are, looked for by their listed hashes.

Run as `python -m benchmarks.detection`; it also draws var/bench/detection.svg. A figure's peer is the recall
with the photograph's own PDQ alone, which is what a list without our forms finds.

What to know before quoting it: the photographs are few, the changes are drawn and not captured from phones, and
some of these photographs were among those with which the forms were chosen. The strengths of the changes,
where they have one, were not. So the order in which the fewest forms are chosen here is chosen on one half of the photographs and
measured on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks.bench import FOLDER, Bench
from benchmarks.changes import GROUPS, passed_on
from benchmarks.charts import draw_bars
from benchmarks.reconstruction import correlations, taught
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
LARGEST = (1_024, 1_024)
SOME = (0, 4, 8, 16, 24, 32, 40, 48, 56, 64)
GUESSED_FROM = (0, 8, 24, 40, 64)
WAYS = ("the photograph's own PDQ", "with our 64 forms", "and pHash, for a person")

Bits = NDArray[np.uint8]
Distances = NDArray[np.int64]


class Listed(NamedTuple):
    name: str
    bits: Bits  # A row for the photograph and for each form.
    phash: str


class Copy(NamedTuple):
    """A changed copy: whose, of which group, and how far it is from what is listed."""

    owner: int
    group: int
    bits: Bits
    phash: str


def main() -> None:
    photographs, pictures = usable()
    lists = [
        listed(photograph.name, picture) for photograph, picture in zip(photographs, pictures, strict=True)
    ]
    copies = [copy for owner, picture in enumerate(pictures) for copy in copies_of(picture, owner)]
    near = [distances(copy.bits, lists[copy.owner].bits) for copy in copies]
    bench = Bench("detection", "What is found again: recall at PDQ <= 31")
    bench.add("photographs with enough detail", len(lists), "photographs")
    bench.add("changed copies of them", len(copies), "copies")
    rows = recalls(bench, lists, copies, near)
    hardest_photographs(bench, lists, copies, near)
    false_alarms(bench, lists, copies)
    fewest_forms(bench, copies, near)
    what_they_show(bench, copies, near)
    bench.finish()
    chart = FOLDER / "detection.svg"
    draw_bars(chart, title="Copies found again", ways=WAYS, rows=rows)
    print(f"Drawn in {chart}")


def usable() -> tuple[list[Photograph], list[Image.Image]]:
    """Photographs of trusted quality; one that is too even is listed by exact hashes only."""
    found = [(photograph, ImageOps.contain(photograph.open(), LARGEST)) for photograph in PHOTOGRAPHS + MORE]
    kept = [
        (photograph, picture)
        for photograph, picture in found
        if pdq(np.asarray(picture)).quality >= WORST_TRUSTED_QUALITY
    ]
    return [photograph for photograph, _ in kept], [picture for _, picture in kept]


def listed(name: str, picture: Image.Image) -> Listed:
    pixels = np.asarray(picture)
    values = [pdq(pixels).value, *(pdq(applied(form, pixels)).value for form in VARIANTS)]
    return Listed(name, np.stack([bits_of(value) for value in values]), phash(picture))


def copies_of(picture: Image.Image, owner: int) -> list[Copy]:
    copies = []
    for number, group in enumerate(GROUPS):
        for change in group.changes:
            changed = passed_on(change(picture))
            copies.append(Copy(owner, number, bits_of(pdq(np.asarray(changed)).value), phash(changed)))
    return copies


def recalls(
    bench: Bench, lists: Sequence[Listed], copies: Sequence[Copy], near: Sequence[Distances]
) -> dict[str, tuple[float, ...]]:
    rows = {}
    for number, group in enumerate(GROUPS):
        places = [place for place, copy in enumerate(copies) if copy.group == number]
        own = [bool(near[place][0] <= RADIUS["pdq"]) for place in places]
        ours = [bool(near[place].min() <= RADIUS["pdq"]) for place in places]
        hints = [_is_hint(copies[place], lists) for place in places]
        person = [one or hint for one, hint in zip(ours, hints, strict=True)]
        rows[group.name] = shares = tuple(100 * float(np.mean(found)) for found in (own, ours, person))
        target = f", at least {group.target:.0%} meant" if group.target else ""
        bench.add(f"{group.name}{target}", shares[1], "%", peer=shares[0])
        bench.add(f"{group.name}: with pHash, for a person", shares[2], "%", peer=shares[0])
    return {name: tuple(share / 100 for share in shares) for name, shares in rows.items()}


def hardest_photographs(
    bench: Bench, lists: Sequence[Listed], copies: Sequence[Copy], near: Sequence[Distances]
) -> None:
    """Where the misses of what is promised come from."""
    promised = {number for number, group in enumerate(GROUPS) if group.target}
    shares = []
    for owner, one in enumerate(lists):
        places = [
            place for place, copy in enumerate(copies) if copy.owner == owner and copy.group in promised
        ]
        found = np.mean([near[place].min() <= RADIUS["pdq"] for place in places])
        shares.append((float(found), one.name))
    for share, name in sorted(shares)[:HARDEST]:
        bench.add(f"of what is promised, found of {name}", 100 * share, "%")
    kept = [share for share, _ in sorted(shares)[HARDEST:]]
    bench.add("of what is promised, found of all others", 100 * float(np.mean(kept)), "%")


def false_alarms(bench: Bench, lists: Sequence[Listed], copies: Sequence[Copy]) -> None:
    """Every copy against everything that is listed of other photographs."""
    alarms = compared = 0
    nearest = 256
    for copy in copies:
        for owner, other in enumerate(lists):
            if owner == copy.owner or {lists[copy.owner].name, other.name} <= SAME_SCENE:
                continue
            bits = distances(copy.bits, other.bits)
            alarms += int((bits <= RADIUS["pdq"]).sum())
            compared += len(bits)
            nearest = min(nearest, int(bits.min()))
    bench.add("different pictures compared", compared, "pairs of hashes")
    bench.add("false alarms", alarms, "pairs of hashes")
    bench.add("nearest different picture", nearest, "bits")


def fewest_forms(bench: Bench, copies: Sequence[Copy], near: Sequence[Distances]) -> None:
    """Recall over all groups alike by number of forms, chosen on one half of the photographs for the other."""
    found = np.stack(near) <= RADIUS["pdq"]
    groups = np.array([copy.group for copy in copies])
    is_odd = np.array([copy.owner % 2 == 1 for copy in copies])
    recall = dict.fromkeys(SOME, 0.0)
    for learned in (is_odd, ~is_odd):
        order = chosen(found[learned], groups[learned])
        for count in SOME:
            kept = [0, *order[:count]]
            recall[count] += _even(found[~learned][:, kept].any(axis=1), groups[~learned]) / 2
    for count, share in recall.items():
        bench.add(f"{count} forms, chosen on other photographs: mean over the kinds", 100 * share, "%")


def what_they_show(bench: Bench, copies: Sequence[Copy], near: Sequence[Distances]) -> None:
    """What an attacker sees of the picture in so many forms, as `benchmarks.reconstruction` guesses it."""
    groups = np.array([copy.group for copy in copies])
    order = chosen(np.stack(near) <= RADIUS["pdq"], groups)
    known = taught(PHOTOGRAPHS)
    for count in GUESSED_FROM:
        found = correlations(known, forms=(0, *order[:count]))
        bench.add(f"{count} forms: what a reconstruction shows", float(found.mean()), "correlation")


def chosen(found: NDArray[np.bool_], groups: NDArray[np.intp]) -> list[int]:
    """Forms in the order of what each adds to the recall of those before it."""
    covered = found[:, 0].copy()
    left = set(range(1, found.shape[1]))
    order = []
    while left:
        best = max(sorted(left), key=lambda form: _even(covered | found[:, form], groups))
        covered |= found[:, best]
        left.discard(best)
        order.append(best)
    return order


def distances(one: Bits, many: Bits) -> Distances:
    return np.asarray((one != many).sum(axis=1), np.int64)


def bits_of(value: str) -> Bits:
    return np.unpackbits(np.frombuffer(bytes.fromhex(value), np.uint8))


def _is_hint(copy: Copy, lists: Sequence[Listed]) -> bool:
    return distance(copy.phash, lists[copy.owner].phash) <= RADIUS["phash"]


def _even(found: NDArray[np.bool_], groups: NDArray[np.intp]) -> float:
    """The mean over groups, so that one with many strengths doesn't count for more."""
    return float(np.mean([found[groups == group].mean() for group in np.unique(groups)]))


if __name__ == "__main__":
    main()
