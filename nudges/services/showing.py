"""What is due becomes a card, if there is something to advise and the policy lets it; everything else that waits goes with it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

import accounts.services
import platforms.services
from accounts.bands import is_minor
from accounts.services import AccountFacts
from nudges import policy
from nudges.catalogue import Move, Text, card, language_of
from nudges.models import Nudge, Offer
from nudges.policy import Shown
from nudges.services.history import shown_to
from nudges.services.pushing import write_pushes, zone_of

log = logging.getLogger(__name__)
BATCH = 500
# A card that nobody answered holds the next one back; it is looked at again after this.
LOOK_AGAIN = timedelta(days=1)
# For so long a setting counts as new.
NEW_FOR = timedelta(days=30)


def show_due(*, now: datetime) -> int:
    """Look at what is due, teen by teen; say how many were looked at. None of them is due afterwards."""
    due = Nudge.objects.filter(state=Nudge.State.WAITING, due_at__lte=now).order_by("due_at")
    found = dict.fromkeys(due.values_list("account_id", flat=True)[:BATCH])
    for account_id in found:
        try:
            settle(account_id=account_id, now=now)
        except Exception:
            # One that nobody thought of must not keep all others waiting.
            log.exception("nudge_error", extra={"account_id": account_id})
            due.filter(account=account_id).update(due_at=now + LOOK_AGAIN)
    return len(found)


@transaction.atomic
def settle(*, account_id: int, now: datetime) -> None:
    """Show her one card or none. Whoever comes second waits for the rows and finds nothing due."""
    rows = list(
        Nudge.objects.select_for_update()
        .filter(account=account_id, state__in=(Nudge.State.WAITING, Nudge.State.SHOWN))
        .order_by("pk")
    )
    waiting = [one for one in rows if one.state == Nudge.State.WAITING]
    teen = accounts.services.get_accounts(ids=[account_id]).get(account_id)
    if teen is None or not is_minor(teen.age_band):
        _drop(waiting)
        return
    open_card = next((one for one in rows if one.state == Nudge.State.SHOWN), None)
    past = shown_to(account_id, now=now)
    due = [one for one in waiting if one.due_at <= now]
    for one in sorted(due, key=lambda one: policy.by_pressure(one.kind)):
        if _settle_one(one, teen=teen, past=past, open_card=open_card, now=now):
            # What waits would say the same again, so this card speaks for it.
            _drop([other for other in waiting if other.pk != one.pk])
            return


def _settle_one(
    nudge: Nudge, *, teen: AccountFacts, past: list[Shown], open_card: Nudge | None, now: datetime
) -> bool:
    """Whether it was shown. If not, it waits for a better time or is gone."""
    moves = _moves(nudge.kind, teen=teen, past=past, now=now)
    at = policy.next_nudge(kind=nudge.kind, age_band=teen.age_band, zone=zone_of(teen), past=past, now=now)
    if not moves and policy.needs_advice(nudge.kind):
        # All is tight already. A card without advice could only say that somebody had tried.
        _drop([nudge])
    elif at > now:
        _put_off(nudge, until=at, now=now)
    elif open_card and not _gives_way(open_card, to=nudge, now=now):
        _put_off(nudge, until=now + LOOK_AGAIN, now=now)
    else:
        _show(nudge, teen=teen, moves=moves, instead_of=open_card, now=now)
        return True
    return False


def _gives_way(open_card: Nudge, *, to: Nudge, now: datetime) -> bool:
    shown_at, was_seen = open_card.shown_at or now, open_card.seen_at is not None
    return policy.gives_way(open_card.kind, to=to.kind, after=now - shown_at, was_seen=was_seen)


def _moves(kind: str, *, teen: AccountFacts, past: list[Shown], now: datetime) -> list[Move]:
    below = accounts.services.below_recommended(teen)
    if kind == Nudge.Kind.FEATURE:
        fresh = new_settings(teen.platform_id, now=now)
        below = [one for one in below if one in fresh]
    chosen = policy.advice(below, silent=policy.silent_settings(past, now=now))
    advised = accounts.services.recommended(age_band=teen.age_band)
    return [Move(one, teen.settings[one], advised[one]) for one in chosen]


def new_settings(platform_id: int, *, now: datetime) -> frozenset[str]:
    """What the platform hasn't had for long."""
    offers = Offer.objects.filter(platform=platform_id, new_since__gt=now - NEW_FOR)
    return frozenset(offers.values_list("setting", flat=True))


def _put_off(nudge: Nudge, *, until: datetime, now: datetime) -> None:
    if policy.is_stale(nudge.kind, until - now):
        _drop([nudge])
    else:
        Nudge.objects.filter(pk=nudge.pk, state=Nudge.State.WAITING).update(due_at=until)


def _show(
    nudge: Nudge, *, teen: AccountFacts, moves: list[Move], instead_of: Nudge | None, now: datetime
) -> None:
    if instead_of is not None:
        instead_of.state = Nudge.State.EXPIRED
        instead_of.save(update_fields=["state"])
    Nudge.objects.filter(pk=nudge.pk, state=Nudge.State.WAITING).update(
        state=Nudge.State.SHOWN, shown_at=now, settings=[one.as_row() for one in moves]
    )
    with override(language_of(teen.locale)):
        text = card(kind=nudge.kind, moves=moves).as_text(moves)
    platforms.services.enqueue(
        platform_id=teen.platform_id,
        event="nudge.created",
        payload=_payload(nudge, teen=teen, moves=moves, text=text),
        now=now,
    )
    write_pushes(nudge_id=nudge.pk, teen=teen, zone=zone_of(teen), now=now)


def _payload(nudge: Nudge, *, teen: AccountFacts, moves: list[Move], text: Text) -> dict[str, object]:
    """What a platform needs to show it itself. What set it off is not in it."""
    return {
        "id": nudge.pk,
        "external_id": teen.external_id,
        "key": text.key,
        "text": text.text,
        "settings": [{"setting": one.setting, "now": one.before, "recommended": one.after} for one in moves],
        "url": f"{settings.MEMBER_URL}/teen/",
    }


def _drop(nudges: list[Nudge]) -> None:
    """Gone without a row: that somebody tried at that hour is nothing to keep."""
    Nudge.objects.filter(pk__in=[one.pk for one in nudges], state=Nudge.State.WAITING).delete()
