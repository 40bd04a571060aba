"""What can be done with nudges. The verbs:"""

from __future__ import annotations

from nudges.catalogue import Text, banner
from nudges.catalogue import push as push_text
from nudges.push_post import Browser
from nudges.services.asking import nudge, nudge_many
from nudges.services.cards import Card, Inbox, apply, dismiss, inbox, take_back
from nudges.services.push_addresses import allow_pushes, stop_pushes
from nudges.services.push_keys import signer
from nudges.services.pushing import send_due_pushes, zone_of
from nudges.services.showing import show_due
from nudges.services.sweeping import forget_old, sweep

__all__ = [
    "Browser",
    "Card",
    "Inbox",
    "Text",
    "allow_pushes",
    "apply",
    "banner",
    "dismiss",
    "forget_old",
    "inbox",
    "nudge",
    "nudge_many",
    "push_text",
    "send_due_pushes",
    "show_due",
    "signer",
    "stop_pushes",
    "sweep",
    "take_back",
    "zone_of",
]
