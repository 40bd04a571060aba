"""The room's door: what others may ask of it."""

from __future__ import annotations

from safety.services.deciding import DECISION_BATCH, Decision, decide
from safety.services.events import EVENT_BATCH, Taken, take_events
from safety.services.folding import AT_A_TIME, drain, refresh
from safety.services.standings import ShownStanding, standing_of

__all__ = [
    "AT_A_TIME",
    "DECISION_BATCH",
    "EVENT_BATCH",
    "Decision",
    "ShownStanding",
    "Taken",
    "decide",
    "drain",
    "refresh",
    "standing_of",
    "take_events",
]
