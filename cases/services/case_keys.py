"""The key of a case: what its messages, places and notes are sealed with. She opens it with her code, the team with its own key."""

from __future__ import annotations

from cases import code_keys, team_keys
from cases.code_keys import Root, open_sealed, seal
from cases.errors import TeamKeyMissing
from cases.models import Case

__all__ = ["case_key_for_reporter", "case_key_for_team", "open_sealed", "seal", "team_can_open"]


def case_key_for_team(case: Case) -> bytes:
    """Raises TeamKeyMissing if the key that this case was sealed for is not on this machine."""
    private_key = team_keys.private_keys().get(case.team_key_id)
    if private_key is None:
        raise TeamKeyMissing(case.team_key_id)
    return code_keys.unwrap_for_team(wrapped=bytes(case.key_for_team), private_key=private_key)


def case_key_for_reporter(case: Case, root: Root) -> bytes:
    return code_keys.unwrap_for_reporter(wrapped=bytes(case.key_for_reporter), root=root)


def team_can_open(case: Case) -> bool:
    return case.team_key_id in team_keys.private_keys()
