"""Two people at one case in the same moment, on both databases: one wins, the other hears who and when, nothing is half done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.databases import BOTH, own_database

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(250)]
TESSA, SENA = "tessa 09:30:17", "sena 09:30:22"

Outcomes = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module", params=BOTH)
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """All races of `desk_races`, run once on each database by a process with connections of its own."""
    folder: Path = tmp_path_factory.mktemp("races")
    with own_database(request.param, folder=folder) as database:
        process = database.start("-m", "tests.cases.desk_races", str(folder))
        out, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors
        # A deadlock, or a lock that was waited for too long, would stand here.
        assert errors == ""
        yield json.loads(out)


def test_of_accept_and_decline_the_first_holds(outcomes: Outcomes) -> None:
    accepted, declined = outcomes["accept_and_decline"]
    assert accepted["heard"] == ["done", f"CaseMovedOn {TESSA}"]
    assert (accepted["status"], accepted["events"]) == ("open", ["received", "accepted"])
    assert accepted["listed"] == 4
    assert declined["heard"] == ["done", f"CaseMovedOn {SENA}"]
    assert (declined["status"], declined["events"]) == ("declined", ["received", "declined"])
    assert declined["listed"] == 0


def test_of_two_who_take_a_case_one_has_it(outcomes: Outcomes) -> None:
    for free_or_lapsed in outcomes["two_claims"]:
        assert free_or_lapsed["heard"] == ["done", f"TakenBySomebody {TESSA}"]


def test_what_is_taken_back_while_another_decides_is_one_of_both(outcomes: Outcomes) -> None:
    undone, closed = outcomes["undo_and_close"]
    assert undone["heard"] == ["done", f"CaseMovedOn {TESSA}"]
    assert (undone["status"], undone["events"][-1]) == ("received", "undone")
    assert closed["heard"] == ["done", f"CaseMovedOn {SENA}"]
    assert (closed["status"], closed["events"][-1]) == ("closed", "closed")


def test_a_held_action_is_let_go_once_and_not_also_refused(outcomes: Outcomes) -> None:
    for one in outcomes["two_releases"]:
        assert one["heard"] == ["done", "HeldMovedOn sena 09:30:17"]
        assert (one["status"], one["events"]) == ("declined", ["received", "declined"])
        assert one["waiting"] == 0


def test_a_release_and_a_verdict_come_one_after_the_other(outcomes: Outcomes) -> None:
    declined_first = (["done", "CaseMovedOn sena 09:30:17"], ["received", "declined"], 0, 0)
    accepted_between = ([f"HeldMovedOn {TESSA}", "done"], ["received", "accepted"], 4, 1)
    accepted_before = (["done", "done"], ["received", "accepted", "declined"], 0, 0)
    for one in outcomes["release_and_accept"]:
        found = (one["heard"], one["events"], one["listed"], one["waiting"])
        assert found in (declined_first, accepted_between, accepted_before)


def test_taking_deciding_and_a_limit_that_passes_never_wait_in_a_circle(outcomes: Outcomes) -> None:
    for one in outcomes["claim_accept_and_clock"]:
        taken, accepted, swept = one["heard"]
        assert (taken, swept) == ("done", "done")
        assert accepted in {"done", f"TakenBySomebody {TESSA}"}
        assert one["events"].count("accepted") == (accepted == "done")


def test_a_crowd_at_one_case_gets_answers_and_nothing_else(outcomes: Outcomes) -> None:
    for one in outcomes["a_crowd"]:
        assert all(heard.startswith(("done", "CaseMovedOn", "TakenBySomebody")) for heard in one["heard"])
        assert one["heard"].count("done") >= 2


def test_the_chain_is_whole_after_all_of_it(outcomes: Outcomes) -> None:
    assert {one["broken_at"] for race in outcomes.values() for one in race} == {None}
    (last,) = outcomes["many_at_the_chain"]
    assert last["heard"] == ["done"] * 4
    assert last["chain_grew_by"] == last["should_grow_by"]
