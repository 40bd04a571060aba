"""To let a platform read the list takes two people at the desk."""

from __future__ import annotations

from datetime import datetime

import pytest

from platforms.errors import UnknownPlatform
from platforms.services import ask_for_feed, credential, revoke_keys
from staff.errors import CannotBeDone, MayNot, OwnActionNotReleasable
from staff.services import HeldAction, User, describe, release
from tests.makers import make_platform, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    return make_user("petra", role="platform_manager")


def test_a_second_person_lets_a_platform_read_the_list(
    petra: User, administrator: User, now: datetime
) -> None:
    new = make_platform("Quietboard", scopes=("match",))
    held = ask_for_feed(slug="quietboard", by=petra, reason="agreement signed", now=now)
    assert describe(held) == "Let Quietboard read the list"
    with pytest.raises(OwnActionNotReleasable):
        release(held=held, by=petra, now=now)
    before = credential(key=new.key, now=now)
    assert before is not None
    assert before.scopes == {"match"}
    release(held=held, by=administrator, now=now)
    after = credential(key=new.key, now=now)
    assert after is not None
    assert after.scopes == {"match", "feed"}


def test_triage_does_not_decide_about_platforms(
    triager: User, senior: User, petra: User, now: datetime
) -> None:
    make_platform("Quietboard", scopes=("match",))
    with pytest.raises(MayNot):
        ask_for_feed(slug="quietboard", by=triager, reason="", now=now)
    held = ask_for_feed(slug="quietboard", by=petra, reason="", now=now)
    with pytest.raises(MayNot):
        release(held=held, by=senior, now=now)


def test_a_platform_that_lost_its_keys_meanwhile_gets_nothing(
    petra: User, administrator: User, now: datetime
) -> None:
    make_platform("Quietboard", scopes=("match",))
    held = ask_for_feed(slug="quietboard", by=petra, reason="", now=now)
    revoke_keys(slug="quietboard")
    with pytest.raises(CannotBeDone):
        release(held=held, by=administrator, now=now)
    assert HeldAction.objects.get().state == "waiting"


def test_an_unknown_platform_is_told(petra: User, now: datetime) -> None:
    with pytest.raises(UnknownPlatform):
        ask_for_feed(slug="nowhere", by=petra, reason="", now=now)
