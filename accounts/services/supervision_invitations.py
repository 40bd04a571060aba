"""How supervision begins: one side hands the other a code in person, and in the end the teen says yes or no."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from accounts import invitation_code
from accounts.bands import is_minor
from accounts.errors import CodeNotTaken, SupervisionMovedOn, TooManyTries, TwoGuardiansAlready
from accounts.models import Account, Supervision
from accounts.services.supervision import forget_wishes

State = Supervision.State
Side = Supervision.Side
LASTS = timedelta(hours=48)
MOST_GUARDIANS = 2
# Ten an hour for one account: enough for clumsy fingers, and nothing against forty bits.
TRIES_AN_HOUR = 10
_HOUR = 3_600


@transaction.atomic
def invite(*, account_id: int, now: datetime) -> Supervision:
    """An invitation from this account. While one waits it stays the same, so that a second tap makes no second code.

    Raises TwoGuardiansAlready.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    side = _side(account)
    if side == Side.TEEN and _guardians(account) >= MOST_GUARDIANS:
        raise TwoGuardiansAlready
    open_one = _own(account).exclude(code_digest="").filter(expires_at__gt=now).first()
    if open_one is not None and open_one.code_digest == _digest(_symbols(open_one)):
        return open_one
    made = Supervision(
        platform_id=account.platform_id, invited_by=side, invited_at=now, expires_at=now + LASTS
    )
    setattr(made, side, account)
    made.save()
    made.code_digest = _digest(_symbols(made))
    made.save(update_fields=["code_digest"])
    return made


def invitation_of(*, account_id: int, now: datetime) -> Supervision | None:
    """Their newest invitation for as long as its code would last, whatever the other side did with it.

    A guardian who handed over a code can't tell a no from no answer yet.
    """
    account = Account.objects.get(pk=account_id)
    newest = _own(account).filter(invited_at__gt=now - LASTS).first()
    if newest is None or newest.state not in {State.INVITED, State.DECLINED}:
        return None
    # A teen is asked as soon as hers was typed.
    was_typed = not newest.code_digest and newest.invited_by == Side.TEEN
    return None if was_typed else newest


def code_of(invitation: Supervision) -> str:
    """Made from the row and the portal's secret, so that its maker may see it again although only its digest is kept."""
    return invitation_code.shown(_symbols(invitation))


@transaction.atomic
def take_code(*, account_id: int, text: str, now: datetime) -> Supervision:
    """The other side typed the code. Nothing has begun: the teen still has to say yes.

    Raises CodeNotTaken.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    side = _side(account)
    symbols = invitation_code.meant(text)
    if symbols is None:
        raise CodeNotTaken
    taken_before = _typed(account, symbols, now)
    if taken_before is not None:
        # The second of two taps. To a guardian a no looks like no answer here too.
        return taken_before
    found = Supervision.objects.filter(
        platform_id=account.platform_id, code_digest=_digest(symbols), expires_at__gt=now, state=State.INVITED
    ).exclude(invited_by=side)
    # The answer has its own two days.
    found.update(**{side: account, "code_digest": "", "expires_at": now + LASTS})
    taken = _typed(account, symbols, now)
    if taken is None:
        raise CodeNotTaken
    return taken


def note_try(*, account_id: int) -> None:
    """Count before looking, so that tries at the same time are all counted. Raises TooManyTries."""
    key = f"accounts:invitation-tries:{account_id}"
    if cache.add(key, 1, _HOUR):
        return
    try:
        tries = cache.incr(key)
    except ValueError:
        # It expired between the two calls.
        tries = 1
    if tries > TRIES_AN_HOUR:
        raise TooManyTries


def unanswered(*, teen_id: int, now: datetime) -> QuerySet[Supervision]:
    """Both sides are known, and the teen has not said yes or no."""
    complete = Supervision.objects.filter(teen=teen_id, guardian__isnull=False, state=State.INVITED)
    return complete.filter(expires_at__gt=now).order_by("pk")


def waiting_for_teen(*, guardian_id: int, now: datetime) -> QuerySet[Supervision]:
    """Codes of teens that this guardian typed. A no looks like no answer until the time is over."""
    typed = Supervision.objects.filter(guardian=guardian_id, invited_by=Side.TEEN, expires_at__gt=now)
    return typed.filter(state__in=[State.INVITED, State.DECLINED]).order_by("pk")


@transaction.atomic
def agree(*, supervision_id: int, teen_id: int, now: datetime) -> None:
    """The teen says yes. Raises SupervisionMovedOn, TwoGuardiansAlready."""
    # Whoever else becomes a guardian of hers waits here.
    teen = Account.objects.select_for_update().get(pk=teen_id)
    if _active(teen).filter(pk=supervision_id).exists():
        return
    asked = unanswered(teen_id=teen_id, now=now).filter(pk=supervision_id).first()
    if asked is None or not is_minor(teen.age_band):
        raise SupervisionMovedOn
    if _active(teen).filter(guardian=asked.guardian_id).exists():
        _decline(asked, now=now)
        return
    if _guardians(teen) >= MOST_GUARDIANS:
        raise TwoGuardiansAlready
    if not _active(teen).exists():
        forget_wishes(account_id=teen.pk, now=now)
    Supervision.objects.filter(pk=asked.pk).update(state=State.ACTIVE, began_at=now)


@transaction.atomic
def decline(*, supervision_id: int, teen_id: int, now: datetime) -> None:
    """The teen says no. Raises SupervisionMovedOn if she said yes elsewhere."""
    Account.objects.select_for_update().get(pk=teen_id)
    theirs = Supervision.objects.filter(pk=supervision_id, teen=teen_id)
    if theirs.filter(state=State.INVITED, guardian__isnull=False).update(state=State.DECLINED, ended_at=now):
        return
    if not theirs.filter(state=State.DECLINED).exists():
        raise SupervisionMovedOn


def _decline(asked: Supervision, *, now: datetime) -> None:
    Supervision.objects.filter(pk=asked.pk).update(state=State.DECLINED, ended_at=now)


def _side(account: Account) -> Side:
    return Side.TEEN if is_minor(account.age_band) else Side.GUARDIAN


def _own(account: Account) -> QuerySet[Supervision]:
    """What this account began, the newest first."""
    side = _side(account)
    return Supervision.objects.filter(Q(**{side: account}), invited_by=side).order_by("-pk")


def _typed(account: Account, symbols: str, now: datetime) -> Supervision | None:
    """What this account typed this very code for, while its answer may come."""
    side = _side(account)
    open_states = [State.INVITED, State.DECLINED] if side == Side.GUARDIAN else [State.INVITED]
    theirs = Supervision.objects.filter(Q(**{side: account}), state__in=open_states, expires_at__gt=now)
    return next((one for one in theirs.exclude(invited_by=side) if _symbols(one) == symbols), None)


def _active(teen: Account) -> QuerySet[Supervision]:
    return Supervision.objects.filter(teen=teen, state=State.ACTIVE)


def _guardians(teen: Account) -> int:
    return _active(teen).count()


def _symbols(invitation: Supervision) -> str:
    mac = salted_hmac("accounts.invitation", str(invitation.pk), algorithm="sha256")
    return invitation_code.from_bytes(mac.digest())


def _digest(symbols: str) -> str:
    return salted_hmac("accounts.invitation.digest", symbols, algorithm="sha256").hexdigest()
