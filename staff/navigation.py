"""What stands at the top of the desk's pages, for whom."""

from __future__ import annotations

from collections.abc import Callable
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
    NavigationEntry("/staff/list/", _("The list"), "list.view", "takedown"),
    NavigationEntry("/review/", _("Flags"), "flag.review", "safety"),
    NavigationEntry("/review/appeals/", _("Appeals"), "flag.review", "safety"),
    NavigationEntry("/review/calls/", _("Calls for help"), "member.help", "safety"),
    WAITING,
    NavigationEntry("/triage/dashboard/", _("Dashboard"), "dashboard.view", "takedown"),
    NavigationEntry("/review/fairness/", _("Fairness"), "fairness.view", "safety"),
    NavigationEntry("/triage/audit/", _("Audit"), "audit.view"),
    NavigationEntry("/staff/platforms/", _("Platforms"), "platform.manage"),
    NavigationEntry("/staff/webhooks/", _("Webhooks"), "platform.webhooks"),
    NavigationEntry("/staff/people/", _("People"), "staff.manage"),
)


def entries_for(role: str) -> tuple[NavigationEntry, ...]:
    return tuple(entry for entry in _ENTRIES if may(role, entry.action) and _is_on(entry.surface))


def register_waiting(path: str, count: Callable[[], int], *, action: str) -> None:
    """For a room's `AppConfig.ready`: how much waits at the address, for those who do such things."""
    _WAITING_AT[path] = (count, action)


def waiting_at(entry: NavigationEntry, role: str) -> int:
    count, action = _WAITING_AT.get(entry.path, (None, ""))
    return count() if count and may(role, action) else 0


_WAITING_AT: dict[str, tuple[Callable[[], int], str]] = {}


def _is_on(surface: str) -> bool:
    return not surface or surface in settings.SURFACES


def current(entries: tuple[NavigationEntry, ...], path: str) -> NavigationEntry | None:
    """The entry that the page belongs to: the one with the longest address that the page's begins with."""
    fitting = [entry for entry in entries if path.startswith(entry.path)]
    return max(fitting, key=lambda entry: len(entry.path), default=None)
