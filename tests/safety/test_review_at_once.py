"""Several reviewers at once, with real connections, on both databases."""

from __future__ import annotations

import json

import pytest

from tests.safety.test_at_once import run, url

__all__ = ["url"]

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(280), pytest.mark.xdist_group("safety_at_once")]


def test_whoever_comes_second_is_told_and_nothing_is_done_twice(url: str) -> None:
    came_of_it = json.loads(run(url, "-m", "tests.safety.review_at_once"))
    rounds = came_of_it.pop("rounds")
    assert came_of_it == {
        "each_decision_recorded_once": True,
        "numbers_are_unique": True,
        "chain_breaks_at": None,
    }
    assert [one for one in rounds if not one["fits"]] == []
    assert all("done" in one["answers"] for one in rounds)
