"""The matrix says what the project promises of its roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from staff.errors import UnknownAction
from staff.models import User
from staff.policy import ACTIONS, ROLES, actions_of, may
from staff.roles_page import page

MESSAGES = ("case.read_message", "case.write_message", "case.note", "break_glass.read")
TWO_PEOPLE = (
    "case.escalate",
    "case.restore_picture",
    "case.legal_hold",
    "case.decline_threat",
    "list.restore",
    "platform.grant_feed",
    "break_glass.read",
    "flag.sanction",
    "flag.refer",
)


def test_the_page_in_the_documentation_is_the_matrix() -> None:
    written = Path(__file__).parents[2] / "docs" / "roles.md"
    assert written.read_text() == page(), "Run: manage.py roles > docs/roles.md"


def test_the_roles_are_those_that_people_can_have() -> None:
    assert set(ROLES) == set(User.Role.values) - {""}


@pytest.mark.parametrize("action", MESSAGES)
@pytest.mark.parametrize("role", ["administrator", "auditor", "platform_manager", "safety_reviewer"])
def test_only_the_desk_reads_what_a_reporter_wrote(role: str, action: str) -> None:
    assert not may(role, action)


def test_the_auditor_changes_nothing() -> None:
    assert {action.split(".")[1] for action in actions_of("auditor")} == {"view", "export"}


def test_no_role_opens_nothing() -> None:
    assert actions_of("") == ()
    assert actions_of("superuser") == ()


@pytest.mark.parametrize("action", TWO_PEOPLE)
def test_what_takes_two_people_has_a_second_person(action: str) -> None:
    assert "(two people)" in ACTIONS[action]
    seconds = [role for role in ROLES if may(role, action) and may(role, "held.release")]
    assert seconds


def test_only_what_takes_two_people_says_so() -> None:
    assert {action for action, what in ACTIONS.items() if "(two people)" in what} == set(TWO_PEOPLE)


def test_an_action_that_is_not_in_the_matrix_is_a_mistake() -> None:
    with pytest.raises(UnknownAction):
        may("senior", "case.viwe")
