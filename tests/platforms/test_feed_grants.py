"""To let a platform read the list takes two people at the desk."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from platforms.errors import NotVetted, UnknownPlatform
from platforms.models import Platform, PlatformKey
from platforms.services import ask_for_feed, credential, revoke_keys
from staff.errors import CannotBeDone, MayNot, OwnActionNotReleasable
from staff.services import HeldAction, User, describe, release, take_back
from tests.makers import make_platform, make_user
from tests.platforms.makers import vet

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    return make_user("petra", role="platform_manager")


def test_a_second_person_lets_a_platform_read_the_list(
    petra: User, administrator: User, now: datetime
) -> None:
    new = vet(make_platform("Quietboard", scopes=("match",)))
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
    vet(make_platform("Quietboard", scopes=("match",)))
    with pytest.raises(MayNot):
        ask_for_feed(slug="quietboard", by=triager, reason="", now=now)
    held = ask_for_feed(slug="quietboard", by=petra, reason="", now=now)
    with pytest.raises(MayNot):
        release(held=held, by=senior, now=now)


def test_a_platform_that_lost_its_keys_meanwhile_gets_nothing(
    petra: User, administrator: User, now: datetime
) -> None:
    vet(make_platform("Quietboard", scopes=("match",)))
    held = ask_for_feed(slug="quietboard", by=petra, reason="", now=now)
    revoke_keys(slug="quietboard")
    with pytest.raises(CannotBeDone):
        release(held=held, by=administrator, now=now)
    assert HeldAction.objects.get().state == "waiting"


def test_an_unknown_platform_is_told(petra: User, now: datetime) -> None:
    with pytest.raises(UnknownPlatform):
        ask_for_feed(slug="nowhere", by=petra, reason="", now=now)


@pytest.mark.parametrize(
    ("lacks", "facts"),
    [
        ("operator", {"operator": " "}),
        ("contact", {"contact": ""}),
        ("agreed_on", {"agreed_on": None}),
        ("expires_on", {"expires_on": None}),
        ("begun", {"agreed_on": date(2027, 1, 1)}),
        ("lasting", {"expires_on": date(2026, 11, 22)}),
        ("taking_part", {"is_active": False}),
    ],
)
def test_who_is_not_vetted_is_not_given_the_list(
    petra: User, administrator: User, now: datetime, lacks: str, facts: dict[str, object]
) -> None:
    new = vet(make_platform("Quietboard", scopes=("match",)))
    held = ask_for_feed(slug="quietboard", by=petra, reason="", now=now)
    Platform.objects.update(**facts)
    with pytest.raises(CannotBeDone, match="not vetted any more"):
        release(held=held, by=administrator, now=now)
    take_back(held=held, by=petra, now=now)
    with pytest.raises(NotVetted) as missing:
        ask_for_feed(slug="quietboard", by=petra, reason="", now=now)
    assert missing.value.lacks == [lacks]
    assert PlatformKey.objects.get(platform=new.platform).scopes == ["match"]
