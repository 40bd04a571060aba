"""How rules are compared: the simple ones are what they are called, and nobody is counted twice."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.judging import FRICTION, ONE, RESTRICT, TEN, THREE, Judged, judged
from benchmarks.measures import Platform, equal_recall
from benchmarks.scenarios.shapes import Account, Event, Truth, World
from tests.safety.stories import START, day

Told = tuple[str, str, str, float]


def world(*events: Told) -> World:
    names = {name for _, one, other, _ in events for name in (one, other)}
    return World(
        seed=0,
        starts_at=START,
        ends_at=day(90),
        accounts={name: _account(name) for name in names},
        truths={name: Truth("ordinary", is_bad=name == "bad", is_minor=name[0] == "t") for name in names},
        events=tuple(
            Event(f"e{number}", kind, one, other, START + timedelta(days=on), 0)
            for number, (kind, one, other, on) in enumerate(sorted(events, key=lambda told: told[3]))
        ),
        pairs=frozenset(),
    )


def _account(name: str) -> Account:
    band = "13_15" if name[0] == "t" else "21_plus"
    return Account(name, band, date(2024, 1, 1), "", f"school of {name}", f"phone of {name}")


def one_of(played: World) -> Judged:
    (found,) = judged(played)
    return found


def test_one_report_is_enough_for_the_one_report_rule_only() -> None:
    found = one_of(world(("contact", "bad", "t1", 0), ("block", "t1", "bad", 1)))

    assert set(found.flagged) == {ONE}
    assert found.flagged[ONE] == day(1).timestamp()


def test_three_minors_are_three_and_not_three_complaints_of_one() -> None:
    same = world(("block", "t1", "bad", 1), ("report", "t1", "bad", 2), ("report", "t1", "bad", 3))
    three = world(("block", "t1", "bad", 1), ("block", "t2", "bad", 2), ("block", "t3", "bad", 50))

    assert THREE not in one_of(same).flagged
    assert one_of(three).flagged[THREE] == day(50).timestamp()


def test_ten_minors_are_ten_within_seven_days() -> None:
    slow = world(*(("contact", "bad", f"t{number}", float(number)) for number in range(20)))
    fast = world(*(("contact", "bad", f"t{number}", number / 2) for number in range(10)))

    assert TEN not in one_of(slow).flagged
    assert one_of(fast).flagged[TEN] == day(4.5).timestamp()


def test_ours_counts_from_when_the_level_was_reached_and_how_many_were_reached_before() -> None:
    contacts = [("contact", "bad", f"t{number}", number / 10) for number in range(8)]
    reports = [("report", f"t{number}", "bad", 1 + number / 10) for number in range(4)]
    found = one_of(world(*contacts, *reports))

    assert found.flagged[FRICTION] <= found.flagged[RESTRICT]
    assert found.reached_before(RESTRICT) == 8
    assert 24 <= found.hours_before(RESTRICT) <= 32


def test_equal_recall_compares_at_the_score_that_finds_as_many() -> None:
    def seen(score: float, *, is_bad: bool, rules: tuple[str, ...]) -> Judged:
        return Judged(
            "bad_rings" if is_bad else "ordinary",
            is_bad,
            "",
            dict.fromkeys(rules, 0.0),
            score,
            is_burst=False,
        )

    judgements = [
        seen(0.9, is_bad=True, rules=(ONE,)),
        seen(0.6, is_bad=True, rules=(ONE,)),
        seen(0.7, is_bad=False, rules=(ONE,)),
        seen(0.3, is_bad=False, rules=(ONE,)),
        seen(0.2, is_bad=True, rules=()),
    ]

    assert equal_recall(Platform.of(judgements, count=1), ONE) == (2 / 3, 2 / 4)
