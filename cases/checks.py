"""Looked at before the portal starts: whether the desk will be able to read what reporters write."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as Caution

from cases import code_keys, team_keys


@register("environment")
def desk_can_read(**_: Any) -> list[CheckMessage]:
    """Only where staff are served: a machine that takes reports alone needs no private key, and should have none."""
    if "takedown" not in settings.SURFACES or _can_read():
        return []
    return [
        Caution(
            "TEAM_PRIVATE_KEY_FILE holds no key that fits TEAM_PUBLIC_KEY_FILE: the desk can't read messages.",
            hint="Set TEAM_PRIVATE_KEY_FILE to the team's private key: a file, several separated by commas, or a folder.",
            id="reclaim.W006",
        )
    ]


def _can_read() -> bool:
    try:
        public_key = team_keys.public_key()
    except (OSError, ValueError):
        # Another check says that the public key is missing or unreadable.
        return True
    return code_keys.key_id(public_key) in team_keys.private_keys()
