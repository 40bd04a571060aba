"""Everything that the desk knows of one case, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import hashes.services
import staff.services
from cases import policy
from cases.ladder import step
from cases.models import Case, CaseEvent, Clock
from cases.services import held, links
from cases.services.clock_words import TimeLeft, time_left
from cases.services.ladder import is_over, standing_at
from cases.services.links import Links
from cases.services.notes import ShownNote, notes_of
from cases.services.queue import Line, line
from hashes.services import PictureFacts
from staff.services import HeldAction, User

_SUBJECTS: dict[str, str | Promise] = {
    "self_minor": gettext_lazy("Herself or himself, under 18"),
    "self_now_adult": gettext_lazy("Herself or himself, now an adult"),
    "for_child": gettext_lazy("Somebody's child"),
    "unknown": gettext_lazy("Not said"),
}
_AGES: dict[str, str | Promise] = {
    "under_13": gettext_lazy("Under 13"),
    "13_15": gettext_lazy("13 to 15"),
    "16_17": gettext_lazy("16 or 17"),
    "unknown": gettext_lazy("Not said"),
}
_DEADLINES: dict[str, str | Promise] = {
    "": gettext_lazy("None"),
    "hours": gettext_lazy("Within hours"),
    "today": gettext_lazy("Today"),
    "tomorrow": gettext_lazy("Tomorrow"),
    "this_week": gettext_lazy("This week"),
    "unknown": gettext_lazy("Not known"),
}
_POSTED: dict[str, str | Promise] = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "unknown": gettext_lazy("Not known"),
}
STATUSES: dict[str, str | Promise] = {
    "received": gettext_lazy("Received"),
    "open": gettext_lazy("Open"),
    "declined": gettext_lazy("Declined"),
    "closed": gettext_lazy("Closed"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
_EVENTS: dict[str, str | Promise] = {
    "received": gettext_lazy("Report received"),
    "media_added": gettext_lazy("Pictures added"),
    "withdrawal_asked": gettext_lazy("Withdrawal asked for"),
    "withdrawal_cancelled": gettext_lazy("Withdrawal cancelled"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "accepted": gettext_lazy("Accepted"),
    "declined": gettext_lazy("Declined"),
    "closed": gettext_lazy("Closed"),
    "reopened": gettext_lazy("Reopened"),
    "undone": gettext_lazy("Taken back"),
    "quarantined": gettext_lazy("A picture was quarantined"),
    "restored": gettext_lazy("A picture was restored"),
    "asked": gettext_lazy("The reporter was asked"),
    "escalated": gettext_lazy("Escalated"),
    "notice_made": gettext_lazy("Notice to a platform made"),
    "limit_passed": gettext_lazy("A limit passed"),
    "said_danger": gettext_lazy("Said she is in danger"),
}
_RUNGS: dict[str, str | Promise] = {
    "sent": gettext_lazy("Sent"),
    "collected": gettext_lazy("Collected"),
    "watching": gettext_lazy("Watching"),
    "checking": gettext_lazy("Match found, being checked"),
    "blocked": gettext_lazy("Blocked"),
    "not_blocked": gettext_lazy("Not blocked"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Happening:
    words: str
    by: str
    on: date


@dataclass(frozen=True)
class PlatformLine:
    """A platform as the desk sees it now; the reporter sees it in batches."""

    name: str
    rung: str
    rung_name: str
    reason: str
    clocks: Sequence[TimeLeft]


@dataclass(frozen=True)
class CasePage:
    line: Line
    status: str
    facts: Sequence[Fact]
    happenings: Sequence[Happening]
    clocks: Sequence[TimeLeft]
    platforms: Sequence[PlatformLine]
    pictures: Sequence[PictureFacts]
    # What the list asks people about each of the pictures.
    asked: Mapping[UUID, Sequence[str]]
    links: Links
    notes: Sequence[ShownNote]
    held: Sequence[HeldAction]
    verbs: frozenset[str]
    last_event: int
    # Until when this person may read her messages although the case is not theirs.
    behind_glass_until: datetime | None


def case_page(*, case: Case, seen_by: User, now: datetime) -> CasePage:
    picture_ids = links.picture_ids(case)
    clocks = list(case.clocks.exclude(kind=Clock.Kind.LADDER).select_related("platform", "case"))
    events = list(case.events.select_related("by").order_by("pk"))
    return CasePage(
        line=line(case, seen_by=seen_by, now=now),
        status=str(STATUSES[case.status]),
        facts=_facts(case),
        happenings=[_happening(event) for event in events],
        clocks=[time_left(clock, now=now) for clock in clocks if clock.platform_id is None],
        platforms=_platforms(case, picture_ids=picture_ids, clocks=clocks, now=now),
        pictures=hashes.services.describe_pictures(picture_ids=picture_ids),
        asked=hashes.services.asked_about(picture_ids=picture_ids),
        links=links.links_of(case),
        notes=notes_of(case),
        held=_held(case, [str(pk) for pk in picture_ids]),
        verbs=_verbs(case),
        last_event=events[-1].pk if events else 0,
        behind_glass_until=held.behind_glass_until(case=case, by=seen_by, now=now),
    )


def _verbs(case: Case) -> frozenset[str]:
    verbs = policy.allowed(case.status)
    return verbs - {"withdraw"} if case.withdrawal_effective_on else verbs


def _facts(case: Case) -> list[Fact]:
    told = [
        (_("Whose picture"), _SUBJECTS[case.subject]),
        (_("Age in the picture"), _AGES[case.age_band]),
        (_("In danger now"), _("Yes") if case.in_danger else _("No")),
        (_("Threatened"), _("Yes") if case.threatened else _("No")),
        (_("The blackmailer's time"), _DEADLINES[case.deadline]),
        (_("Already posted"), _POSTED[case.posted]),
        (_("Where"), _where(case)),
        (_("Language"), case.language),
        (_("Received on"), case.received_on.isoformat()),
        (_("Code begins with"), case.selector),
    ]
    return [Fact(label, str(value)) for label, value in told]


def _where(case: Case) -> str:
    names = [platform.name for platform in case.platforms.all()]
    return ", ".join([*names, *([_("elsewhere")] if case.elsewhere else [])]) or _("Not said")


def _happening(event: CaseEvent) -> Happening:
    by = event.by.username if event.by else ""
    return Happening(str(_EVENTS.get(event.kind, event.kind)), by, event.happened_on)


def _platforms(
    case: Case, *, picture_ids: Sequence[UUID], clocks: Sequence[Clock], now: datetime
) -> list[PlatformLine]:
    lines = []
    for facts in hashes.services.platform_facts(picture_ids=picture_ids, on=now.date()):
        at = step(standing_at(facts, is_over=is_over(case)))
        theirs = [time_left(clock, now=now) for clock in clocks if clock.platform_id == facts.platform_id]
        lines.append(PlatformLine(facts.name, at.rung, str(_RUNGS[at.rung]), at.reason, theirs))
    return lines


def _held(case: Case, picture_ids: Sequence[str]) -> list[HeldAction]:
    on_case = staff.services.waiting_on(object_id=str(case.pk), kinds=held.ON_A_CASE)
    return [*on_case, *held.waiting_on_pictures(picture_ids)]
