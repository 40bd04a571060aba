"""Pushes: saved with the card, each try written down before it is made, none for a card that she has seen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

import accounts.services
from accounts.bands import is_minor
from accounts.services import AccountFacts
from nudges import policy
from nudges.errors import NotABrowser
from nudges.models import Nudge, Push, PushAddress
from nudges.push_post import Browser, Signer, headers, sealed
from nudges.services.push_keys import signer
from platforms.services import Outcome, Post, send_post

log = logging.getLogger(__name__)
AT_ONCE = 8
# Longer than a try can last: a worker that dies in the middle leaves the push due again after this.
LEASE = timedelta(seconds=60)
# A round ends, so that a new version of the worker can take over.
MOST_A_ROUND = 400
_WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=4))
# The browser, or its maker, says that there is nobody behind this address any more.
_GONE = frozenset({404, 410})
# A no that another try could turn into a yes.
_LATER = frozenset({408, 425, 429})
# Her browser's own worker holds the one sentence, so that a push can't say anything else.
_NOTHING = "tip"
_FORBIDDEN = "address_not_allowed"


@dataclass(frozen=True)
class Claimed:
    """A try that is written down and not yet made."""

    push_id: int
    address_id: int
    tries: int
    post: Post


def write_pushes(*, nudge_id: UUID, teen: AccountFacts, zone: tzinfo, now: datetime) -> None:
    """One for each browser that she allowed, in the transaction that shows the card."""
    browsers = list(PushAddress.objects.filter(account=teen.id).values_list("pk", flat=True))
    if browsers:
        at = _next_push(nudge_id, teen=teen, zone=zone, now=now)
        Push.objects.bulk_create(Push(nudge_id=nudge_id, address_id=one, next_try_at=at) for one in browsers)


def send_due_pushes(*, clock: Callable[[], datetime]) -> int:
    """Send what is due; say how many tries were made."""
    own = signer()
    if own is None:
        return 0
    made = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="push") as pool:
        while made < MOST_A_ROUND and (claimed := claim(limit=AT_ONCE, signer=own, now=clock())):
            outcomes = pool.map(lambda one: _send(one.post), claimed)
            for one, outcome in zip(claimed, outcomes, strict=True):
                settle(claimed=one, outcome=outcome, now=clock())
            made += len(claimed)
    return made


def claim(*, limit: int, signer: Signer, now: datetime) -> list[Claimed]:
    """What may be tried now, each try committed. What may not is put off or given up, and looked past."""
    claimed: list[Claimed] = []
    while len(claimed) < limit:
        due = Push.objects.filter(state=Push.State.WAITING, next_try_at__lte=now).order_by("next_try_at")
        found = list(due.values_list("pk", flat=True)[: limit - len(claimed)])
        if not found:
            break
        tries = (_claim(push_id, signer=signer, now=now) for push_id in found)
        claimed += [one for one in tries if one is not None]
    return claimed


@transaction.atomic
def settle(*, claimed: Claimed, outcome: Outcome, now: datetime) -> None:
    """Write down how the try ended, and what follows from it."""
    waiting = Push.objects.filter(pk=claimed.push_id, state=Push.State.WAITING)
    if outcome.is_success:
        waiting.update(state=Push.State.SENT, sent_at=now)
    elif outcome.status in _GONE or outcome.problem == _FORBIDDEN:
        PushAddress.objects.filter(pk=claimed.address_id).delete()
    elif _is_final(outcome) or claimed.tries > len(_WAITS):
        waiting.update(state=Push.State.GIVEN_UP)
    else:
        waiting.update(next_try_at=now + _WAITS[claimed.tries - 1])


@transaction.atomic
def _claim(push_id: int, *, signer: Signer, now: datetime) -> Claimed | None:
    waiting = Push.objects.filter(pk=push_id, state=Push.State.WAITING, next_try_at__lte=now)
    push = waiting.select_related("nudge", "address").select_for_update(of=("self",)).first()
    if push is None:
        return None  # Another worker was first.
    teen = accounts.services.get_accounts(ids=[push.nudge.account_id])[push.nudge.account_id]
    if not _is_news(push, teen):
        waiting.update(state=Push.State.GIVEN_UP)
        return None
    at = _next_push(push.nudge_id, teen=teen, zone=zone_of(teen), now=now)
    if at > now:
        waiting.update(next_try_at=at)
        return None
    post = _post(push.address, signer=signer, now=now)
    if post is None:
        push.address.delete()
        return None
    waiting.update(next_try_at=now + LEASE, tries=F("tries") + 1, tried_at=now)
    return Claimed(push.pk, push.address_id, push.tries + 1, post)


def _post(address: PushAddress, *, signer: Signer, now: datetime) -> Post | None:
    browser = Browser(address.endpoint, address.p256dh, address.auth)
    try:
        signed = headers(browser=browser, signer=signer, now=now)
        return Post(url=browser.endpoint, headers=signed, body=sealed(_NOTHING, browser=browser))
    except NotABrowser:
        # Looked at when it came, but a newer version may know better; one must not hold up all others.
        return None


def _is_news(push: Push, teen: AccountFacts) -> bool:
    """Not for a card that she has seen, nor for a browser that somebody else uses by now."""
    is_hers = push.address.account_id == teen.id and is_minor(teen.age_band)
    return is_hers and push.nudge.state == Nudge.State.SHOWN and push.nudge.seen_at is None


def _next_push(nudge_id: UUID, *, teen: AccountFacts, zone: tzinfo, now: datetime) -> datetime:
    others = Push.objects.filter(nudge__account=teen.id, tried_at__gt=now - policy.DAY)
    pushed = others.exclude(nudge=nudge_id).values_list("tried_at", flat=True)
    return policy.next_push(
        age_band=teen.age_band, zone=zone, pushed=[at for at in pushed if at is not None], now=now
    )


def zone_of(teen: AccountFacts) -> tzinfo:
    return policy.zone_of(teen.time_zone, otherwise=settings.NUDGE_TIME_ZONE)


def _send(post: Post) -> Outcome:
    try:
        return send_post(post, allowed_hosts=frozenset(settings.PUSH_ALLOWED_HOSTS))
    except Exception:
        # One that nobody thought of must not keep the others from being written down.
        log.exception("push_error")
        return Outcome(problem="error")


def _is_final(outcome: Outcome) -> bool:
    return outcome.status is not None and 400 <= outcome.status < 500 and outcome.status not in _LATER
