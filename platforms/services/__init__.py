"""Who participates, what they may do, and what they are told. The verbs:"""

from __future__ import annotations

from platforms.posting import Outcome, Post
from platforms.posting import send as send_post
from platforms.services.contacts import tell_contacts
from platforms.services.delivering import claim, send_due, settle
from platforms.services.endpoints import (
    NewSecret,
    add_endpoint,
    rotate_secret,
    switch_off,
    switch_on,
)
from platforms.services.enqueuing import EVENTS, announce, enqueue, is_listening
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
    subscription_of,
    with_scope,
)
from platforms.services.members import add_member, add_reviewer, membership_of
from platforms.services.replaying import forget_told, replay, replay_since

__all__ = [
    "EVENTS",
    "FEED_GRANT",
    "KEY_CACHE_SECONDS",
    "Credential",
    "KeyState",
    "NewKey",
    "NewSecret",
    "Outcome",
    "Participant",
    "Post",
    "add_endpoint",
    "add_member",
    "add_platform",
    "add_reviewer",
    "all_keys",
    "announce",
    "ask_for_feed",
    "claim",
    "credential",
    "end_platform",
    "enqueue",
    "forget_told",
    "is_listening",
    "membership_of",
    "participating",
    "register_held_actions",
    "replay",
    "replay_since",
    "revoke_keys",
    "rotate_key",
    "rotate_secret",
    "send_due",
    "send_post",
    "settle",
    "subscription_of",
    "switch_off",
    "switch_on",
    "tell_contacts",
    "with_scope",
]
