"""The rule that calls a person to what is found suspiciously often."""

from __future__ import annotations

from collections import Counter
from math import exp
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashes.flood_policy import FLOOR, Usual, is_flood, usual_of

COUNTS = st.lists(st.integers(1, 1_000_000), max_size=60)
COUNT = st.integers(0, 10_000_000)
WEIGHTED = st.dictionaries(st.integers(1, 100_000), st.integers(1, 5_000), max_size=30)


@given(WEIGHTED, COUNT, COUNT, COUNTS, COUNT)
def test_more_finds_are_never_less_suspicious(
    days: dict[int, int], fewer: int, more: int, earlier: list[int], left_at: int
) -> None:
    usual, (fewer, more) = usual_of(days), sorted((fewer, more))
    was = is_flood(fewer, usual=usual, earlier=earlier, left_at=left_at)
    assert not was or is_flood(more, usual=usual, earlier=earlier, left_at=left_at)


@given(WEIGHTED, COUNT, COUNTS, COUNT, COUNT)
def test_what_a_person_left_makes_it_only_less_suspicious(
    days: dict[int, int], today: int, earlier: list[int], less: int, more: int
) -> None:
    usual, (less, more) = usual_of(days), sorted((less, more))
    was = is_flood(today, usual=usual, earlier=earlier, left_at=more)
    assert not was or is_flood(today, usual=usual, earlier=earlier, left_at=less)


@given(WEIGHTED, st.integers(0, FLOOR - 1))
def test_a_few_finds_are_no_flood_however_quiet_it_is(days: dict[int, int], today: int) -> None:
    assert not is_flood(today, usual=usual_of(days))


@given(WEIGHTED)
def test_the_bar_lies_a_good_way_above_the_usual_and_not_out_of_reach(days: dict[int, int]) -> None:
    usual = usual_of(days)
    assert usual.bar == FLOOR or 8 <= (usual.bar + 1) / (usual.count + 1) <= 410


@given(WEIGHTED, st.integers(2, 50))
def test_a_busier_list_has_no_lower_bar(days: dict[int, int], times: int) -> None:
    busier = Counter[int]()
    for count, often in days.items():
        busier[count * times] += often
    # Its spread may shrink a little, because small counts lie further apart in logarithms.
    assert usual_of(busier).middle >= usual_of(days).middle


@given(st.integers(1, 100_000), st.integers(1_000, 100_000))
def test_a_busy_platforms_normal_day_is_no_flood(usually: int, pictures: int) -> None:
    usual = usual_of({usually: pictures})
    assert not is_flood(usually, usual=usual)
    assert not is_flood(usually * 2, usual=usual, earlier=[usually] * 5)


def test_the_first_day_of_a_busy_platform_is_known_by_that_day_itself() -> None:
    today = Counter({200: 300, 300: 400, 500: 300})
    assert not any(is_flood(count, usual=usual_of(today)) for count in today)
    assert is_flood(20_000, usual=usual_of(today))


@given(st.lists(st.integers(1, 9), max_size=20))
def test_one_huge_among_few_is_a_flood(others: list[int]) -> None:
    assert is_flood(10_000, usual=usual_of(Counter([*others, 10_000])))


def test_nothing_known_is_judged_by_the_prior() -> None:
    usual = usual_of({})
    assert round(usual.count) == 2
    assert not is_flood(90, usual=usual)
    assert is_flood(150, usual=usual)


def test_floods_among_many_do_not_hide_each_other() -> None:
    days = Counter({1: 500, 2: 300, 3: 100, 50_000: 400})
    assert is_flood(50_000, usual=usual_of(days))


@pytest.mark.parametrize(
    ("middle", "sigma"), [(0, 0.5), (0, 1), (0, 1.5), (1.5, 1), (1.5, 1.5), (4, 1), (4, 1.5)]
)
def test_an_ordinary_day_of_many_pictures_calls_nearly_nobody(middle: float, sigma: float) -> None:
    """Counts as they are in the world: most pictures are found once or twice, and a few very often."""
    bell = NormalDist(middle, sigma)
    pictures = 100_000
    days = Counter(int(exp(bell.inv_cdf((place + 0.5) / pictures))) + 1 for place in range(pictures))
    usual = usual_of(days)
    assert sum(often for count, often in days.items() if is_flood(count, usual=usual)) <= 3


def test_what_goes_on_as_before_is_not_sudden() -> None:
    usual = Usual(middle=1.0, spread=0.5)
    assert is_flood(600, usual=usual)
    assert is_flood(600, usual=usual, earlier=[1, 3, 9, 30, 100, 150])
    assert not is_flood(600, usual=usual, earlier=[2, 500, 700, 400])
    assert not is_flood(600, usual=usual, left_at=200)
    assert is_flood(601, usual=usual, left_at=200)


def test_the_bar_is_where_the_documentation_says() -> None:
    assert round(Usual(middle=1.0, spread=0.6).bar) == round(exp(1.0 + 3.6) - 1)
