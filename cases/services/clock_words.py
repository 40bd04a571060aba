"""What is left of a limit, in words; colour only repeats them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import clock_policy
from cases.models import Clock

KINDS: dict[str, str | Promise] = {
    "first_look": gettext_lazy("First look"),
    "push": gettext_lazy("To platforms"),
    "acknowledge": gettext_lazy("Acknowledged"),
    "outcome": gettext_lazy("Outcome"),
    "withdrawal": gettext_lazy("Withdrawal"),
}
_LEFT: dict[str, Callable[[int], str]] = {
    "minutes": lambda count: ngettext("%(n)s minute left", "%(n)s minutes left", count) % {"n": count},
    "hours": lambda count: ngettext("%(n)s hour left", "%(n)s hours left", count) % {"n": count},
    "days": lambda count: ngettext("%(n)s day left", "%(n)s days left", count) % {"n": count},
}
_OVER: dict[str, Callable[[int], str]] = {
    "minutes": lambda count: ngettext("%(n)s minute late", "%(n)s minutes late", count) % {"n": count},
    "hours": lambda count: ngettext("%(n)s hour late", "%(n)s hours late", count) % {"n": count},
    "days": lambda count: ngettext("%(n)s day late", "%(n)s days late", count) % {"n": count},
}


@dataclass(frozen=True)
class TimeLeft:
    kind: str
    name: str
    words: str
    tone: str
    platform: str = ""


def time_left(clock: Clock, *, now: datetime) -> TimeLeft:
    left = clock_policy.left(due_at=clock.due_at, kind=clock.kind, in_danger=clock.case.in_danger, now=now)
    words = (_OVER if left.tone == "over" else _LEFT)[left.unit](left.count)
    platform = clock.platform.name if clock.platform else ""
    return TimeLeft(clock.kind, str(KINDS.get(clock.kind, clock.kind)), words, left.tone, platform)


def told_how_long(hours: int) -> str:
    return _("within an hour") if hours <= 1 else _("after %(n)s hours") % {"n": hours}
