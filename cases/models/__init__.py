"""The rows of this room, by what they are about."""

from __future__ import annotations

from cases.models.case import Case, CaseEvent, CasePicture, Replay, Rung
from cases.models.desk import CaseLink, Claim, Clock, ClockRecord, Note
from cases.models.leaving import Escalation, Notice
from cases.models.talk import Location, Message

__all__ = [
    "Case",
    "CaseEvent",
    "CaseLink",
    "CasePicture",
    "Claim",
    "Clock",
    "ClockRecord",
    "Escalation",
    "Location",
    "Message",
    "Note",
    "Notice",
    "Replay",
    "Rung",
]
