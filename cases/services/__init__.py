"""What can be done with a case. The verbs:"""

from __future__ import annotations

from cases.services.clocks import sweep_clocks
from cases.services.following import follow_cases
from cases.services.key_rotation import seal_anew, sealed_for_another_key, shut_for_everybody
from cases.services.ladder import refresh_ladder
from cases.services.locations import NewPlace, ToldPlaces, tell_places
from cases.services.media import add_media
from cases.services.messages import ShownMessage, send_message
from cases.services.notices import flag_breaches
from cases.services.opening import OpenedCase, open_case
from cases.services.replays import forget_replays
from cases.services.retention import apply_retention
from cases.services.status import CaseStatus, PlatformRung, case_status
from cases.services.submission import Answers, Receipt, submit_case
from cases.services.withdrawal import ask_for_withdrawal, cancel_withdrawal

__all__ = [
    "Answers",
    "CaseStatus",
    "NewPlace",
    "OpenedCase",
    "PlatformRung",
    "Receipt",
    "ShownMessage",
    "ToldPlaces",
    "add_media",
    "apply_retention",
    "ask_for_withdrawal",
    "cancel_withdrawal",
    "case_status",
    "flag_breaches",
    "follow_cases",
    "forget_replays",
    "open_case",
    "refresh_ladder",
    "seal_anew",
    "sealed_for_another_key",
    "send_message",
    "shut_for_everybody",
    "submit_case",
    "sweep_clocks",
    "tell_places",
]
