"""Questions as a platform asks them: checked by plain code, because a thousand come at once and each is waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safety.answers import ACTIONS
from safety.intake import MOST_MUTUALS

LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class Asked:
    """One question under the platform's own ids. `connected` is None where the platform doesn't say."""

    action: str
    actor: str
    target: str
    connected: bool | None = None


def wrong_with(raw: Mapping[str, object]) -> dict[str, str]:
    """A code by field; nothing if all is well."""
    codes = {
        "action": _wrong_action(raw.get("action")),
        "actor": _wrong_id(raw.get("actor")),
        "target": _wrong_id(raw.get("target")),
        "mutuals": _wrong_mutuals(raw.get("mutuals")),
        "connected": _wrong_connected(raw.get("connected")),
    }
    wrong = {field: code for field, code in codes.items() if code}
    if not wrong and raw["actor"] == raw["target"]:
        return {"target": "same_as_actor"}
    return wrong


def asked_by(raw: Mapping[str, object]) -> Asked:
    """For what nothing is wrong with."""
    connected = raw.get("connected")
    return Asked(
        action=str(raw["action"]),
        actor=str(raw["actor"]),
        target=str(raw["target"]),
        connected=None if connected is None else bool(connected),
    )


def _wrong_action(value: object) -> str:
    if value is None:
        return "required"
    return "" if isinstance(value, str) and value in ACTIONS else "invalid_choice"


def _wrong_id(value: object) -> str:
    if value is None:
        return "required"
    return "" if isinstance(value, str) and 1 <= len(value) <= LONGEST_ID else "invalid"


def _wrong_mutuals(value: object) -> str:
    if value is None:
        return ""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_MUTUALS
    return "" if is_count else "invalid"


def _wrong_connected(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else "invalid"
