"""Notices to platforms. The operator signs, so that she stays anonymous while the platform's 48 hours run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

import hashes.services
import staff.services
from cases import notice_law, notice_words, policy
from cases.errors import (
    CaseIsOver,
    NotAuthorised,
    NoticeAlreadyMade,
    NoticeIncomplete,
    NoticeMovedOn,
    NoticesSwitchedOff,
    NoticeTextGone,
)
from cases.models import Case, CaseEvent, Clock, Location, Notice
from cases.notice_law import Body, Digest, Signature
from cases.notice_words import Breach
from cases.services import case_keys, clock_rules, risk, secrets
from cases.services.locks import lock_case
from staff.services import User

_AT_A_TIME = 500


def are_switched_on() -> bool:
    """Only an operator who has named who signs, and how to be reached, sends notices."""
    return all((settings.NOTICE_SIGNATORY_NAME, settings.NOTICE_SIGNATORY_TITLE, settings.NOTICE_CONTACT))


@transaction.atomic
def make_notice(*, case: Case, platform: str, by: User, now: datetime) -> Notice:
    """Write the notice for a platform, by its slug, from the places she told and let us sign for.

    Raises NoticesSwitchedOff, CaseIsOver, NotAuthorised, NoticeAlreadyMade, NoticeIncomplete, TeamKeyMissing.
    """
    if not are_switched_on():
        raise NoticesSwitchedOff
    # The lock makes the second of two clicks find the first one's notice.
    held = lock_case(case.pk)
    if held.status not in policy.LIVING:
        raise CaseIsOver
    places = list(_places(held).filter(platform__slug=platform, is_authorised=True))
    if not places:
        raise NotAuthorised
    if held.notices.filter(platform__slug=platform, outcome="").exists():
        raise NoticeAlreadyMade
    notice = _write(case=held, places=places, by=by, now=now)
    CaseEvent.objects.create(case=held, kind=CaseEvent.Kind.NOTICE_MADE, by=by, happened_on=now.date())
    staff.services.record(
        actor=by, act="notice.made", on=held, at=now, detail={"notice": notice.pk, "platform": platform}
    )
    return notice


def body_of(notice: Notice) -> Body:
    """What was sent. Raises NoticeTextGone once retention deleted it, TeamKeyMissing."""
    if not notice.sealed_body:
        raise NoticeTextGone
    text = case_keys.open_sealed(bytes(notice.sealed_body), case_key=case_keys.case_key_for_team(notice.case))
    told = json.loads(text)
    told["signature"] = Signature(**told["signature"])
    told["digests"] = [Digest(**one) for one in told["digests"]]
    return Body(**told)


@transaction.atomic
def read_notice(*, notice: Notice, by: User, now: datetime) -> Body:
    """Show what was sent to a person; it holds what she told, so that the reading is recorded."""
    body = body_of(notice)
    staff.services.record(actor=by, act="notice.read", on=notice.case, at=now, detail={"notice": notice.pk})
    return body


def message_of(body: Body) -> str:
    """The same for a program at the platform."""
    return json.dumps(asdict(body), indent=1, ensure_ascii=False)


@transaction.atomic
def record_sent(*, notice: Notice, by: User, now: datetime) -> None:
    """It went out and reached them now: their 48 hours begin. Raises NoticeMovedOn."""
    lock_case(notice.case_id)
    unsent = Notice.objects.filter(pk=notice.pk, sent_at=None)
    _step(unsent.update(sent_at=now, due_at=notice_law.due_at(now)))
    clock_rules.start(case=notice.case, kind=Clock.Kind.OUTCOME, platform_id=notice.platform_id, now=now)
    _record("notice.sent", notice=notice, by=by, now=now)


@transaction.atomic
def record_acknowledged(*, notice: Notice, by: User, now: datetime) -> None:
    """The platform said that it has it. Raises NoticeMovedOn."""
    waiting = Notice.objects.filter(pk=notice.pk, sent_at__isnull=False, acknowledged_at=None, outcome="")
    _step(waiting.update(acknowledged_at=now))
    _record("notice.acknowledged", notice=notice, by=by, now=now)


@transaction.atomic
def record_outcome(*, notice: Notice, outcome: str, identical_copies: str, by: User, now: datetime) -> None:
    """What the platform did. The places she told of it are deleted with that. Raises NoticeMovedOn."""
    lock_case(notice.case_id)
    notice.refresh_from_db()
    late = notice_law.is_breach(due_at=notice.due_at, outcome_at=now, now=now)
    waiting = Notice.objects.filter(pk=notice.pk, sent_at__isnull=False, outcome="")
    _step(
        waiting.update(
            outcome=Notice.Outcome(outcome), outcome_at=now, identical_copies=identical_copies, is_breach=late
        )
    )
    Location.objects.filter(case=notice.case_id, platform=notice.platform_id).delete()
    clock_rules.end(case=notice.case, kind=Clock.Kind.OUTCOME, platform_id=notice.platform_id, now=now)
    risk.reassess(case=notice.case)
    _record("notice.outcome", notice=notice, by=by, now=now, outcome=outcome, late=late)


@transaction.atomic
def record_complaint(*, notice: Notice, reference: str, by: User, now: datetime) -> None:
    """The regulator was told of the breach. Raises NoticeMovedOn if there is none, or it was told before."""
    breached = Notice.objects.filter(pk=notice.pk, is_breach=True, complaint_reference="")
    _step(breached.update(complaint_reference=reference))
    _record("notice.complaint", notice=notice, by=by, now=now)


def flag_breaches(*, now: datetime) -> int:
    """The sweep: mark what no platform answered within its 48 hours; say how many."""
    overdue = Notice.objects.filter(due_at__lt=now, outcome="", is_breach=False)
    return sum(_flag(notice, now=now) for notice in overdue.select_related("case")[:_AT_A_TIME])


def complaint_text(notice: Notice) -> str:
    """For the regulator's form. Nothing sealed is opened for it."""
    if notice.sent_at is None or notice.due_at is None:
        raise NoticeMovedOn
    breach = Breach(
        reference=reference_of(notice),
        platform=notice.platform.name,
        sent_at=notice.sent_at,
        due_at=notice.due_at,
        acknowledged_at=notice.acknowledged_at,
        outcome=notice.outcome,
        outcome_at=notice.outcome_at,
    )
    return notice_words.complaint(
        breach,
        signatory=settings.NOTICE_SIGNATORY_NAME,
        title=settings.NOTICE_SIGNATORY_TITLE,
        contact=settings.NOTICE_CONTACT,
    )


