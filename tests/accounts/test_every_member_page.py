"""Every address of members is tried by a stranger, a teen and an adult: each page says whose it is and lets nobody else in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.access import GUARDIAN, TEEN, Door
from accounts.services import links
from cases.tone import school_years
from platforms.services import NewKey
from tests.accounts.makers import make_account

pytestmark = pytest.mark.django_db
VALUES = {"int": "987654", "uuid": str(uuid4()), "str": "some", "slug": "some", "path": "some"}
DOORS = (TEEN, GUARDIAN)
# What somebody who is not in may ask for: to come in, to go out, and what holds nothing of anybody's.
OPEN = ("enter/", "sign-out/", "worker.js", "sw.js", "service-worker.js", "push-worker.js")
WORDS = (
    "accounts/enter.html",
    "accounts/come_in.html",
    "accounts/link_gone.html",
    "accounts/signed_out.html",
)


def addresses(door: Door) -> list[str]:
    found = [path for path, _view in _walk(get_resolver().url_patterns, "/") if path.startswith(door.path)]
    return [path for path in found if not path.removeprefix(door.path).startswith(OPEN)]


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Callable[..., Any] | None]]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES[found[1] or "str"], route), one.callback


def inside(door: Door, platform: NewKey) -> Client:
    """A browser in which somebody came in at this door."""
    band = "13_15" if door.is_for_minors else "21_plus"
    who = make_account(door.name, platform_id=platform.platform.pk, age_band=band)
    now = timezone.now()
    link = links.make_link(platform_id=who.platform_id, external_id=who.external_id, now=now)
    client = Client()
    client.post(f"{door.path}enter/{link.secret}/")
    return client


def lets_in(client: Client, path: str) -> bool:
    """Whether the page behind the door is reached; that it takes another method, or finds nothing, is its own answer."""
    answers = [client.get(path), client.post(path)]
    shut = [answer for answer in answers if "accounts/come_in.html" in [one.name for one in answer.templates]]
    assert all(answer.status_code == 403 for answer in shut), path
    assert all(answer.status_code < 500 for answer in answers), path
    # A method that is refused before anybody is asked who they are says nothing about anybody.
    return any(answer not in shut and answer.status_code != 405 for answer in answers)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_stranger_and_whoever_came_in_at_the_other_door_stay_outside(door: Door, teller: NewKey) -> None:
    assert len(addresses(door)) > 2
    (other,) = set(DOORS) - {door}
    wrong = inside(other, teller)
    # The other door's cookie under this door's name is worth nothing either.
    wrong.cookies[door.cookie] = wrong.cookies[other.cookie].value
    for nobody in (Client(), wrong):
        assert [path for path in addresses(door) if lets_in(nobody, path)] == []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_who_came_in_reaches_every_page_and_none_is_kept_by_the_browser(door: Door, teller: NewKey) -> None:
    member = inside(door, teller)
    assert [path for path in addresses(door) if not lets_in(member, path)] == []
    shown = [path for path in addresses(door) if member.get(path).status_code == 200]
    assert shown
    for path in shown:
        assert "no-store" in member.get(path).headers["Cache-Control"], path


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_a_child_of_eleven_can_read_how_to_come_in(door: Door, teller: NewKey) -> None:
    member = inside(door, teller)
    now = timezone.now()
    link = links.make_link(platform_id=teller.platform.pk, external_id=door.name, now=now)
    pages = [
        Client().get(f"{door.path}enter/{link.secret}/"),
        Client().get(f"{door.path}enter/nothing/"),
        Client().get(door.path),
        member.post(f"{door.path}sign-out/"),
    ]
    assert {page.templates[0].name for page in pages} == set(WORDS)
    for page in pages:
        main = re.search(r"<main.*?</main>", page.content.decode(), re.DOTALL)
        assert main is not None
        text = " ".join(re.sub(r"</(?:p|h1|button)>", ". ", main[0]).split())
        assert school_years(re.sub(r"<[^>]+>", " ", text).replace("..", ".")) < 5, page.templates[0].name
