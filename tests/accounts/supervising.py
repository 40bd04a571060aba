"""Supervision for tests: a teen, a guardian, and both in their browsers."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Protocol

from django.test import Client

from accounts.access import GUARDIAN, TEEN
from accounts.bands import is_minor
from accounts.models import Abilities, Account, Supervision
from accounts.privacy import SETTINGS
from accounts.services import AccountFacts, get_accounts, links, supervision_invitations
from tests.accounts.makers import make_account

WEAK = {"message": "everyone", "private": False, "location": True}
SAFE = {"message": "friends", "private": True, "location": False}
_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def make_teen(
    name: str, *, platform_id: int, age_band: str = "13_15", settings: dict[str, object] | None = None
) -> AccountFacts:
    """A teen of a platform that has all settings."""
    Abilities.objects.update_or_create(
        platform_id=platform_id,
        defaults={"settings": list(SETTINGS), "said_at": datetime.fromisoformat("2026-11-01T12:00:00+00:00")},
    )
    return make_account(
        name,
        platform_id=platform_id,
        age_band=age_band,
        settings=dict(SAFE if settings is None else settings),
    )


def make_guardian(name: str, *, platform_id: int) -> AccountFacts:
    return make_account(name, platform_id=platform_id, age_band="21_plus")


def supervise(teen: AccountFacts, guardian: AccountFacts, *, now: datetime) -> Supervision:
    """As it really begins: the guardian invites, the teen types the code and says yes."""
    invitation = supervision_invitations.invite(account_id=guardian.id, now=now)
    code = supervision_invitations.code_of(invitation)
    taken = supervision_invitations.take_code(account_id=teen.id, text=code, now=now)
    supervision_invitations.agree(supervision_id=taken.pk, teen_id=teen.id, now=now)
    return Supervision.objects.get(pk=taken.pk)


def browser_of(member: AccountFacts, *, now: datetime) -> Client:
    """A browser in which they came in by a link of their platform's."""
    link = links.make_link(platform_id=member.platform_id, external_id=member.external_id, now=now)
    door = TEEN if is_minor(member.age_band) else GUARDIAN
    client = Client()
    assert client.post(f"{door.path}enter/{link.secret}/").status_code == 302
    return client


def again(member: AccountFacts) -> AccountFacts:
    """As they are by now."""
    return get_accounts(ids=[member.id])[member.id]


def grow_up(member: AccountFacts, age_band: str) -> None:
    Account.objects.filter(pk=member.id).update(age_band=age_band)


class Page(Protocol):
    """An answer of the test client's."""

    status_code: int
    content: bytes


def bytes_of(response: Page) -> bytes:
    """The page without its form tokens, which differ each time by design."""
    assert response.status_code == 200, response.status_code
    return _CSRF.sub(b"", response.content)


def text_of(response: Page) -> str:
    """What a reader reads."""
    body = re.split("<main[^>]*>", response.content.decode(), maxsplit=1)[1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
