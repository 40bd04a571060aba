"""Our rules for teen safety beside three simpler ones, on platforms that don't exist: benchmarks/scenarios/README.md.

`SAFETY_SEEDS=5` takes fewer test seeds, `SAFETY_ABLATED_SEEDS=0` leaves out what each rule is good for. Weights were
chosen on development seeds only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache, partial

from benchmarks.bench import FOLDER, Bench
from benchmarks.judging import FRICTION, ONE, RESTRICT, RULES, TEN, THREE, Judged, judged
from benchmarks.measures import Platform, equal_recall, measured
from benchmarks.safety_chart import draw
from benchmarks.safety_replay import count_differences
from benchmarks.scenarios import seeds
from benchmarks.scenarios.shapes import World
from benchmarks.scenarios.world import build
from safety.weighing import RULES as EVIDENCE

CAVEAT = (
    "This compares rules with one another on played platforms. It shows nothing about accuracy in the world."
)
_SHARES = (0.001, 0.004, 0.01, 0.04)
_BRIGADED, _TEACHERS, _CREATORS = 0.01, 0.005, 0.20


def main() -> None:
    print(CAVEAT)
    chosen = seeds.TEST[: int(os.environ.get("SAFETY_SEEDS", len(seeds.TEST)))]
    ablated = chosen[: int(os.environ.get("SAFETY_ABLATED_SEEDS", "3"))]
    bench = Bench("safety", f"{CAVEAT}\n{len(chosen)} test seeds; peer: the one-report rule")
    with ProcessPoolExecutor() as pool:
        together = Platform.of(_all(pool.map(_played, chosen)), count=len(chosen))
        _compare(bench, together)
        _say_targets(bench, together)
        _vary(bench, pool, ablated)
    for measure, value, unit in count_differences(chosen[0]):
        bench.add(measure, value, unit)
    bench.finish()
    draw(FOLDER / "safety.svg", together, caveat=CAVEAT)
    print(f"Drawn: {FOLDER / 'safety.svg'}")


def _compare(bench: Bench, platform: Platform) -> None:
    simplest = dict(measured(platform, ONE))
    for rule in RULES:
        for measure, (value, unit) in measured(platform, rule):
            peer = simplest.get(measure, (0.0, ""))[0] if rule != ONE else 0.0
            bench.add(f"{rule}: {measure}", value, unit, peer=peer or None)
    for rule in (ONE, THREE, TEN):
        ours, theirs = equal_recall(platform, rule)
        bench.add(f"precision at the recall of {rule}", ours, "", peer=theirs)
        ours, theirs = equal_recall(platform, rule, without_attacks=True)
        bench.add(f"precision at the recall of {rule}, nobody attacked", ours, "", peer=theirs)
    for rule in RULES:
        for share in _SHARES:
            bench.add(f"{rule}: precision if {share:.1%} are bad", platform.precision_at(rule, share), "")


def _say_targets(bench: Bench, platform: Platform) -> None:
    """1 for met. A miss is stated, not tuned away."""
    one, three, ten = (equal_recall(platform, rule) for rule in (ONE, THREE, TEN))
    restricted = partial(platform.share_of, RESTRICT)
    for target, is_met in (
        ("beats the one-report rule at equal recall", one[0] > one[1]),
        ("beats the ten-minors rule at equal recall", ten[0] > ten[1]),
        ("beats the three-minors rule at equal recall", three[0] > three[1]),
        ("restrict: brigaded at most 1 %", restricted("brigaded") <= _BRIGADED),
        ("restrict: teachers at most 0.5 %", restricted("teachers") <= _TEACHERS),
        ("restrict: creators at most 20 %", restricted("creators") <= _CREATORS),
        ("restrict: recall at least .75", platform.recall(RESTRICT) >= 0.75),
        (
            "restrict: five times the one-report rule's precision",
            platform.precision(RESTRICT) >= 5 * platform.precision(ONE),
        ),
    ):
        bench.add(f"target met: {target}", is_met, "yes/no")


def _vary(bench: Bench, pool: ProcessPoolExecutor, chosen: Sequence[int]) -> None:
    """The same seeds for each, so that only the one thing differs."""
    if not chosen:
        return
    _add_varied(bench, pool, chosen, "all rules", _played)
    for rule in EVIDENCE:
        _add_varied(bench, pool, chosen, f"without {rule}", partial(_played, without=rule))
    _add_varied(bench, pool, chosen, "with the platform's labels", partial(_played, with_labels=True))
    _add_varied(bench, pool, chosen, "if nobody gave a wrong age", partial(_played, honest=True))


def _add_varied(
    bench: Bench,
    pool: ProcessPoolExecutor,
    chosen: Sequence[int],
    name: str,
    play: Callable[[int], list[Judged]],
) -> None:
    platform = Platform.of(_all(pool.map(play, chosen)), count=len(chosen))
    for rule in (FRICTION, RESTRICT):
        bench.add(f"{len(chosen)} seeds, {name}: {rule}, precision", platform.precision(rule), "")
        bench.add(f"{len(chosen)} seeds, {name}: {rule}, recall", platform.recall(rule), "")


def _played(seed: int, *, without: str = "", with_labels: bool = False, honest: bool = False) -> list[Judged]:
    return list(judged(_built(seed), without={without}, with_labels=with_labels, honest=honest))


@lru_cache(maxsize=3)
def _built(seed: int) -> World:
    return build(seed)


def _all(played: Iterable[list[Judged]]) -> list[Judged]:
    return [one for judgements in played for one in judgements]


if __name__ == "__main__":
    main()
