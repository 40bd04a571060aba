"""A guardian sees settings and their changes, all of it written down, and nothing else; a pause looks like nothing new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.guardian_words import LABELS
from accounts.models import Account, CallForHelp, Seen, Supervision
from accounts.privacy import SETTINGS
from accounts.services import AccountFacts, change_settings, changes, supervision_calls, supervision_seen
from accounts.services import supervision_course as course
from nudges.models import Nudge
from platforms.services import NewKey
from safety.models import Answer, Event, FirstContact, Flag, Standing
from tests.accounts.supervising import browser_of, bytes_of, make_guardian, make_teen, supervise, text_of

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock themselves."""
    return timezone.now()


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia-4711", platform_id=platform.platform.pk)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad-0815", platform_id=platform.platform.pk)


@pytest.fixture
def lasting(mia: AccountFacts, dad: AccountFacts, now: datetime) -> Supervision:
    return supervise(mia, dad, now=now - AN_HOUR)


@pytest.fixture
def his(dad: AccountFacts, lasting: Supervision, now: datetime) -> Client:
    assert lasting.guardian_id == dad.id
    return browser_of(dad, now=now)


def page(browser: Client) -> bytes:
    return bytes_of(browser.get("/guardian/"))


def change(teen: AccountFacts, by: str = "teen", **changes: object) -> None:
    change_settings(account_id=teen.id, changes=changes, by=by, now=timezone.now())


def seen() -> list[str]:
    return list(Seen.objects.order_by("pk").values_list("what", flat=True))


def test_settings_as_they_are_and_every_change(mia: AccountFacts, his: Client) -> None:
    assert "Who can message your teen Friends only" in text_of(his.get("/guardian/"))
    change(mia, message="nobody")
    text = text_of(his.get("/guardian/"))
    assert "Who can message your teen Nobody" in text
    assert "Who can message your teen from Friends only → to Nobody" in text


def test_each_thing_is_written_down_once_and_the_teen_reads_the_same_list(
    mia: AccountFacts, his: Client, now: datetime
) -> None:
    change(mia, message="nobody")
    for _look in range(3):
        page(his)
    change(mia, comment="nobody")
    page(his)
    kinds = [what.split()[0] for what in seen()]
    assert kinds == ["settings", "change", "change"]

    hers = text_of(browser_of(mia, now=now).get("/teen/supervision/"))
    assert "All settings, as they were at the beginning" in hers
    assert "from Friends only → to Nobody" in hers
    assert "Who can comment from not set → to Nobody" in hers


