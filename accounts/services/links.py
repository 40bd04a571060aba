"""How members come in: a link that opens once, then a session of their browser's. Only digests of either are kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.bands import MINORS
from accounts.errors import LinkGone
from accounts.models import MemberSession, SignInLink
from accounts.services.facts import AccountFacts, facts_of
from accounts.services.finding import account_of

LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class NewLink:
    secret: str
    age_band: str
    expires_at: datetime


@transaction.atomic
def make_link(*, platform_id: int, external_id: str, now: datetime) -> NewLink:
    """Raises UnknownAccount."""
    account = account_of(platform_id=platform_id, external_id=external_id, locked=True)
    link = NewLink(_new_secret(), account.age_band, now + LINK_LASTS)
    SignInLink.objects.create(account=account, digest=_digest(link.secret), expires_at=link.expires_at)
    return link


def is_open(*, secret: str, minor: bool, now: datetime) -> bool:
    """Whether a link still opens. Looking doesn't use it up: programs look at links before people do."""
    return _open_links(secret, minor=minor, now=now).exists()


@transaction.atomic
def use_link(*, secret: str, minor: bool, now: datetime) -> str:
    """Use it up and begin a session; gives the secret for the browser's cookie. Raises LinkGone."""
    # Nobody comes in while their account is being deleted.
    link = _open_links(secret, minor=minor, now=now).select_for_update(of=("account",)).first()
    # Of two at once, one deletes it and comes in.
    if link is None or not SignInLink.objects.filter(pk=link.pk).delete()[0]:
        raise LinkGone
    session = _new_secret()
    MemberSession.objects.create(
        account_id=link.account_id,
        digest=_digest(session),
        link_digest=link.digest,
        expires_at=now + SESSION_LASTS,
    )
    return session


def began(*, session: str, by_link: str) -> bool:
    """Whether it was this link that began this session."""
    return MemberSession.objects.filter(digest=_digest(session), link_digest=_digest(by_link)).exists()


def who_is_in(*, secret: str, minor: bool, now: datetime) -> AccountFacts | None:
    """Whose session it is, if they still are of the age that these pages are for."""
    sessions = MemberSession.objects.filter(_may_enter(minor=minor), digest=_digest(secret))
    session = sessions.filter(expires_at__gt=now).select_related("account").first()
    return None if session is None else facts_of(session.account)


def end_session(*, secret: str) -> None:
    MemberSession.objects.filter(digest=_digest(secret)).delete()


def forget_ended(*, now: datetime) -> int:
    """Drop links and sessions whose time is over; say how many."""
    over = (SignInLink.objects.filter(expires_at__lte=now), MemberSession.objects.filter(expires_at__lte=now))
    return sum(rows.delete()[0] for rows in over)


def _open_links(secret: str, *, minor: bool, now: datetime) -> QuerySet[SignInLink]:
    links = SignInLink.objects.filter(_may_enter(minor=minor), digest=_digest(secret), expires_at__gt=now)
    return links.select_related("account")


def _may_enter(*, minor: bool) -> Q:
    """Teens and adults have pages of their own, and a platform that takes part no more has no members here."""
    of_age = Q(account__age_band__in=MINORS)
    return Q(account__platform__is_active=True) & (of_age if minor else ~of_age)


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
