"""What is disclosed to law enforcement. Two people; what is filed is what both saw; a failure stays open and loud."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

import staff.services
from cases import packs
from cases.errors import CaseIsOver, EscalationMovedOn, PackGone
from cases.models import Case, CaseEvent, Escalation
from cases.packs import Pack
from cases.services import case_keys, secrets
from cases.services.locks import lock_case
from staff.errors import CannotBeDone
from staff.services import HeldAction, User

_log = logging.getLogger(__name__)

HELD_KIND = "case.escalation"
_AGES = {
    Case.AgeBand.UNDER_13: "under 13",
    Case.AgeBand.FROM_13_TO_15: "13 to 15",
    Case.AgeBand.FROM_16_TO_17: "16 or 17",
}
_REPORTERS = {
    Case.Subject.SELF_MINOR: "The child made the report, without giving a name.",
    Case.Subject.SELF_NOW_ADULT: "The person depicted, now an adult, made the report, without giving a name.",
    Case.Subject.FOR_CHILD: "An adult made the report for the child, without giving a name.",
}


def register() -> None:
    """Called once, when the room is ready."""
    staff.services.register_held(
        HELD_KIND,
        release=release_disclosure,
        describe=describe_disclosure,
        action="case.escalate",
        page=page_of_pack,
    )


@transaction.atomic
def ask_for_disclosure(
    *, case: Case, incident_type: str, told: str, reason: str, is_test: bool, by: User, now: datetime
) -> Escalation:
    """Make the pack and lay it before a second person. `told` is what the authorities read; nothing of hers goes along.

    Raises CaseIsOver, staff's MayNot, TeamKeyMissing.
    """
    held = lock_case(case.pk)
    if held.status in {Case.Status.DECLINED, Case.Status.WITHDRAWN}:
        raise CaseIsOver
    made = Escalation.objects.create(
        case=held, incident_type=incident_type, made_by=by, made_at=now, digest="", is_test=is_test
    )
    pack = _pack(made, told=told, by=by)
    made.digest = packs.digest(pack)
    made.sealed_pack = case_keys.seal(packs.canonical(pack), case_key=case_keys.case_key_for_team(held))
    made.save(update_fields=["digest", "sealed_pack"])
    staff.services.hold(
        kind=HELD_KIND,
        object_id=str(made.pk),
        by=by,
        reason=reason,
        detail={"case": str(held.pk), "incident_type": incident_type, "digest": made.digest},
        now=now,
    )
    _record("escalation.asked", made, by=by, now=now, digest=made.digest)
    return made


def release_disclosure(held: HeldAction, by: User, now: datetime) -> None:
    """A second person agreed. The pack may be filed, and what belongs to it is preserved for a year."""
    escalation = Escalation.objects.select_related("case").get(pk=int(held.object_id))
    waiting = Escalation.objects.filter(pk=escalation.pk, state=Escalation.State.HELD)
    until = packs.preserved_until(now.date())
    if waiting.update(state=Escalation.State.RELEASED, preserve_until=until) != 1:
        raise CannotBeDone(_("This pack was approved before. Look at the case, and refuse this."))
    CaseEvent.objects.create(
        case=escalation.case, kind=CaseEvent.Kind.ESCALATED, by=by, happened_on=now.date()
    )
    _record("escalation.released", escalation, by=by, now=now, digest=escalation.digest)


def page_of_pack(held: HeldAction) -> str:
    return f"/triage/{held.detail['case']}/escalations/{held.object_id}/"


def describe_disclosure(held: HeldAction) -> str:
    named = packs.INCIDENT_TYPES.get(str(held.detail.get("incident_type")), "")
    return _("Disclose case %(number)s to law enforcement: %(what)s") % {
        "number": UUID(str(held.detail["case"])).hex[:8],
        "what": named,
    }


@transaction.atomic
def read_pack(*, escalation: Escalation, by: User, now: datetime) -> Pack:
    """The pack, for the second person and for who files it; the reading is recorded. Raises PackGone."""
    if not escalation.sealed_pack:
        raise PackGone
    text = case_keys.open_sealed(
        bytes(escalation.sealed_pack), case_key=case_keys.case_key_for_team(escalation.case)
    )
    _record("escalation.read", escalation, by=by, now=now)
    return Pack.read(text)


@transaction.atomic
def record_filed(*, escalation: Escalation, report_number: str, by: User, now: datetime) -> None:
    """The authority took it and gave it a number. Raises EscalationMovedOn."""
    _step(
        _unfiled(escalation).update(
            state=Escalation.State.FILED, report_number=report_number, filed_by=by, filed_at=now, failure=""
        )
    )
    _record("escalation.filed", escalation, by=by, now=now, report_number=report_number)


@transaction.atomic
def record_failure(*, escalation: Escalation, failure: str, by: User, now: datetime) -> None:
    """It could not be filed. It stays open, on the case, on the dashboard and in the log, until it is.

    Raises EscalationMovedOn.
    """
    _step(_unfiled(escalation).update(state=Escalation.State.FAILED, failure=failure))
    _record("escalation.failed", escalation, by=by, now=now)
    _log.error("escalation %s could not be filed", escalation.pk)


def _unfiled(escalation: Escalation) -> QuerySet[Escalation]:
    return Escalation.objects.filter(
        pk=escalation.pk, state__in=(Escalation.State.RELEASED, Escalation.State.FAILED)
    )


def _pack(escalation: Escalation, *, told: str, by: User) -> Pack:
    case = escalation.case
    return Pack(
        reference=f"E-{secrets.digest(purpose='escalation reference', message=str(escalation.pk))[:10].upper()}",
        incident_type=escalation.incident_type,
        received_on=case.received_on.isoformat(),
        is_urgent=case.in_danger,
        is_sextortion=case.threatened,
        is_test=escalation.is_test,
        victim_age=_AGES.get(Case.AgeBand(case.age_band), "not told"),
        reporter_is=_REPORTERS.get(Case.Subject(case.subject), "Who made the report was not told."),
        platforms=list(case.platforms.order_by("name").values_list("name", flat=True)),
        told=told,
        history=[
            [on.isoformat(), kind.replace("_", " ")]
            for on, kind in case.events.order_by("id").values_list("happened_on", "kind")
        ],
        filer=settings.NOTICE_SIGNATORY_NAME or by.get_full_name() or by.username,
        filer_contact=settings.NOTICE_CONTACT or by.email,
        prior_reports=_prior(case),
    )


def _prior(case: Case) -> list[str]:
    filed = case.escalations.filter(state=Escalation.State.FILED, is_test=False)
    return list(filed.order_by("filed_at").values_list("report_number", flat=True))


def _step(changed: int) -> None:
    if changed != 1:
        raise EscalationMovedOn


def _record(act: str, escalation: Escalation, *, by: User, now: datetime, **detail: object) -> None:
    staff.services.record(
        actor=by, act=act, on=escalation.case, at=now, detail={"escalation": escalation.pk, **detail}
    )
