"""Who participates, what they may do, and what they are told. The verbs:"""

from __future__ import annotations

from platforms.posting import Outcome, Post
from platforms.posting import send as send_post
from platforms.rate_limits import Allowance, Limit
from platforms.services.cache_failures import CACHE_IS_DOWN
from platforms.services.clients import client_configuration
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
from platforms.services.limiting import take
from platforms.services.members import add_member, add_reviewer, membership_of
from platforms.services.overview import (
    Overview,
    Reading,
    everybody,
    history_of,
    keys_of,
    one_of_them,
    register_readings,
)
from platforms.services.replaying import forget_told, replay, replay_since
from platforms.services.vetting import (
    SCOPES_OF_ONE,
    change_facts,
    end_part,
    lacks_for_feed,
    let_in,
    mark_of,
    operated_as,
    replace_key,
    revoke_key,
    write_agreement,
)

__all__ = [
    "CACHE_IS_DOWN",
    "EVENTS",
    "FEED_GRANT",
    "KEY_CACHE_SECONDS",
    "SCOPES_OF_ONE",
    "Allowance",
    "Credential",
    "KeyState",
    "Limit",
    "NewKey",
    "NewSecret",
    "Outcome",
    "Overview",
    "Participant",
    "Post",
    "Reading",
    "add_endpoint",
    "add_member",
    "add_platform",
    "add_reviewer",
    "all_keys",
    "announce",
    "ask_for_feed",
    "change_facts",
    "claim",
    "client_configuration",
    "credential",
    "end_part",
    "end_platform",
    "enqueue",
    "everybody",
    "forget_told",
    "history_of",
    "is_listening",
    "keys_of",
    "lacks_for_feed",
    "let_in",
    "mark_of",
    "membership_of",
    "one_of_them",
    "operated_as",
    "participating",
    "register_held_actions",
    "register_readings",
    "replace_key",
    "replay",
    "replay_since",
    "revoke_key",
    "revoke_keys",
    "rotate_key",
    "rotate_secret",
    "send_due",
    "send_post",
    "settle",
    "subscription_of",
    "switch_off",
    "switch_on",
    "take",
    "tell_contacts",
    "with_scope",
    "write_agreement",
]
