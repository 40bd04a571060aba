"""Where a case stands in the queue, kept beside it so that the queue need not compute anything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import risk
from cases.models import Case, CaseEvent, Clock
from cases.services import clock_rules

REASONS: dict[str, str | Promise] = {
    "danger": _("says she is in danger"),
    "deadline_hours": _("the blackmailer's time ends within hours"),
    "deadline_today": _("the blackmailer's time ends today"),
    "deadline_tomorrow": _("the blackmailer's time ends tomorrow"),
    "deadline_this_week": _("the blackmailer's time ends this week"),
    "deadline_unknown": _("is threatened, by when is not known"),
    "threatened": _("is threatened"),
    "breach": _("a platform let its 48 hours pass"),
    "under_13": _("under 13"),
    "posted": _("already posted"),
}
LIMITS: dict[str, str | Promise] = {
    "first_look": _("nobody has looked in time"),
    "push": _("not sent to platforms in time"),
    "acknowledge": _("a platform has not acknowledged in time"),
    "outcome": _("a platform let its 48 hours pass"),
}
LEVELS: dict[str, str | Promise] = {
    "danger": _("Danger"),
    "high": _("High"),
    "raised": _("Raised"),
    "usual": _("Usual"),
}


def answers_of(case: Case, *, breached: bool) -> risk.Answers:
    return risk.Answers(
        in_danger=case.in_danger,
        threatened=case.threatened,
        deadline=case.deadline,
        age_band=case.age_band,
        posted=case.posted,
        breached=breached,
    )


def assess(case: Case) -> int:
    """The score of a case that is being taken in."""
    return risk.score(answers_of(case, breached=False))


def why(case: Case, *, broken: Collection[str]) -> str:
    """One line: what passed its limit first, then her answers, the weightiest first."""
    late = [LIMITS[kind] for kind in LIMITS if kind in broken]
    told = [REASONS[reason.name] for reason in risk.reasons(answers_of(case, breached=False))]
    words = ", ".join(str(word) for word in [*late, *told]) or str(_("in the order of arrival"))
    return words[0].upper() + words[1:]


@transaction.atomic
def reassess(*, case: Case) -> None:
    """Bring the score and the mark for passed limits up to date."""
    broken = set(Clock.objects.filter(case=case, is_broken=True).values_list("kind", flat=True))
    case.risk = risk.score(answers_of(case, breached=Clock.Kind.OUTCOME in broken))
    case.is_overdue = bool(broken & set(clock_rules.LIMITED))
    Case.objects.filter(pk=case.pk).update(risk=case.risk, is_overdue=case.is_overdue)


@transaction.atomic
def hear_of_danger(*, case: Case, now: datetime) -> None:
    """She says that she is in danger: the case goes to the top and somebody looks within the hour, or sooner if they had to."""
    newly = Case.objects.filter(pk=case.pk, in_danger=False).update(in_danger=True)
    case.in_danger = True
    if newly:
        CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.SAID_DANGER, happened_on=now.date())
    clock_rules.hurry(case=case, kind=Clock.Kind.FIRST_LOOK, now=now)
    reassess(case=case)