def reference_of(notice: Notice) -> str:
    """What platform and desk call it. It tells neither the case nor how many notices there are."""
    return f"N-{secrets.digest(purpose='notice reference', message=str(notice.pk))[:10].upper()}"


@dataclass(frozen=True)
class OnOffer:
    """A platform that a notice may be made for."""

    name: str
    slug: str
    places: int
    is_authorised: bool
    is_waiting: bool


def on_offer(*, case: Case) -> list[OnOffer]:
    """The platforms she named a place on, and what stands in the way of a notice."""
    waiting = set(case.notices.filter(outcome="").values_list("platform__slug", flat=True))
    told: dict[tuple[str, str], list[bool]] = {}
    for place in _places(case).exclude(platform=None).order_by("platform__name"):
        if place.platform is not None:
            told.setdefault((place.platform.name, place.platform.slug), []).append(place.is_authorised)
    return [
        OnOffer(name, slug, len(allowed), any(allowed), slug in waiting)
        for (name, slug), allowed in told.items()
    ]


def _places(case: Case) -> QuerySet[Location]:
    return Location.objects.filter(case=case).select_related("platform")


def _write(*, case: Case, places: Sequence[Location], by: User, now: datetime) -> Notice:
    platform = places[0].platform
    assert platform is not None  # noqa: S101 - They were looked for by their platform.
    notice = Notice.objects.create(case=case, platform=platform, made_by=by, made_at=now, sealed_body=b"")
    case_key = case_keys.case_key_for_team(case)
    body = Body(
        reference=reference_of(notice),
        platform=platform.name,
        signature=Signature(settings.NOTICE_SIGNATORY_NAME, settings.NOTICE_SIGNATORY_TITLE),
        where=[case_keys.open_sealed(bytes(one.sealed_where), case_key=case_key) for one in places],
        digests=[Digest(*one) for one in _digests(case)],
        statement=notice_words.STATEMENT,
        facts=list(notice_words.facts(subject=case.subject, threatened=case.threatened)),
        contact=settings.NOTICE_CONTACT,
    )
    missing = notice_law.missing_parts(body)
    if missing:
        raise NoticeIncomplete(missing)
    notice.sealed_body = case_keys.seal(message_of(body), case_key=case_key)
    notice.save(update_fields=["sealed_body"])
    return notice


def _digests(case: Case) -> list[tuple[str, str]]:
    return hashes.services.exact_digests(picture_ids=case.pictures.values_list("picture_id", flat=True))


@transaction.atomic
def _flag(notice: Notice, *, now: datetime) -> bool:
    lock_case(notice.case_id)
    unanswered = Notice.objects.filter(pk=notice.pk, outcome="", is_breach=False)
    if not unanswered.update(is_breach=True):
        # Its outcome was recorded between the look and the mark.
        return False
    if not _clock(notice).exists():
        # Where its clock runs, the clock's own sweep tells that the limit passed.
        CaseEvent.objects.create(case=notice.case, kind=CaseEvent.Kind.LIMIT_PASSED, happened_on=now.date())
    _record("notice.breach", notice=notice, by=None, now=now)
    return True


def _clock(notice: Notice) -> QuerySet[Clock]:
    return Clock.objects.filter(case=notice.case_id, platform=notice.platform_id, kind=Clock.Kind.OUTCOME)


def _step(changed: int) -> None:
    if changed != 1:
        raise NoticeMovedOn


def _record(act: str, *, notice: Notice, by: User | None, now: datetime, **detail: object) -> None:
    staff.services.record(actor=by, act=act, on=notice.case, at=now, detail={"notice": notice.pk, **detail})
