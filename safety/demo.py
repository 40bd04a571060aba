"""The demo's living platform: played through the portal's own API, in this process, with the demo platform's key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from accounts.services import find_accounts
from accounts.services import supervision_invitations as invitations
from platforms.services import participating
from safety.living import HER_FATHER, HER_SISTER, MIA, living
from safety.playing import Platform, PortalRefused, play_month

PLATFORM = "loopfeed"
# Whose pages the demo leads to.
MEMBERS = {"teen": MIA, "sister": HER_SISTER, "guardian": HER_FATHER}


def seed(*, folder: Path, now: datetime) -> Iterator[str]:
    """Play the month once; a second time changes nothing. Raises PortalRefused."""
    done = folder / "month.json"
    with_key = _platform(folder)
    if with_key is None:
        yield f"No invented members: {PLATFORM} has no key in {folder / 'keys.json'}."
        return
    try:
        if not _is_played(with_key, done):
            world = living(now=now)
            played = play_month(platform=with_key, world=world, tell=_silent)
            _supervise(now=now)
            done.write_text(
                json.dumps({"accounts": len(world.accounts), "events": played.accepted["events"]})
            )
        yield _told(done)
        links = {who: _link(with_key, name) for who, name in MEMBERS.items()}
    finally:
        with_key.close()
    _write_links(folder / "members.json", links)


def links(*, folder: Path) -> dict[str, str]:
    """Fresh ones, since each opens once and for ten minutes. Raises PortalRefused."""
    platform = _platform(folder)
    if platform is None:
        raise PortalRefused(f"{PLATFORM} has no key: `make run` makes the demo.")
    try:
        return {who: _link(platform, name) for who, name in MEMBERS.items()}
    finally:
        platform.close()


def _platform(folder: Path) -> Platform | None:
    try:
        key = json.loads((folder / "keys.json").read_text())[PLATFORM]
    except (OSError, ValueError, KeyError):
        return None
    transport = httpx.WSGITransport(app=get_wsgi_application())
    return Platform(url=settings.SITE_URL, key=key, transport=transport)


def _is_played(platform: Platform, done: Path) -> bool:
    """The file alone is not enough: the database may be another one."""
    return done.exists() and platform.knows(MIA)


def _supervise(*, now: datetime) -> None:
    """The sister agreed that their father looks on; Mia's page shows what it is without."""
    platform = next(one for one in participating(on=now.date()) if one.slug == PLATFORM)
    found = find_accounts(platform_id=platform.pk, external_ids=[HER_SISTER, HER_FATHER])
    teen, guardian = found[HER_SISTER].id, found[HER_FATHER].id
    code = invitations.code_of(invitations.invite(account_id=guardian, now=now))
    asked = invitations.take_code(account_id=teen, text=code, now=now)
    invitations.agree(supervision_id=asked.pk, teen_id=teen, now=now)


def _told(done: Path) -> str:
    counted = json.loads(done.read_text())
    return f"A month at {PLATFORM}: {counted['accounts']} members, {counted['events']} events."


def _link(platform: Platform, name: str) -> str:
    return str(platform.ask(f"/api/v1/accounts/{name}/sign-in/", {})["url"])


def _write_links(path: Path, links: dict[str, str]) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(links, indent=1))


def _silent(_what: str, _done: int, _total: int) -> None:
    """The demo is made within seconds."""
