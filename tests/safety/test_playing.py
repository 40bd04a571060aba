"""The invented platform plays through the real API, and what it is about can be seen in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from accounts.services import find_accounts
from platforms.services import NewKey
from safety.living import BRIGADED, COLD_CONTACTER, MIA, Living, living
from safety.playing import Platform, Played, PortalRefused, play_live, play_month
from safety.services import drain, standing_of
from tests.makers import make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connection_stays")]


@pytest.fixture
def safe_platform() -> NewKey:
    return make_platform("Livingroom", scopes=("safety",))


@pytest.fixture
def world() -> Living:
    return living(now=datetime.now(UTC))


@pytest.fixture
def server(safe_platform: NewKey) -> Iterator[Platform]:
    """The platform's own server, which speaks to the portal in this process."""
    transport = httpx.WSGITransport(app=get_wsgi_application())
    platform = Platform(url="http://testserver", key=safe_platform.key, transport=transport)
    yield platform
    platform.close()


def silent(_what: str, _done: int, _total: int) -> None:
    return None


def test_the_same_seed_is_the_same_platform() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert living(now=now) == living(now=now)
    assert living(now=now) != living(now=now, seed=8)


def test_everybody_who_does_something_is_a_member(world: Living) -> None:
    members = [one["external_id"] for one in world.accounts]
    assert len(set(members)) == len(members)
    assert {one[side] for one in world.events for side in ("actor", "target")} <= set(members)
    assert len({one["id"] for one in world.events}) == len(world.events)


def test_a_month_is_taken_once(server: Platform, world: Living) -> None:
    first = play_month(platform=server, world=world, tell=silent)
    assert first.rejected == []
    assert first.accepted == {"accounts": len(world.accounts), "events": len(world.events)}
    again = play_month(platform=server, world=world, tell=silent)
    assert again.repeated == first.accepted


def test_in_the_end_those_are_flagged_whom_the_story_is_about(
    server: Platform, world: Living, safe_platform: NewKey
) -> None:
    play_month(platform=server, world=world, tell=silent)
    now = datetime.now(UTC)
    while drain(now=now):
        pass
    levels = {
        name: standing_of(platform_id=safe_platform.platform.pk, external_id=name, now=now).level
        for name in (COLD_CONTACTER, BRIGADED, "a0001", "a0041", "p0001")
    }
    assert levels == {COLD_CONTACTER: 2, BRIGADED: 0, "a0001": 0, "a0041": 0, "p0001": 0}


def test_live_questions_are_answered_and_what_was_let_through_is_told(
    server: Platform, world: Living, safe_platform: NewKey
) -> None:
    play_month(platform=server, world=world, tell=silent)
    played = Played()
    play_live(platform=server, seed=3, count=40, clock=lambda: datetime.now(UTC), played=played, tell=silent)
    assert sum(played.decisions.values()) == 40
    assert {decision for _action, decision in played.decisions} >= {"allow", "deny"}
    assert played.accepted["events"] > 20
    assert played.rejected == []
    known = find_accounts(platform_id=safe_platform.platform.pk, external_ids=[MIA])
    assert known[MIA].age_band == "13_15"


def test_what_the_portal_refuses_is_told(world: Living) -> None:
    transport = httpx.WSGITransport(app=get_wsgi_application())
    stranger = Platform(url="http://testserver", key="wrong", transport=transport)
    with pytest.raises(PortalRefused, match="answered 401"):
        play_month(platform=stranger, world=world, tell=silent)
    stranger.close()
