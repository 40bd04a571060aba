"""Who participates, what they may do, and what they are told. The verbs:"""

from __future__ import annotations

from platforms.services.enqueuing import EVENTS, announce, enqueue
from platforms.services.grants import FEED_GRANT, ask_for_feed, register_held_actions
from platforms.services.keys import (
    KEY_CACHE_SECONDS,
    Credential,
    KeyState,
    NewKey,
    Participant,
    add_platform,
    all_keys,
    credential,
    end_platform,
    participating,
    revoke_keys,
    rotate_key,
    with_scope,
)
from platforms.services.members import add_member, membership_of

__all__ = [
    "EVENTS",
    "FEED_GRANT",
    "KEY_CACHE_SECONDS",
    "Credential",
    "KeyState",
    "NewKey",
    "Participant",
    "add_member",
    "add_platform",
    "all_keys",
    "announce",
    "ask_for_feed",
    "credential",
    "end_platform",
    "enqueue",
    "membership_of",
    "participating",
    "register_held_actions",
    "revoke_keys",
    "rotate_key",
    "with_scope",
]
