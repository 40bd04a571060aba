"""What staff write for each other about a case, sealed with its key. The reporter never reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

import staff.services
from cases.errors import ReasonMissing, TeamKeyMissing
from cases.models import Case, Note
from cases.services import case_keys, claims
from staff.services import User

LONGEST = 4_000


@dataclass(frozen=True)
class ShownNote:
    by: str
    written_at: datetime
    # Nothing where the team's key is not on this machine.
    text: str | None


@transaction.atomic
def write_note(*, case: Case, by: User, text: str, now: datetime) -> Note:
    """Raises ReasonMissing for an empty one, TeamKeyMissing."""
    text = text.strip()[:LONGEST]
    if not text:
        raise ReasonMissing
    sealed = case_keys.seal(text, case_key=case_keys.case_key_for_team(case))
    note = Note.objects.create(case=case, by=by, written_at=now, sealed_text=sealed)
    claims.renew_claim(case=case, by=by, now=now)
    staff.services.record(actor=by, act="case.note", on=case, at=now, detail={"note": note.pk})
    return note


def notes_of(case: Case) -> list[ShownNote]:
    """The oldest first."""
    notes = case.notes.select_related("by").order_by("written_at", "pk")
    try:
        case_key = case_keys.case_key_for_team(case)
    except TeamKeyMissing:
        return [ShownNote(note.by.username, note.written_at, None) for note in notes]
    return [
        ShownNote(
            note.by.username,
            note.written_at,
            case_keys.open_sealed(bytes(note.sealed_text), case_key=case_key),
        )
        for note in notes
    ]
