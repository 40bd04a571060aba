"""The room's door: what others may ask of it."""

from __future__ import annotations

from safety.services.deciding import DECISION_BATCH, Decision, decide
from safety.services.deletion import forget_account
from safety.services.events import EVENT_BATCH, Taken, take_events
from safety.services.flag_pages import FlagPage, FollowedFlag, read_flags
from safety.services.folding import AT_A_TIME, drain, refresh
from safety.services.retention import apply_retention
from safety.services.standings import ShownStanding, standing_of
from safety.services.tuning import tune

__all__ = [
    "AT_A_TIME",
    "DECISION_BATCH",
    "EVENT_BATCH",
    "Decision",
    "FlagPage",
    "FollowedFlag",
    "ShownStanding",
    "Taken",
    "apply_retention",
    "decide",
    "drain",
    "forget_account",
    "read_flags",
    "refresh",
    "standing_of",
    "take_events",
    "tune",
]
