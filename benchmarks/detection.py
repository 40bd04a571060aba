"""What is found again: real photographs, changed as copies are, looked for by their listed hashes.

Run as `python -m benchmarks.detection`; it also draws var/bench/detection.svg and var/bench/forms.svg. A figure's
peer is the recall with the photograph's own PDQ alone, which is what a list without our forms finds.

Platforms that compare hashes of their own find what the forms find. Whoever asks with the picture itself, or scans,
finds what is inside of a frame too.

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
from benchmarks.charts import draw_bars, draw_lines
from benchmarks.reconstruction import correlations, taught
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
LARGEST = (1_024, 1_024)
# Close-ups that are even all over: nothing in them stands out, so that every change of the frame shifts all.
TEXTURES = frozenset({"brick", "grass", "gravel"})
SOME = (0, 8, 16, 24, 32, 40, 48, 56, 64)
WAYS = ("the photograph's own PDQ", "with our 64 forms", "and inside of a frame", "and pHash, for a person")

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
    # Its own, and what is inside of its frame, if it has one.
    bits: tuple[Bits, ...]
    phashes: tuple[str, ...]


def main() -> None:
    photographs, pictures = usable()
    lists = [
        listed(photograph.name, picture) for photograph, picture in zip(photographs, pictures, strict=True)
    ]
    copies = [copy for owner, picture in enumerate(pictures) for copy in copies_of(picture, owner)]
    near = [distances(copy.bits[0], lists[copy.owner].bits) for copy in copies]
    bench = Bench("detection", "What is found again: recall at PDQ <= 31")
    bench.add("photographs with enough detail", len(lists), "photographs")
    bench.add("changed copies of them", len(copies), "copies")
    rows = recalls(bench, lists, copies, near)
    as_made(bench, lists, pictures)
    hardest_photographs(bench, lists, copies, near)
    false_alarms(bench, lists, copies)
    found = fewest_forms(bench, copies, near)
    shown = what_they_show(bench, copies, near)
    bench.finish()
    draw_bars(FOLDER / "detection.svg", title="Copies found again", ways=WAYS, rows=rows)
    lines = {"found, mean over the kinds of change": found, "shown by a reconstruction, correlation": shown}
    draw_lines(FOLDER / "forms.svg", title="By the number of forms", lines=lines)
    print(f"Drawn in {FOLDER}: detection.svg and forms.svg")


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
    return [
        copy_of(passed_on(change(picture)), owner=owner, group=number)
        for number, group in enumerate(GROUPS)
        for change in group.changes
    ]


def copy_of(changed: Image.Image, *, owner: int, group: int) -> Copy:
    box = inside(changed)
    looks = [changed, changed.crop(box)] if box else [changed]
    bits = [bits_of(pdq(np.asarray(look)).value) for look in looks]
    return Copy(owner, group, tuple(bits), tuple(phash(look) for look in looks))


def recalls(
    bench: Bench, lists: Sequence[Listed], copies: Sequence[Copy], near: Sequence[Distances]
) -> dict[str, tuple[float, ...]]:
    rows = {}
    for number, group in enumerate(GROUPS):
        places = [place for place, copy in enumerate(copies) if copy.group == number]
        own = [bool(near[place][0] <= RADIUS["pdq"]) for place in places]
        ours = [bool(near[place].min() <= RADIUS["pdq"]) for place in places]
        framed = [one or _is_inside(copies[place], lists) for place, one in zip(places, ours, strict=True)]
        person = [one or _is_hint(copies[place], lists) for place, one in zip(places, framed, strict=True)]
        ways = (own, ours, framed, person)
        rows[group.name] = shares = tuple(100 * float(np.mean(found)) for found in ways)
        target = f", at least {group.target:.0%} meant" if group.target else ""
        bench.add(f"{group.name}{target}", shares[1], "%", peer=shares[0])
        bench.add(f"{group.name}: and inside of a frame", shares[2], "%", peer=shares[0])
        if group.target:
            others = [
                one for place, one in zip(places, ours, strict=True) if not _is_texture(lists, copies[place])
            ]
            bench.add(f"{group.name}: without brick, grass and gravel", 100 * float(np.mean(others)), "%")
        bench.add(f"{group.name}: and pHash, for a person", shares[3], "%", peer=shares[0])
    return {name: tuple(share / 100 for share in shares) for name, shares in rows.items()}


def as_made(bench: Bench, lists: Sequence[Listed], pictures: Sequence[Image.Image]) -> None:
    """Of what is promised: the change alone, before anybody shrank it and saved it anew."""
    for number, group in enumerate(group for group in GROUPS if group.target):
        copies = [
            copy_of(change(picture), owner=owner, group=number)
            for owner, picture in enumerate(pictures)
            for change in group.changes
        ]
        forms = [distances(copy.bits[0], lists[copy.owner].bits).min() <= RADIUS["pdq"] for copy in copies]
        framed = [form or _is_inside(copy, lists) for form, copy in zip(forms, copies, strict=True)]
        bench.add(f"{group.name}, not passed on", 100 * float(np.mean(forms)), "%")
        bench.add(f"{group.name}, not passed on: and inside of a frame", 100 * float(np.mean(framed)), "%")


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
    """Every copy, and what is inside of its frame, against everything that is listed of other photographs."""
    alarms = compared = 0
    nearest = 256
    for copy in copies:
        for owner, other in enumerate(lists):
            if owner == copy.owner or {lists[copy.owner].name, other.name} <= SAME_SCENE:
                continue
            bits = np.concatenate([distances(one, other.bits) for one in copy.bits])
            alarms += int((bits <= RADIUS["pdq"]).sum())
            compared += len(bits)
            nearest = min(nearest, int(bits.min()))
    bench.add("different pictures compared", compared, "pairs of hashes")
    bench.add("false alarms", alarms, "pairs of hashes")
    bench.add("nearest different picture", nearest, "bits")


def fewest_forms(bench: Bench, copies: Sequence[Copy], near: Sequence[Distances]) -> dict[int, float]:
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
    return recall


def what_they_show(bench: Bench, copies: Sequence[Copy], near: Sequence[Distances]) -> dict[int, float]:
    """What an attacker sees of the picture in so many forms, as `benchmarks.reconstruction` guesses it."""
    groups = np.array([copy.group for copy in copies])
    order = chosen(np.stack(near) <= RADIUS["pdq"], groups)
    known = taught(PHOTOGRAPHS)
    shown = {}
    for count in SOME:
        shown[count] = float(correlations(known, forms=(0, *order[:count])).mean())
        bench.add(f"{count} forms: what a reconstruction shows", shown[count], "correlation")
    print("Forms by what each adds:", ", ".join(VARIANTS[form - 1]["name"] for form in order))
    return shown


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


def _is_texture(lists: Sequence[Listed], copy: Copy) -> bool:
    return lists[copy.owner].name in TEXTURES


def _is_inside(copy: Copy, lists: Sequence[Listed]) -> bool:
    return any(distances(bits, lists[copy.owner].bits).min() <= RADIUS["pdq"] for bits in copy.bits[1:])


def _is_hint(copy: Copy, lists: Sequence[Listed]) -> bool:
    return any(distance(one, lists[copy.owner].phash) <= RADIUS["phash"] for one in copy.phashes)


def _even(found: NDArray[np.bool_], groups: NDArray[np.intp]) -> float:
    """The mean over groups, so that one with many strengths doesn't count for more."""
    return float(np.mean([found[groups == group].mean() for group in np.unique(groups)]))


if __name__ == "__main__":
    main()
