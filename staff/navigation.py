"""What stands at the top of the desk's pages, for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.policy import may


@dataclass(frozen=True)
class NavigationEntry:
    path: str
    label: Promise
    action: str
    # The surface that must be on; empty for what belongs to everybody who works here.
    surface: str = ""


WAITING = NavigationEntry("/triage/held/", _("Waiting for a second person"), "held.view")
# By address: the pages belong to rooms above, which the ground does not know.
_ENTRIES = (
    NavigationEntry("/triage/", _("Queue"), "case.view", "takedown"),
    NavigationEntry("/review/", _("Flags"), "flag.review", "safety"),
    NavigationEntry("/review/appeals/", _("Appeals"), "flag.review", "safety"),
    NavigationEntry("/review/calls/", _("Calls for help"), "member.help", "safety"),
    WAITING,
    NavigationEntry("/triage/dashboard/", _("Dashboard"), "dashboard.view", "takedown"),
    NavigationEntry("/review/fairness/", _("Fairness"), "fairness.view", "safety"),
    NavigationEntry("/triage/audit/", _("Audit"), "audit.view"),
    NavigationEntry("/staff/webhooks/", _("Webhooks"), "platform.webhooks"),
    NavigationEntry("/staff/people/", _("People"), "staff.manage"),
)


def entries_for(role: str) -> tuple[NavigationEntry, ...]:
    return tuple(entry for entry in _ENTRIES if may(role, entry.action) and _is_on(entry.surface))


def _is_on(surface: str) -> bool:
    return not surface or surface in settings.SURFACES


def current(entries: tuple[NavigationEntry, ...], path: str) -> NavigationEntry | None:
    """The entry that the page belongs to: the one with the longest address that the page's begins with."""
    fitting = [entry for entry in entries if path.startswith(entry.path)]
    return max(fitting, key=lambda entry: len(entry.path), default=None)
