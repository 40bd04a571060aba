"""Who counts, sweeps, blocks and withdraws in the same moment, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import BOTH, own_database
from tests.hashes.guard_races import PICTURES, ROUNDS, THREADS

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(250)]

Outcomes = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=BOTH)
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """All races, run once on each database by a process with connections of its own."""
    with own_database(request.param, folder=tmp_path_factory.mktemp("races")) as database:
        process = database.start("-m", "tests.hashes.guard_races")
        out, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors
        # A deadlock, or counts that were lost, would stand here.
        assert errors == ""
        yield json.loads(out)


def test_of_two_sweeps_one_calls_a_person(outcomes: Outcomes) -> None:
    (both,) = outcomes["two_sweeps"]
    assert both["heard"] == ["done", "done"]
    assert (both["reviews"], both["reviewed"], both["concerns"]) == (["check_first"], 4, 1)
    assert both["feed_agrees"]


def test_a_block_confirms_whoever_was_first(outcomes: Outcomes) -> None:
    swept, blocked = outcomes["sweep_and_block"]
    for one in (swept, blocked):
        assert one["heard"] == ["done", "done"]
        assert (one["reviews"], one["concerns"], one["feed_agrees"]) == (["confirmed"], 1, True)
    assert (swept["reviewed"], blocked["reviewed"]) == (8, 4)


def test_a_withdrawal_is_the_last_word(outcomes: Outcomes) -> None:
    swept, withdrawn = outcomes["sweep_and_withdrawal"]
    for one in (swept, withdrawn):
        assert one["heard"] == ["done", "done"]
        assert (one["status"], one["feed_agrees"]) == ("withdrawn", True)
    assert (swept["concerns"], withdrawn["concerns"]) == (1, 0)
    assert withdrawn["reviewed"] == 0


def test_no_find_is_lost_between_threads_and_none_is_counted_twice(outcomes: Outcomes) -> None:
    (counted,) = outcomes["counting_at_once"]
    assert set(counted["heard"]) == {"done"}
    assert counted["rows"] == PICTURES
    every_round, said = THREADS * ROUNDS, 3
    # The first is left out in two rounds of three, the second in one.
    assert counted["most"] == every_round + said
    assert counted["least"] == every_round // 3 + said
    assert counted["sum"] == (PICTURES - 1) * every_round + PICTURES * said


def test_a_report_that_is_written_while_the_dispute_is_may_slip_in_and_the_next_waits(
    outcomes: Outcomes,
) -> None:
    (both,) = outcomes["report_and_dispute"]
    assert both["heard"] == ["done", "done"]
    assert both["statuses"][1] == "waiting"
