"""A nightly look at everybody young: settings below what is advised, and settings that are new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import accounts.services
from accounts.services import AccountFacts
from nudges.models import Nudge, Offer
from nudges.policy import LASTS, MEMORY, Shown, words_of
from nudges.services.asking import nudge_many
from nudges.services.history import shown_to_many
from nudges.services.showing import NEW_FOR, new_settings

PAGE = 1_000
# Nobody is told of the same weak settings more often, whatever she answered.
BELOW_AGAIN = timedelta(days=30)


def sweep(*, now: datetime) -> int:
    """Ask for nudges of the kinds `below` and `feature`; say how many teens were looked at. May be cut short and run again."""
    look, seen, last = _Look(now), 0, 0
    while page := accounts.services.minors(after=last, limit=PAGE):
        look.at(page)
        seen, last = seen + len(page), page[-1].id
    return seen


def forget_old(*, now: datetime) -> None:
    """Cards that nobody answered go; then what is too old to be counted."""
    nobody_answered = Nudge.objects.filter(state=Nudge.State.SHOWN, shown_at__lte=now - LASTS)
    nobody_answered.update(state=Nudge.State.EXPIRED)
    over = Nudge.objects.exclude(state__in=(Nudge.State.WAITING, Nudge.State.SHOWN))
    over.filter(shown_at__lte=now - MEMORY).delete()


class _Look:
    """One sweep: what each platform has is asked for once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.has: dict[int, frozenset[str]] = {}
        self.new: dict[int, frozenset[str]] = {}

    def at(self, page: list[AccountFacts]) -> None:
        for platform_id in {one.platform_id for one in page} - self.has.keys():
            self.has[platform_id] = accounts.services.abilities(platform_id=platform_id)
            self.new[platform_id] = _new_on(platform_id, self.has[platform_id], now=self.now)
        past = shown_to_many([one.id for one in page], now=self.now)
        asked: dict[str, list[int]] = {Nudge.Kind.FEATURE: [], Nudge.Kind.BELOW: []}
        for teen in page:
            for kind in self._kinds(teen):
                if not _was_told(kind, past[teen.id], now=self.now):
                    asked[kind].append(teen.id)
        for wanted, account_ids in asked.items():
            nudge_many(account_ids=account_ids, kind=wanted, now=self.now)

    def _kinds(self, teen: AccountFacts) -> Iterable[Nudge.Kind]:
        below = accounts.services.below_recommended(teen, among=self.has[teen.platform_id])
        new = self.new[teen.platform_id]
        if any(one in new for one in below):
            yield Nudge.Kind.FEATURE
        if any(one not in new for one in below):
            yield Nudge.Kind.BELOW


def _was_told(kind: str, past: Iterable[Shown], *, now: datetime) -> bool:
    again = NEW_FOR if kind == Nudge.Kind.FEATURE else BELOW_AGAIN
    return any(words_of(one.kind) == words_of(kind) and one.shown_at > now - again for one in past)


def _new_on(platform_id: int, has: frozenset[str], *, now: datetime) -> frozenset[str]:
    """Write down what the platform has; give what it hasn't had for long. The first look finds nothing new."""
    known = set(Offer.objects.filter(platform=platform_id).values_list("setting", flat=True))
    since = now if known else None
    Offer.objects.bulk_create(
        [Offer(platform_id=platform_id, setting=one, new_since=since) for one in sorted(has - known)],
        ignore_conflicts=True,
    )
    return new_settings(platform_id, now=now)
