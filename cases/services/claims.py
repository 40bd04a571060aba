"""Who works on a case now. A lease that activity renews; when it runs out, everybody sees that the case is free again.

The row of a lease that ran out stays until somebody takes the case, so that the queue can say whose it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, transaction
from django.db.models import Q

import staff.services
from cases import policy
from cases.errors import NobodyElse, NotYours, ReasonMissing, TakenBySomebody
from cases.models import Case, Claim, Clock
from cases.services import clock_rules, risk
from cases.services.locks import lock_case
from staff.services import User

State = Literal["free", "mine", "theirs", "role", "lapsed"]


@dataclass(frozen=True)
class Standing:
    """Whose a case is, as one person sees it. `who` is a name or a role."""

    state: State
    who: str = ""
    until: datetime | None = None
    because: str = ""

    @property
    def is_held(self) -> bool:
        return bool(self.because)


def standing(claim: Claim | None, *, seen_by: User, now: datetime) -> Standing:
    if claim is None:
        return Standing("free")
    until = _until(claim)
    who = claim.role if claim.by is None else claim.by.username
    if until is not None and until <= now:
        return Standing("lapsed", who, until)
    if claim.by is None:
        return Standing("role", who, until, claim.held_because)
    state: State = "mine" if claim.by_id == seen_by.pk else "theirs"
    return Standing(state, who, until, claim.held_because)


@transaction.atomic
def take_case(*, case: Case, by: User, now: datetime) -> Claim:
    """Take a case for ten minutes, or go on with it. Raises TakenBySomebody."""
    lease = {"by": by, "role": "", "expires_at": now + policy.LEASE, "held_until": None, "held_because": ""}
    lock_case(case.pk)
    # What they hold goes on as it is: a lease in its place could be held anew, and so for ever.
    if not Claim.objects.filter(case=case, by=by, held_until__gt=now).exists():
        _write(lease, case=case, by=by, now=now)
    looked_at(case=case, now=now)
    staff.services.record(actor=by, act="case.claim", on=case, at=now)
    return Claim.objects.select_related("by").get(case=case)


def renew_claim(*, case: Case, by: User, now: datetime) -> bool:
    """Activity keeps a lease. False if it is not theirs any more."""
    theirs = Claim.objects.filter(case=case, by=by, expires_at__gt=now, held_until=None)
    return theirs.update(expires_at=now + policy.LEASE) == 1


@transaction.atomic
def give_back(*, case: Case, by: User, now: datetime) -> None:
    """Raises NotYours."""
    lock_case(case.pk)
    if not Claim.objects.filter(case=case, by=by).delete()[0]:
        raise NotYours
    staff.services.record(actor=by, act="case.give_back", on=case, at=now)


@transaction.atomic
def hold_case(*, case: Case, by: User, hours: int, reason: str, now: datetime) -> None:
    """Keep a case while help is on its way, at most a day. Raises ReasonMissing, NotYours."""
    if not reason.strip():
        raise ReasonMissing
    lock_case(case.pk)
    until = now + min(timedelta(hours=max(hours, 1)), policy.LONGEST_HOLD)
    # Holding again doesn't stretch a hold beyond a day: it ends, is seen, and is taken anew.
    theirs = Claim.objects.filter(case=case, by=by, expires_at__gt=now, held_until=None)
    held = theirs.update(expires_at=until, held_until=until, held_because=reason.strip()[:200])
    if not held:
        raise NotYours
    staff.services.record(actor=by, act="case.hold", on=case, at=now, detail={"until": until.isoformat()})


@transaction.atomic
def hand_over(
    *, case: Case, by: User, to: User | None = None, role: str = "", reason: str = "", now: datetime
) -> None:
    """To somebody else, or to whoever of a role takes it first; for a day. Raises NobodyElse, TakenBySomebody."""
    if to == by:
        raise NobodyElse
    until = now + policy.LONGEST_HOLD
    waits = {
        "by": to,
        "role": "" if to else role,
        "expires_at": until,
        "held_until": until,
        "held_because": reason.strip()[:200] or f"{by.username} → {to.username if to else role}",
    }
    _write(waits, case=case, by=by, now=now)
    whom: dict[str, object] = {"to": to.pk} if to else {"role": role}
    staff.services.record(actor=by, act="case.hand_over", on=case, at=now, detail=whom)


def require_free(*, case: Case, by: User, asked_by: User | None = None, now: datetime) -> None:
    """Raises TakenBySomebody if somebody else works on it. Whoever asked a second person for this is nobody else."""
    claims = Claim.objects.filter(case=case)
    theirs = _free_for(by, now=now) | (Q(by=asked_by) if asked_by else Q())
    if claims.exists() and not claims.filter(theirs).exists():
        raise taken_by(case)


def let_go(*, case: Case) -> None:
    """A case that is decided is nobody's."""
    Claim.objects.filter(case=case).delete()


def looked_at(*, case: Case, now: datetime) -> None:
    if clock_rules.end(case=case, kind=Clock.Kind.FIRST_LOOK, now=now):
        risk.reassess(case=case)


def taken_by(case: Case) -> TakenBySomebody:
    claim = Claim.objects.filter(case=case).select_related("by").first()
    if claim is None:
        return TakenBySomebody()
    return TakenBySomebody(by=claim.by.username if claim.by else claim.role, at=_taken_at(claim))


def _write(lease: dict[str, Any], *, case: Case, by: User, now: datetime) -> None:
    """Whoever holds the case's lock looks, and then writes what nobody else can have written in between."""
    lock_case(case.pk)
    if Claim.objects.filter(_free_for(by, now=now), case=case).update(**lease):
        return
    try:
        with transaction.atomic():
            Claim.objects.create(case=case, **lease)
    except IntegrityError:
        raise taken_by(case) from None


def _taken_at(claim: Claim) -> datetime | None:
    until = _until(claim)
    if until is None or claim.held_until:
        return None
    return until - policy.LEASE


def _until(claim: Claim) -> datetime | None:
    return claim.held_until or claim.expires_at


def _free_for(by: User, *, now: datetime) -> Q:
    """Their own, one that was handed to their role, or one that ran out."""
    return Q(by=by) | Q(by=None, role=by.role) | Q(expires_at__lte=now)
