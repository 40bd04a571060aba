"""A guardian says yes or no to what a teen under 16 asked for; of two, one answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import privacy
from accounts.errors import NoSuchWish, WishMovedOn
from accounts.models import Account, Seen, Supervision, Wish
from accounts.services import changes, supervision_seen
from accounts.services.supervision import is_supervised

State = Wish.State
# As long as a change can be undone, its answer is told.
TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True)
class WishOfTeen:
    """A wish as its teen reads it."""

    id: int
    setting: str
    label: str
    wanted: str
    state: str
    decided_on: date | None


def of_teen(*, teen_id: int, now: datetime) -> list[WishOfTeen]:
    """What waits, and what was answered lately, the newest first."""
    rows = Wish.objects.filter(account=teen_id).exclude(state=State.TAKEN_BACK).order_by("-pk")
    waits = is_supervised(account_id=teen_id)
    told = [one for one in rows if _is_told(one, waits=waits, since=now - TOLD_FOR)]
    return [
        WishOfTeen(
            id=one.pk,
            setting=one.setting,
            label=privacy.SETTINGS[one.setting].label,
            wanted=privacy.SETTINGS[one.setting].label_of(one.wanted),
            state=one.state,
            decided_on=one.decided_at.date() if one.decided_at else None,
        )
        for one in told
    ]


def _is_told(wish: Wish, *, waits: bool, since: datetime) -> bool:
    return waits if wish.decided_at is None else wish.decided_at > since


@transaction.atomic
def approve(*, wish_id: int, guardian_id: int, now: datetime) -> None:
    """Say yes; the setting changes in the same moment. Raises NoSuchWish, WishMovedOn."""
    supervision, wish = _shown_to(guardian_id, wish_id)
    _decide(wish, State.APPROVED, guardian_id=guardian_id, now=now)
    together = changes.change_settings(
        account_id=wish.account_id, changes={wish.setting: wish.wanted}, by="guardian", now=now
    )
    supervision_seen.note_own_act(supervision=supervision, wish=wish, together=together, now=now)


@transaction.atomic
def refuse(*, wish_id: int, guardian_id: int, now: datetime) -> None:
    """Say no. Raises NoSuchWish, WishMovedOn."""
    supervision, wish = _shown_to(guardian_id, wish_id)
    _decide(wish, State.REFUSED, guardian_id=guardian_id, now=now)
    supervision_seen.note_own_act(supervision=supervision, wish=wish, together=None, now=now)


@transaction.atomic
def note_that_it_moved_on(*, wish_id: int, guardian_id: int, now: datetime) -> None:
    """They were told that it had been answered, so from now on their page says so. Raises NoSuchWish."""
    supervision, wish = _shown_to(guardian_id, wish_id)
    if wish.state != State.WAITING:
        supervision_seen.note_answer(supervision=supervision, wish=wish, now=now)


@transaction.atomic
def take_back(*, wish_id: int, teen_id: int, now: datetime) -> None:
    """The teen doesn't want it any more. Raises NoSuchWish, WishMovedOn."""
    theirs = Wish.objects.filter(pk=wish_id, account=teen_id)
    if theirs.filter(state=State.WAITING).update(state=State.TAKEN_BACK, decided_at=now):
        return
    state = theirs.values_list("state", flat=True).first()
    if state is None:
        raise NoSuchWish
    if state != State.TAKEN_BACK:
        raise WishMovedOn


def _shown_to(guardian_id: int, wish_id: int) -> tuple[Supervision, Wish]:
    """Only what this very guardian was shown: in a pause, new wishes wait."""
    lasting = Supervision.State.ACTIVE
    shown = Seen.objects.filter(
        what=f"wish {wish_id}", supervision__guardian=guardian_id, supervision__state=lasting
    )
    seen = shown.select_related("supervision", "wish").first()
    if seen is None or seen.wish is None:
        raise NoSuchWish
    # Everybody who changes what belongs to a teen holds her row first, so that nobody waits in a circle.
    Account.objects.select_for_update().get(pk=seen.wish.account_id)
    seen.wish.refresh_from_db()
    return seen.supervision, seen.wish


def _decide(wish: Wish, state: State, *, guardian_id: int, now: datetime) -> None:
    """Raises WishMovedOn if another guardian was first, or the teen took it back."""
    decided = Wish.objects.filter(pk=wish.pk, state=State.WAITING).update(
        state=state, decided_by=guardian_id, decided_at=now
    )
    if decided != 1:
        raise WishMovedOn
    wish.refresh_from_db()
