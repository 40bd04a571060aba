"""Two platforms, or a platform and a person, at one picture in the same moment, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import BOTH, own_database

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(250)]
Outcomes = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=BOTH)
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """All races of `dispute_races`, run once on each database by a process with connections of its own."""
    folder: Path = tmp_path_factory.mktemp("disputes")
    with own_database(request.param, folder=folder) as database:
        process = database.start("-m", "tests.hashes.dispute_races")
        out, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors
        # A deadlock, or a lock that was waited for too long, would stand here.
        # A deadlock, or a lock that was waited for too long, would stand here.
        assert errors == ""
        yield json.loads(out)


def test_of_two_disputes_at_once_comes_one_quarantine_and_one_concern(outcomes: Outcomes) -> None:
    for one in outcomes["two_disputes"]:
        assert one["heard"] == ["done", "done"]
        assert (one["status"], one["listed"], one["withdrawn"], one["most_withdrawn"]) == (
            "quarantined",
            0,
            4,
            1,
        )
        assert (one["concerns"], one["open"]) == (1, 1)


def test_a_withdrawal_beside_a_dispute_holds_and_is_told_once(outcomes: Outcomes) -> None:
    for one in outcomes["dispute_and_withdrawal"]:
        assert one["heard"] == ["done", "done"]
        assert (one["status"], one["withdrawn"], one["most_withdrawn"]) == ("withdrawn", 4, 1)


def test_of_a_dispute_and_a_block_the_first_decides(outcomes: Outcomes) -> None:
    disputed_first, blocked_first = outcomes["dispute_and_block"]
    assert (disputed_first["status"], disputed_first["is_off"]) == ("quarantined", [True])
    assert (blocked_first["status"], blocked_first["is_off"]) == ("listed", [False])
    assert blocked_first["reviews"] == ["confirmed"]


def test_of_two_who_put_it_back_one_does(outcomes: Outcomes) -> None:
    (one,) = outcomes["two_ways_back"]
    assert (one["status"], one["listed"], one["endings"]) == ("listed", 4, ["listed"])


def test_of_two_decisions_the_first_holds_and_the_other_is_told(outcomes: Outcomes) -> None:
    (one,) = outcomes["two_decisions"]
    done, told = one["heard"]
    assert done == "done"
    assert told.startswith("ConcernMovedOn tessa")
    assert (one["status"], one["endings"]) == ("withdrawn", ["taken_off"])


def test_a_crowd_at_one_picture_gets_answers_and_nothing_else(outcomes: Outcomes) -> None:
    for one in outcomes["a_crowd"]:
        assert set(one["heard"]) == {"done"}
        assert one["most_withdrawn"] <= 1
        assert one["open"] <= 1
        assert one["listed"] == (4 if one["status"] == "listed" else 0)
    assert outcomes["broken_at"] is None
