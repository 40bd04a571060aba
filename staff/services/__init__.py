"""Who works here, what they did, and what waits for a second person. The verbs:"""

from __future__ import annotations

from staff.models import AuditRow, HeldAction, User
from staff.services.audit import audit_of, record, times_done, verify_chain
from staff.services.held import (
    describe,
    hold,
    let_go_since,
    refuse,
    register_held,
    release,
    take_back,
    waiting_for,
    waiting_on,
)

__all__ = [
    "AuditRow",
    "HeldAction",
    "User",
    "audit_of",
    "describe",
    "hold",
    "let_go_since",
    "record",
    "refuse",
    "register_held",
    "release",
    "take_back",
    "times_done",
    "verify_chain",
    "waiting_for",
    "waiting_on",
]