def test_nothing_is_written_before_they_look(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    change(mia, message="nobody")
    assert seen() == []
    assert lasting.teen_id == mia.id
    assert "They haven't looked" in text_of(browser_of(mia, now=now).get("/teen/supervision/"))


def test_what_was_changed_before_it_began_is_not_shown(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    change_settings(account_id=mia.id, changes={"comment": "nobody"}, by="teen", now=now - AN_HOUR)
    supervise(mia, dad, now=now)
    his = browser_of(dad, now=now)
    assert "→" not in text_of(his.get("/guardian/"))


def paused_at_once(teen: AccountFacts, lasting: Supervision) -> None:
    course.pause(supervision_id=lasting.pk, teen_id=teen.id, now=timezone.now())


def test_a_pause_is_byte_for_byte_a_page_without_news(
    mia: AccountFacts, lasting: Supervision, his: Client
) -> None:
    change(mia, message="nobody")
    before = page(his)
    assert page(his) == before
    paused_at_once(mia, lasting)
    assert page(his) == before

    change(mia, message="friends", comment="nobody", private=False)
    change(mia, by="platform", location=True)
    assert page(his) == before
    assert [what.split()[0] for what in seen()] == ["settings", "change"]


def test_a_pause_before_the_first_look_is_a_page_from_the_beginning(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, his: Client, now: datetime
) -> None:
    """What she had changed before she paused, and nobody had looked at, stays unseen too."""
    mum = make_guardian("mum", platform_id=mia.platform_id)
    change(mia, message="nobody")
    paused_at_once(mia, lasting)
    text = text_of(his.get("/guardian/"))
    assert "Who can message your teen Friends only" in text
    assert seen() == ["settings"]
    # She reads that he was shown as much.
    assert "All settings" in text_of(browser_of(mia, now=now).get("/teen/supervision/"))
    assert {dad.id, mum.id} == set(Account.objects.filter(age_band="21_plus").values_list("pk", flat=True))


def test_after_a_pause_they_are_shown_what_changed_and_not_that_there_was_one(
    mia: AccountFacts, lasting: Supervision, his: Client
) -> None:
    page(his)
    paused_at_once(mia, lasting)
    change(mia, message="nobody")
    page(his)
    course.resume(supervision_id=lasting.pk, teen_id=mia.id)
    text = text_of(his.get("/guardian/"))
    assert "from Friends only → to Nobody" in text
    assert "ause" not in text


def test_a_pause_of_years_is_as_unseen(mia: AccountFacts, lasting: Supervision, his: Client) -> None:
    """Old changes are dropped, but not those that a paused page is made without."""
    before = page(his)
    paused_at_once(mia, lasting)
    change(mia, message="nobody")
    in_two_years = timezone.now() + timedelta(days=730)
    assert changes.forget_old(now=in_two_years) == 0
    assert page(his) == before
    course.resume(supervision_id=lasting.pk, teen_id=mia.id)
    assert changes.forget_old(now=in_two_years) == 1


def test_one_guardians_pause_is_not_the_others(
    mia: AccountFacts, lasting: Supervision, his: Client, now: datetime
) -> None:
    mum = make_guardian("mum", platform_id=mia.platform_id)
    supervise(mia, mum, now=now)
    hers = browser_of(mum, now=now)
    before = page(his)
    page(hers)
    paused_at_once(mia, lasting)
    change(mia, message="nobody")
    assert page(his) == before
    assert "to Nobody" in text_of(hers.get("/guardian/"))


def a_stranger(teen: AccountFacts) -> AccountFacts:
    return make_guardian(f"stranger-{uuid4().hex[:8]}", platform_id=teen.platform_id)


def with_nudges(teen: AccountFacts) -> None:
    for kind in Nudge.Kind.values:
        Nudge.objects.create(account_id=teen.id, kind=kind, due_at=timezone.now())


def with_events(teen: AccountFacts) -> None:
    """Whom she met, blocked and reported."""
    stranger = a_stranger(teen)
    for number, kind in enumerate(Event.Kind.values):
        sides = (stranger.id, teen.id) if kind in {"contact", "follow", "comment"} else (teen.id, stranger.id)
        Event.objects.create(
            platform_id=teen.platform_id,
            external_id=f"event-{number}",
            kind=kind,
            actor_id=sides[0],
            target_id=sides[1],
            occurred_at=timezone.now(),
        )


def with_a_flag(teen: AccountFacts) -> None:
    """Somebody who wrote to her is flagged and restricted, and what he asked was denied."""
    stranger, at = a_stranger(teen), timezone.now()
    Standing.objects.create(
        account_id=stranger.id,
        level=2,
        score=0.9,
        rule_version="1",
        inputs_hash="0" * 64,
        as_of=at,
        stands_until=at,
    )
    Flag.objects.create(
        platform_id=teen.platform_id,
        account_id=stranger.id,
        cause=Flag.Cause.RESTRICTED,
        level=2,
        number=1,
        score=0.9,
        rule_version="1",
        opened_at=at,
    )
    Answer.objects.create(
        platform_id=teen.platform_id,
        action="message",
        actor_id=stranger.id,
        target_id=teen.id,
        decision="deny",
        cause="level",
        at=at,
    )
    FirstContact.objects.create(account_id=stranger.id, target_id=teen.id, on=at.date())


def with_a_call_for_help(teen: AccountFacts) -> None:
    at = timezone.now()
    supervision_calls.call(teen_id=teen.id, supervision_id=None, text="I am afraid of dad-0815", now=at)
    CallForHelp.objects.update(answered_at=at, answer="We are here.")


@pytest.mark.parametrize("happening", [with_nudges, with_events, with_a_flag, with_a_call_for_help])
def test_nothing_else_that_happens_changes_a_byte(
    mia: AccountFacts, his: Client, happening: Callable[[AccountFacts], None]
) -> None:
    change(mia, message="nobody")
    before = page(his)
    happening(mia)
    assert page(his) == before


@pytest.mark.parametrize("happening", [with_events, with_a_flag])
def test_the_teens_pages_of_settings_and_supervision_tell_no_flag_either(
    mia: AccountFacts, lasting: Supervision, now: datetime, happening: Callable[[AccountFacts], None]
) -> None:
    hers = browser_of(mia, now=now)
    paths = ("/teen/settings/", "/teen/settings/message/", "/teen/supervision/")
    before = [bytes_of(hers.get(path)) for path in paths]
    happening(mia)
    assert [bytes_of(hers.get(path)) for path in paths] == before
    assert lasting.teen_id == mia.id


def test_no_name_no_id_and_no_number_of_anything(mia: AccountFacts, his: Client, now: datetime) -> None:
    with_nudges(mia)
    with_events(mia)
    with_a_flag(mia)
    change(mia, message="nobody")
    body = page(his).decode()
    for secret in ("mia-4711", "dad-0815", "stranger", "loopfeed", "Loopfeed"):
        assert secret not in body
    words = [
        word for word in text_of(his.get("/guardian/")).split() if any(symbol.isdigit() for symbol in word)
    ]
    # The code apart, numbers are the day it began, the day something was first shown, and an age.
    today = {f"{now.day}", f"{now.year}", f"{(now - AN_HOUR).day}", f"{(now - AN_HOUR).year}", "16:"}
    assert set(words) <= today


def test_a_guardian_reads_that_it_ended_and_never_why(
    mia: AccountFacts, dad: AccountFacts, his: Client, lasting: Supervision
) -> None:
    pages = set()
    for ending in Supervision.Ending.values:
        Supervision.objects.filter(pk=lasting.pk).update(
            state="ended", ending=ending, ended_at=timezone.now()
        )
        pages.add(page(his))
    assert len(pages) == 1
    assert b"A supervision ended on" in pages.pop()
    assert dad.platform_id == mia.platform_id


def test_another_guardian_and_another_platform_see_nothing(
    mia: AccountFacts, lasting: Supervision, outsider_platform: NewKey, now: datetime
) -> None:
    change(mia, message="nobody")
    mum = make_guardian("mum", platform_id=mia.platform_id)
    # The very same id on another platform is somebody else.
    other_dad = make_guardian("dad-0815", platform_id=outsider_platform.platform.pk)
    pages = {page(browser_of(one, now=now)) for one in (mum, other_dad)}
    assert len(pages) == 1
    assert b"Nobody" not in pages.pop()
    assert seen() == []
    assert lasting.teen_id == mia.id


def test_a_setting_that_the_platform_lacks_is_on_no_page(
    mia: AccountFacts, his: Client, lasting: Supervision
) -> None:
    [shown] = supervision_seen.show_to_guardian(guardian_id=lasting.guardian_id or 0, now=timezone.now())
    assert [one.label for one in shown.settings] == list(LABELS.values())
    assert "Your teen checks tags first not set" in text_of(his.get("/guardian/"))
    assert mia.settings.get("tag_review") is None


def test_looking_again_costs_the_same_however_much_happened(
    mia: AccountFacts,
    dad: AccountFacts,
    lasting: Supervision,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        change(
            mia, message="nobody" if number % 2 else "friends", comment="nobody" if number % 2 else "friends"
        )
    supervision_seen.show_to_guardian(guardian_id=dad.id, now=timezone.now())
    with django_assert_max_num_queries(15):
        supervision_seen.show_to_guardian(guardian_id=dad.id, now=timezone.now())
    assert lasting.teen_id == mia.id


def test_every_setting_has_a_name_for_guardians_that_does_not_speak_to_the_teen() -> None:
    assert list(LABELS) == list(SETTINGS)
    assert not any(" you" in f" {label.lower()} ".replace("your teen", "") for label in LABELS.values())
    assert not any(" me " in f" {label} " for label in LABELS.values())
