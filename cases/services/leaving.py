"""What the case page shows of what left, and of what can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

import staff.services
from cases.models import Case, Escalation, Notice
from cases.services import escalations, legal_holds, notices
from cases.services.notices import OnOffer
from cases.services.retention import deleted_on


@dataclass(frozen=True)
class ShownNotice:
    notice: Notice
    reference: str


@dataclass(frozen=True)
class ShownEscalation:
    """`waits`: a second person has not decided. `was_refused`: one did, and it will not be filed."""

    escalation: Escalation
    waits: bool
    was_refused: bool


@dataclass(frozen=True)
class Leaving:
    notices_are_on: bool
    on_offer: Sequence[OnOffer]
    notices: Sequence[ShownNotice]
    escalations: Sequence[ShownEscalation]
    failures: Sequence[Escalation]
    hold_waits: bool
    words_deleted_on: date | None
    retention_days: int


def desk_summary(case: Case) -> Leaving:
    made = case.notices.select_related("platform", "made_by").order_by("-made_at")
    packs = list(case.escalations.select_related("made_by", "filed_by").order_by("-made_at"))
    return Leaving(
        notices_are_on=notices.are_switched_on(),
        on_offer=notices.on_offer(case=case),
        notices=[ShownNotice(one, notices.reference_of(one)) for one in made],
        escalations=_shown(packs),
        failures=[one for one in packs if one.state == Escalation.State.FAILED],
        hold_waits=_hold_waits(case),
        words_deleted_on=deleted_on(case),
        retention_days=settings.MESSAGE_RETENTION_DAYS,
    )


def _hold_waits(case: Case) -> bool:
    kinds = (legal_holds.BEGIN_KIND, legal_holds.END_KIND)
    return staff.services.waiting_on(object_id=str(case.pk), kinds=kinds).exists()


def _shown(packs: Sequence[Escalation]) -> list[ShownEscalation]:
    undecided = staff.services.HeldAction.objects.filter(
        kind=escalations.HELD_KIND,
        object_id__in=[str(one.pk) for one in packs],
        state=staff.services.HeldAction.State.WAITING,
    )
    waiting = set(undecided.values_list("object_id", flat=True))
    return [_with_decision(one, waits=str(one.pk) in waiting) for one in packs]


def _with_decision(escalation: Escalation, *, waits: bool) -> ShownEscalation:
    is_held = escalation.state == Escalation.State.HELD
    return ShownEscalation(escalation, waits=is_held and waits, was_refused=is_held and not waits)
