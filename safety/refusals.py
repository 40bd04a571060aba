"""What is wrong with a row, in words, with what to do about it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from safety.answers import ACTIONS
from safety.intake import KINDS, LABELS

_DETAILS: dict[str, Promise] = {
    "not_an_object": _("This must be an object."),
    "not_a_list": _("This must be a list."),
    "required": _("This is missing."),
    "invalid": _("This can't be read. Look up its form in the API's description."),
    "unknown_account": _("No such account. Tell of it at /api/v1/accounts/ first, then send the row again."),
    "same_as_actor": _("An account can't do this to itself."),
    "in_future": _("This lies in the future. Check your clock, and send the row again."),
    "too_old": _("This is more than 120 days ago. Such events are not kept."),
    "no_offset": _("Say the offset from UTC, best as a Z at the end."),
    "id_reused": _("Another event has this id. Each event needs an id of its own."),
}
_CHOICES = {"kind": KINDS, "labels": LABELS, "action": ACTIONS}


def detail(field: str, code: str) -> str:
    if code == "invalid_choice":
        return str(_("One of: {known}.")).format(known=", ".join(_CHOICES[field]))
    return str(_DETAILS[code])
