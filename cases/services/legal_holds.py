"""While a case is held, nothing of it is deleted. Two people set the hold, and two end it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

import staff.services
from cases.errors import HoldIsAsItWas
from cases.models import Case
from cases.services.held import page_of_case
from staff.errors import HeldMovedOn
from staff.services import HeldAction, User

BEGIN_KIND, END_KIND = "case.legal_hold", "case.legal_hold_end"


def register() -> None:
    """Called once, when the room is ready."""
    for kind, release, describe in (
        (BEGIN_KIND, begin_hold, _describe_begin),
        (END_KIND, end_hold, _describe_end),
    ):
        staff.services.register_held(
            kind, release=release, describe=describe, action="case.legal_hold", page=page_of_case
        )


def ask_for_hold(*, case: Case, reason: str, by: User, now: datetime) -> HeldAction:
    """Raises HoldIsAsItWas, staff's MayNot and AlreadyHeld."""
    return _ask(BEGIN_KIND, case=case, would_be=True, reason=reason, by=by, now=now)


def ask_for_end(*, case: Case, reason: str, by: User, now: datetime) -> HeldAction:
    """Raises HoldIsAsItWas, staff's MayNot and AlreadyHeld."""
    return _ask(END_KIND, case=case, would_be=False, reason=reason, by=by, now=now)


def begin_hold(held: HeldAction, by: User, now: datetime) -> None:
    _set(held, to=True, by=by, now=now)


def end_hold(held: HeldAction, by: User, now: datetime) -> None:
    _set(held, to=False, by=by, now=now)


def _describe_begin(held: HeldAction) -> str:
    return _("Legal hold: keep all of case %(number)s") % {"number": _number(held)}


def _describe_end(held: HeldAction) -> str:
    return _("End the legal hold on case %(number)s") % {"number": _number(held)}


def _ask(kind: str, *, case: Case, would_be: bool, reason: str, by: User, now: datetime) -> HeldAction:
    if Case.objects.filter(pk=case.pk, legal_hold=would_be).exists():
        raise HoldIsAsItWas
    return staff.services.hold(
        kind=kind, object_id=str(case.pk), by=by, reason=reason, detail={"case": str(case.pk)}, now=now
    )


def _set(held: HeldAction, *, to: bool, by: User, now: datetime) -> None:
    case = Case.objects.get(pk=UUID(held.object_id))
    if not Case.objects.filter(pk=case.pk, legal_hold=not to).update(legal_hold=to):
        raise HeldMovedOn(state=_("overtaken"), by="", at=None)
    act = "case.legal_hold" if to else "case.legal_hold_end"
    staff.services.record(actor=by, act=act, on=case, at=now, detail={"asked_by": held.asked_by_id})


def _number(held: HeldAction) -> str:
    return UUID(held.object_id).hex[:8]
