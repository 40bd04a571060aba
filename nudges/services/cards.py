"""What she does with a card: look, let it be done, say not now, take it back. A second tap changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

import accounts.services
from accounts.services import AccountFacts
from nudges.catalogue import Move, Words, card
from nudges.errors import CardChanged, CardGone, NoSuchCard
from nudges.models import Nudge

# As long as what her tap changed can be taken back.
UNDO_FOR = timedelta(days=30)
# All of them stand beside the settings.
LATEST = 3
UNDONE_SHOWS_FOR = timedelta(days=1)
_SHOWN = Nudge.State.SHOWN


@dataclass(frozen=True)
class Card:
    """A card as a page shows it."""

    id: UUID
    words: Words
    moves: list[Move]
    decided_at: datetime | None = None
    undone_at: datetime | None = None

    @property
    def becomes(self) -> dict[str, object]:
        """What she agrees to with her tap."""
        return {one.setting: one.after for one in self.moves}

    @property
    def agreed(self) -> str:
        """The same, as her page sends it back."""
        return json.dumps(self.becomes)

    @property
    def undo_until(self) -> datetime | None:
        return self.decided_at + UNDO_FOR if self.decided_at else None


@dataclass(frozen=True)
class Inbox:
    """At most one card that waits for her, and what she did lately."""

    open: Card | None
    done: list[Card]


def inbox(*, teen: AccountFacts, now: datetime) -> Inbox:
    """What her page shows. The first look counts as having seen it, on whatever channel she heard of it."""
    nudge = Nudge.objects.filter(account=teen.id, state=_SHOWN).first()
    shown = _open_card(nudge, teen=teen, now=now) if nudge else None
    applied = Nudge.objects.filter(account=teen.id, state=Nudge.State.APPLIED, decided_at__gt=now - UNDO_FOR)
    applied = applied.exclude(undone_at__lte=now - UNDONE_SHOWS_FOR).order_by("-decided_at")
    return Inbox(open=shown, done=[_done_card(one) for one in applied[:LATEST]])


@transaction.atomic
def apply(*, teen_id: int, card_id: UUID, agreed: Mapping[str, object], now: datetime) -> None:
    """Change what the card says, and nothing that was made safer meanwhile.

    Raises NoSuchCard, CardGone if it was answered otherwise, CardChanged if the card is not any more as she saw it.
    """
    nudge = _locked(teen_id, card_id)
    if nudge.state == Nudge.State.APPLIED:
        return
    if nudge.state != _SHOWN:
        raise CardGone
    teen = accounts.services.get_accounts(ids=[teen_id])[teen_id]
    moves = _still_open(nudge, teen=teen)
    changes = {one.setting: one.after for one in moves}
    if not changes:
        # What it advised is so already, by her own hand on another page or in the platform's app.
        raise CardGone
    if changes != agreed:
        raise CardChanged
    nudge.applied_as = accounts.services.change_settings(
        account_id=teen_id, changes=changes, by="teen", now=now
    )
    nudge.settings = [one.as_row() for one in moves]
    _close(nudge, Nudge.State.APPLIED, now=now)


@transaction.atomic
def dismiss(*, teen_id: int, card_id: UUID, now: datetime) -> None:
    """Not now. Raises NoSuchCard, or CardGone if she did what it says."""
    nudge = _locked(teen_id, card_id)
    if nudge.state == Nudge.State.APPLIED:
        raise CardGone
    if nudge.state == _SHOWN:
        _close(nudge, Nudge.State.DISMISSED, now=now)


@transaction.atomic
def take_back(*, teen_id: int, card_id: UUID, now: datetime) -> frozenset[str]:
    """Put back what her tap changed; gives the settings for which somebody is asked first.

    Raises NoSuchCard, and what `accounts.services.undo` raises. Taken back, it counts as refused.
    """
    nudge = _locked(teen_id, card_id)
    if nudge.applied_as is None:
        raise NoSuchCard
    undone = accounts.services.undo(account_id=teen_id, together=nudge.applied_as, by="teen", now=now)
    if nudge.undone_at is None:
        nudge.undone_at = now
        nudge.save(update_fields=["undone_at"])
    return undone.asked


def _open_card(nudge: Nudge, *, teen: AccountFacts, now: datetime) -> Card | None:
    moves = _still_open(nudge, teen=teen)
    still_shown = Nudge.objects.filter(pk=nudge.pk, state=_SHOWN)
    if nudge.settings and not moves:
        # All that it advised is so already.
        still_shown.update(state=Nudge.State.EXPIRED, decided_at=now)
        return None
    still_shown.filter(seen_at=None).update(seen_at=now)
    return Card(id=nudge.pk, words=card(kind=nudge.kind, moves=moves), moves=moves)


def _done_card(nudge: Nudge) -> Card:
    moves = [Move(one["setting"], one["before"], one["after"]) for one in nudge.settings]
    return Card(
        id=nudge.pk,
        words=card(kind=nudge.kind, moves=moves),
        moves=moves,
        decided_at=nudge.decided_at,
        undone_at=nudge.undone_at,
    )


def _still_open(nudge: Nudge, *, teen: AccountFacts) -> list[Move]:
    """What of the card is still below what is advised: a setting that became stricter is never loosened by a card."""
    below = set(accounts.services.below_recommended(teen))
    advised = accounts.services.recommended(age_band=teen.age_band)
    return [Move(one, teen.settings[one], advised[one]) for one in nudge.advised if one in below]


def _locked(teen_id: int, card_id: UUID) -> Nudge:
    """Her card, and with it her account: no other change of her settings comes between our look and our change."""
    mine = Nudge.objects.select_for_update().select_related("account").filter(account=teen_id)
    found = mine.filter(pk=card_id).exclude(state=Nudge.State.WAITING).first()
    if found is None:
        raise NoSuchCard
    return found


def _close(nudge: Nudge, state: Nudge.State, *, now: datetime) -> None:
    nudge.state = state
    nudge.decided_at = now
    nudge.seen_at = nudge.seen_at or now
    nudge.save(update_fields=["state", "decided_at", "seen_at", "settings", "applied_as"])
