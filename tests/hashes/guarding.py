"""Pictures that wait for a person, and what was asked about them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hashes.json_lines import BenignRow
from hashes.models import Concern, FeedChange, Picture
from hashes.services import know_benign, quarantine_pictures
from hashes.services.concerns import raise_concern

TODAY = date(2026, 11, 23)
MEME = "a5" * 32
SONG = "cd" * 16


def off_by(bits: int, value: str = MEME) -> str:
    """The same value with its first so many bits turned."""
    return f"{int(value, 16) ^ ((1 << bits) - 1):064x}"


def benign(*values: str, algorithm: str = "pdq") -> None:
    know_benign(rows=[BenignRow(algorithm, value, "The old meme") for value in values], on=TODAY)


def disputed(picture: UUID) -> Concern:
    quarantine_pictures(picture_ids=[picture])
    assert raise_concern(kind="disputed", picture_id=picture, evidence={"is_off": True}, on=TODAY)
    return Concern.objects.get(picture=picture, kind="disputed")


def ended(concern: Concern, ending: str) -> None:
    Concern.objects.filter(pk=concern.pk).update(ended_on=TODAY, ending=ending)


def state(picture: UUID) -> str:
    found = Picture.objects.get(pk=picture)
    assert set(found.entries.exclude(status="withdrawn").values_list("status", flat=True)) <= {found.status}
    told = FeedChange.objects.filter(entry__picture=picture, change="added").exists()
    assert told or found.status != "listed"
    return found.status


def asked(picture: UUID) -> dict[str, Any]:
    return dict(Concern.objects.filter(picture=picture).values_list("kind", "evidence"))
