"""Sealing case keys for the team's present key, batch by batch. Messages and notes stay as they are: the case key stays."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from cases import code_keys, team_keys
from cases.errors import TeamKeyMissing
from cases.models import Case
from cases.services.case_keys import case_key_for_team

BATCH = 500


def sealed_for_another_key() -> int:
    return _waiting().count()


def shut_for_everybody() -> int:
    """How many wait that no private key on this machine opens."""
    return _waiting().exclude(team_key_id__in=list(team_keys.private_keys())).count()


def seal_anew(*, batch: int = BATCH) -> Iterator[int]:
    """Round after round until one finds nothing to do: a report that was being handed in comes sealed for the old key.

    Each batch stands for itself, so that this can be killed and run again. Gives how many each sealed.
    """
    sealed_in_round = 1
    while sealed_in_round:
        sealed_in_round = 0
        for sealed in _round(batch=batch):
            sealed_in_round += sealed
            if sealed:
                yield sealed


def _round(*, batch: int) -> Iterator[int]:
    public_key = team_keys.public_key()
    waiting = _waiting().order_by("pk")
    found = list(waiting[:batch])
    while found:
        yield sum(_seal(case, public_key=public_key) for case in found)
        found = list(waiting.filter(pk__gt=found[-1].pk)[:batch])


def _waiting() -> QuerySet[Case]:
    return Case.objects.exclude(team_key_id=code_keys.key_id(team_keys.public_key()))


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
