"""The frame of members' pages: where one can go from here, where help is, and whether somebody looks on."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.services import AccountFacts, supervision

register = template.Library()
# By address: the inbox belongs to a room above.
_TEENS = (("/teen/", _("Home")), ("/teen/settings/", _("Settings")), ("/teen/supervision/", _("Supervision")))
# One page; a way to it would lead nowhere else.
_GUARDIANS = (("/guardian/", _("Home")),)


@dataclass(frozen=True)
class Entry:
    path: str
    label: Promise
    is_here: bool


@dataclass(frozen=True)
class Frame:
    home: str
    entries: tuple[Entry, ...]
    # Absolute: members may have a host of their own, and help is on the public one.
    help_url: str
    report_url: str
    is_teens: bool
    is_signed_in: bool
    is_supervised: bool


@register.simple_tag(takes_context=True)
def member_frame(context: Context) -> Frame:
    """`{% member_frame as frame %}`"""
    request = context["request"]
    member = getattr(request, "member", None)
    return _frame(request, member if isinstance(member, AccountFacts) else None)


def _frame(request: HttpRequest, member: AccountFacts | None) -> Frame:
    links = _GUARDIANS if request.path.startswith("/guardian/") else _TEENS
    here = max((path for path, _label in links if request.path.startswith(path)), key=len, default="")
    return Frame(
        # A letter's page stands by itself.
        home=request.path if request.path.startswith("/appeal/") else links[0][0],
        entries=tuple(Entry(path, label, path == here) for path, label in links if member and len(links) > 1),
        help_url=f"{settings.SITE_URL}/help/",
        report_url=f"{settings.SITE_URL}/report/" if "takedown" in settings.SURFACES else "",
        is_teens=links is _TEENS,
        is_signed_in=member is not None,
        is_supervised=member is not None and supervision.is_supervised(account_id=member.id),
    )
