"""What the person who asked is shown when it can't be done: one text an action, whoever is denied and why.

A third of those who are taken for adults are children, so each text is one that a child may read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DENIALS: dict[str, tuple[str, Promise]] = {
    "message": ("cannot_message", _("You can't message this account.")),
    "comment": ("cannot_comment", _("You can't comment here.")),
    "follow": ("cannot_follow", _("You can't follow this account.")),
    "invite": ("cannot_invite", _("You can't invite this account.")),
    "call": ("cannot_call", _("You can't call this account.")),
    "recommend": ("nothing_to_show", _("There is nothing to show here.")),
    "search": ("nothing_found", _("Nothing was found.")),
    "view_connections": ("cannot_view", _("You can't see this list.")),
}


class Denial(NamedTuple):
    key: str
    text: str


@lru_cache(maxsize=512)
def denial(*, action: str, locale: str) -> Denial:
    """In the reader's language where we have it."""
    key, text = _DENIALS[action]
    with translation.override(language_for(locale)):
        return Denial(key, str(text))


def language_for(locale: str) -> str:
    """The reader's, where we have it."""
    try:
        return translation.get_supported_language_variant(locale)
    except LookupError:
        return translation.get_supported_language_variant("en")
