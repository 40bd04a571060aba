"""Who may do what: one table. Read it aloud to check it."""

from __future__ import annotations

from staff.errors import UnknownAction

ROLES = (
    "triager",
    "senior",
    "liaison",
    "platform_manager",
    "safety_reviewer",
    "auditor",
    "administrator",
)

_TRIAGE = ("triager", "senior")
_DESK = (*_TRIAGE, "liaison")

# Each action, what it is, and the roles that do it.
_TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("case.view", "see the queue and a case's facts", _DESK),
    ("case.claim", "take a case, keep it, give it back", _DESK),
    ("case.hand_over", "hand a case to a person or a role", _DESK),
    ("case.note", "read and write internal notes", _DESK),
    ("case.read_message", "read what the reporter wrote; each reading is recorded", _DESK),
    ("case.write_message", "write to the reporter", _TRIAGE),
    ("case.accept", "take a received case into work", _TRIAGE),
    ("case.ask", "ask the reporter something", _TRIAGE),
    ("case.quarantine", "take a picture off the feed", _TRIAGE),
    ("case.restore_picture", "put a quarantined picture back (two people)", _TRIAGE),
    ("case.decline", "decline a case", _TRIAGE),
    ("case.decline_threat", "decline a case with a threat (two people)", _TRIAGE),
    ("case.close", "close a case", _TRIAGE),
    ("case.reopen", "open a closed case again", _TRIAGE),
    ("case.withdraw", "withdraw on the reporter's behalf", ("senior",)),
    ("case.notice", "send a platform its notice", _DESK),
    ("case.escalate", "disclose to law enforcement (two people)", _DESK),
    ("case.legal_hold", "stop the deletion of a case (two people)", ("senior", "liaison")),
    ("break_glass.read", "read messages outside of one's own work (two people)", ("senior", "liaison")),
    (
        "held.view",
        "see what waits for a second person",
        (*_DESK, "platform_manager", "safety_reviewer", "auditor", "administrator"),
    ),
    (
        "held.release",
        "be the second person, for what one's role may do itself",
        ("senior", "liaison", "platform_manager", "safety_reviewer", "administrator"),
    ),
    (
        "list.view",
        "see what the list asks people about, and what platforms said",
        (*_TRIAGE, "platform_manager", "auditor"),
    ),
    ("list.decide", "leave such a picture as it is, or take it off for good", _TRIAGE),
    ("list.restore", "put a picture back on the list (two people)", _TRIAGE),
    ("dashboard.view", "see how it goes", ("senior", "auditor", "administrator")),
    ("audit.view", "search what was done", ("auditor",)),
    ("audit.export", "take a copy of what was done", ("auditor",)),
    (
        "platform.manage",
        "see who participates, write down agreements, let platforms in and end their part",
        ("platform_manager", "administrator"),
    ),
    (
        "platform.grant_feed",
        "let a platform read the feed (two people)",
        ("platform_manager", "administrator"),
    ),
    (
        "platform.webhooks",
        "see what platforms are told, send it again, switch it off and on",
        ("platform_manager", "administrator"),
    ),
    ("flag.review", "decide about flagged behaviour and answer appeals", ("safety_reviewer",)),
    ("flag.sanction", "sanction an account (two people)", ("safety_reviewer",)),
    ("flag.refer", "refer flagged behaviour to an authority (two people)", ("safety_reviewer",)),
    ("fairness.view", "see how flags fall on groups of people", ("auditor", "administrator")),
    (
        "member.help",
        "answer teens who ask for help with a guardian, and end supervision for them",
        ("safety_reviewer", "senior"),
    ),
    ("staff.manage", "say who works here and in which role", ("administrator",)),
)

ACTIONS = {action: what for action, what, _roles in _TABLE}
_WHO = {action: frozenset(roles) for action, _what, roles in _TABLE}


def may(role: str, action: str) -> bool:
    """An action that nobody wrote down is a mistake in the code, not a refusal."""
    try:
        return role in _WHO[action]
    except KeyError:
        raise UnknownAction(action) from None


def actions_of(role: str) -> tuple[str, ...]:
    return tuple(action for action in ACTIONS if may(role, action))
