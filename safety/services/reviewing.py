"""A person decides about a flag: it stands, it is lifted, or, with a second person, it is sanctioned or referred."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

import platforms.services
import staff.services
from safety.errors import FlagMovedOn, SecondPersonAsked
from safety.models import Flag, Standing
from safety.services.flags import next_number
from safety.services.folding import refresh
from safety.services.letters import write_letter
from staff.errors import AlreadyHeld, CannotBeDone
from staff.services import HeldAction, User

SANCTION, REFER = "flag.sanction", "flag.refer"
UPHELD_FOR = timedelta(days=30)
LIFTED_FOR = timedelta(days=90)
# Longer than a letter may wait and an appeal may come.
EVIDENCE_KEPT = timedelta(days=200)
LIMITING = frozenset({Flag.Outcome.UPHELD, Flag.Outcome.SANCTIONED, Flag.Outcome.REFERRED})
_OUTCOMES = {SANCTION: Flag.Outcome.SANCTIONED, REFER: Flag.Outcome.REFERRED}

Change = Callable[[Standing, datetime], None]


@dataclass(frozen=True)
class Verdict:
    """What a person decided, and what it makes of the standing."""

    outcome: Flag.Outcome
    change: Change
    by: User
    note: str


def visible(user: User) -> QuerySet[Flag]:
    """A platform's reviewers see their platform's flags only; the operator's own see all."""
    platform_id = platforms.services.membership_of(user_id=user.pk)
    flags = Flag.objects.select_related("account", "platform", "decided_by")
    return flags if platform_id is None else flags.filter(platform=platform_id)


@transaction.atomic
def uphold(*, flag: Flag, by: User, note: str, now: datetime) -> None:
    """The limit stands for 30 days more. Of a burst: what was reported counts, and the score moves again.

    Raises FlagMovedOn, SecondPersonAsked.
    """
    change = _let_count if flag.cause == Flag.Cause.BURST else _hold_up
    _close(flag, Verdict(Flag.Outcome.UPHELD, change, by, note), now)


@transaction.atomic
def lift(*, flag: Flag, by: User, note: str, now: datetime) -> None:
    """The limit ends, and nothing limits this account by itself for 90 days. Raises FlagMovedOn, SecondPersonAsked."""
    _close(flag, Verdict(Flag.Outcome.LIFTED, lift_standing, by, note), now)


@transaction.atomic
def end_limit(*, flag: Flag, by: User, note: str, now: datetime) -> None:
    """Lift what was upheld, sanctioned or referred before: people may change their minds in somebody's favour.

    Raises FlagMovedOn.
    """
    there = locked(flag)
    if there.outcome not in LIMITING:
        raise _moved_on(there)
    lift_closed(flag, by, now, note=note)
    staff.services.record(actor=by, act="flag.ended", on=flag, at=now, detail={"before": there.outcome})


def lift_closed(flag: Flag, by: User, now: datetime, *, note: str = "") -> None:
    """Under the flag's lock."""
    lock_standing(flag)
    Flag.objects.filter(pk=flag.pk).update(
        outcome=Flag.Outcome.LIFTED, decided_by=by, number=next_number(), note=note
    )
    change_standing(flag, lift_standing, now)
    flag.refresh_from_db()
    tell(flag, now)


@transaction.atomic
def ask_to_sanction(*, flag: Flag, by: User, reason: str, now: datetime) -> None:
    """Raises FlagMovedOn, staff's AlreadyHeld and MayNot."""
    _ask(SANCTION, flag, by, reason, now)


@transaction.atomic
def ask_to_refer(*, flag: Flag, by: User, reason: str, now: datetime) -> None:
    """A person then files the referral outside of here. Raises FlagMovedOn, staff's AlreadyHeld and MayNot."""
    _ask(REFER, flag, by, reason, now)


def waiting_on(flag: Flag) -> list[HeldAction]:
    return list(staff.services.waiting_on(object_id=str(flag.pk), kinds=(SANCTION, REFER)))


def register_held_actions() -> None:
    """Called once, when the room is ready."""
    staff.services.register_held(
        SANCTION, release=_release, describe=_describe, action=SANCTION, may_see=_may_see
    )
    staff.services.register_held(REFER, release=_release, describe=_describe, action=REFER, may_see=_may_see)


def lock_standing(flag: Flag) -> Standing | None:
    """A deleted account has none."""
    return Standing.objects.select_for_update().filter(account=flag.account_id).first()


def change_standing(flag: Flag, change: Change, now: datetime) -> None:
    """Under its lock, and read anew at once."""
    standing = lock_standing(flag)
    if standing is None or flag.account_id is None:
        return
    change(standing, now)
    # The level follows what people decided; until it is read anew, a constraint wants it to fit.
    standing.level = min(standing.level, 2) if standing.sanctioned_at is None else standing.level
    standing.save(update_fields=["level", "frozen_at", "sanctioned_at", "upheld_until", "lifted_until"])
    refresh([flag.account_id], now)


