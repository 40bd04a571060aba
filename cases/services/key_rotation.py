"""Sealing case keys for the team's present key, batch by batch. Messages and notes stay as they are: the case key stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases import code_keys, team_keys
from cases.errors import TeamKeyMissing
from cases.models import Case
from cases.services.case_keys import case_key_for_team

BATCH = 500


@dataclass(frozen=True)
class Step:
    """One batch: how many are sealed anew, and how many nobody here can open."""

    sealed: int
    shut: int


def sealed_for_another_key() -> int:
    return Case.objects.exclude(team_key_id=code_keys.key_id(team_keys.public_key())).count()


def seal_anew(*, batch: int = BATCH) -> Iterator[Step]:
    """Each batch stands for itself, so that this can be killed and run again."""
    public_key = team_keys.public_key()
    waiting = Case.objects.exclude(team_key_id=code_keys.key_id(public_key)).order_by("pk")
    found = list(waiting[:batch])
    while found:
        sealed = sum(_seal(case, public_key=public_key) for case in found)
        yield Step(sealed=sealed, shut=len(found) - sealed)
        found = list(waiting.filter(pk__gt=found[-1].pk)[:batch])


def _seal(case: Case, *, public_key: bytes) -> bool:
    try:
        case_key = case_key_for_team(case)
    except TeamKeyMissing:
        return False
    # Only if nobody sealed it meanwhile: a second run at the same time does no harm.
    Case.objects.filter(pk=case.pk, team_key_id=case.team_key_id).update(
        key_for_team=code_keys.wrap_for_team(case_key=case_key, team_public_key=public_key),
        team_key_id=code_keys.key_id(public_key),
    )
    return True