def tell(flag: Flag, now: datetime) -> None:
    """The platform hears what was decided; of an account that is gone there is nobody to tell of."""
    if flag.account is None:
        return
    payload = {"external_id": flag.account.external_id, "flag": str(flag.pk), "outcome": flag.outcome}
    platforms.services.enqueue(platform_id=flag.platform_id, event="flag.decided", payload=payload, now=now)


def lift_standing(standing: Standing, now: datetime) -> None:
    standing.frozen_at = standing.sanctioned_at = standing.upheld_until = None
    standing.lifted_until = now + LIFTED_FOR


def _close(flag: Flag, verdict: Verdict, now: datetime, *, asked: HeldAction | None = None) -> None:
    """Once: a double click, or somebody else, finds it closed."""
    if asked is None and waiting_on(flag):
        raise SecondPersonAsked
    _lock_open(flag)
    # In the order in which whoever reads events takes them: the standing, then the counter of flags.
    lock_standing(flag)
    # What a decision leads to may open another flag, so this one is closed first.
    Flag.objects.filter(pk=flag.pk).update(
        state=Flag.State.CLOSED,
        outcome=verdict.outcome,
        closed_at=now,
        decided_by=verdict.by,
        note=verdict.note,
        number=next_number(),
    )
    change_standing(flag, verdict.change, now)
    flag.refresh_from_db()
    if flag.account_id is None:
        forget_evidence(flag)
    tell(flag, now)
    act = f"flag.{verdict.outcome.value}"
    staff.services.record(actor=verdict.by, act=act, on=flag, at=now, detail={"cause": flag.cause})


def locked(flag: Flag) -> Flag:
    """As it is now, until the transaction ends. A flag is locked before its standing."""
    return Flag.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=flag.pk)


def _lock_open(flag: Flag) -> None:
    """Raises FlagMovedOn."""
    there = locked(flag)
    if there.state != Flag.State.OPEN:
        raise _moved_on(there)


def _moved_on(there: Flag) -> FlagMovedOn:
    by = there.decided_by.username if there.decided_by else ""
    return FlagMovedOn(outcome=there.outcome, by=by, at=there.closed_at)


def forget_evidence(flag: Flag) -> None:
    flag.evidence = {}
    flag.save(update_fields=["evidence"])


def forget_old_evidence(*, now: datetime) -> int:
    """Of flags that were decided so long ago that no appeal can come any more."""
    old = Flag.objects.filter(state=Flag.State.CLOSED, closed_at__lt=now - EVIDENCE_KEPT).exclude(evidence={})
    return old.update(evidence={}, note="")


def _ask(kind: str, flag: Flag, by: User, reason: str, now: datetime) -> None:
    if waiting_on(flag):
        raise AlreadyHeld
    _lock_open(flag)
    staff.services.hold(kind=kind, object_id=str(flag.pk), by=by, reason=reason, now=now)


def _release(held: HeldAction, by: User, now: datetime) -> None:
    flag = Flag.objects.filter(pk=held.object_id, state=Flag.State.OPEN).select_related("account").first()
    if flag is None:
        raise CannotBeDone(_("The flag is closed already. Refuse this, or have it taken back."))
    note = held.reason
    _close(flag, Verdict(_OUTCOMES[held.kind], _sanction, by, note), now, asked=held)
    write_letter(flag=flag, rules=_rules(flag), now=now)


def _rules(flag: Flag) -> list[str]:
    return [str(one["rule"]) for one in flag.evidence.get("reading", {}).get("reasons", ())]


def _describe(held: HeldAction) -> str:
    flag = Flag.objects.filter(pk=held.object_id).select_related("account", "platform").first()
    name = flag.account.external_id if flag and flag.account else _("a deleted account")
    platform = flag.platform.name if flag else "?"
    if held.kind == SANCTION:
        return _("Sanction %(account)s of %(platform)s") % {"account": name, "platform": platform}
    return _("Refer %(account)s of %(platform)s to an authority") % {"account": name, "platform": platform}


def _may_see(held: HeldAction, user: User) -> bool:
    return visible(user).filter(pk=held.object_id).exists()


def _hold_up(standing: Standing, now: datetime) -> None:
    standing.frozen_at = standing.lifted_until = None
    standing.upheld_until = now + UPHELD_FOR


def _let_count(standing: Standing, _now: datetime) -> None:
    standing.frozen_at = None


def _sanction(standing: Standing, now: datetime) -> None:
    standing.frozen_at = standing.lifted_until = None
    standing.sanctioned_at = now
