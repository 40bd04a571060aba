"""How supervision ends, who may end it, and what a pause is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import staff.services
from accounts.errors import MayNotEndYet, NoSuchSupervision
from accounts.models import Seen, Supervision, Wish
from accounts.services import (
    AccountFacts,
    change_settings,
    supervision,
    supervision_invitations,
    supervision_seen,
)
from accounts.services import supervision_course as course
from platforms.services import NewKey
from staff.services import User
from tests.accounts.supervising import grow_up, make_guardian, make_teen, supervise

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=platform.platform.pk)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=platform.platform.pk)


@pytest.fixture
def lasting(mia: AccountFacts, dad: AccountFacts, now: datetime) -> Supervision:
    return supervise(mia, dad, now=now)


def test_under_16_a_teen_cannot_end_it(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    with pytest.raises(MayNotEndYet):
        course.end_by_teen(supervision_id=lasting.pk, teen_id=mia.id, now=now)
    assert supervision.is_supervised(account_id=mia.id)


def test_from_16_a_teen_ends_it(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    grow_up(mia, "16_17")
    for _tap in range(2):
        course.end_by_teen(supervision_id=lasting.pk, teen_id=mia.id, now=now + LATER)
    lasting.refresh_from_db()
    assert (lasting.state, lasting.ending, lasting.ended_at) == ("ended", "by_teen", now + LATER)


@pytest.mark.parametrize("age_band", ["under_13", "13_15", "16_17"])
def test_a_guardian_ends_it_at_any_age(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime, age_band: str
) -> None:
    grow_up(mia, age_band)
    course.end_by_guardian(supervision_id=lasting.pk, guardian_id=dad.id, now=now)
    assert not supervision.is_supervised(account_id=mia.id)


def test_staff_ends_it_and_that_is_on_record(lasting: Supervision, senior: User, now: datetime) -> None:
    for _tap in range(2):
        course.end_by_staff(supervision_id=lasting.pk, by=senior, now=now)
    lasting.refresh_from_db()
    assert lasting.ending == "by_staff"
    assert [row.act for row in staff.services.audit_of(lasting)] == ["member.end_supervision"]


def test_nobody_ends_what_is_not_theirs(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    noa = make_teen("noa", platform_id=mia.platform_id, age_band="16_17")
    mum = make_guardian("mum", platform_id=mia.platform_id)
    with pytest.raises(NoSuchSupervision):
        course.end_by_teen(supervision_id=lasting.pk, teen_id=noa.id, now=now)
    with pytest.raises(NoSuchSupervision):
        course.end_by_guardian(supervision_id=lasting.pk, guardian_id=mum.id, now=now)
    with pytest.raises(NoSuchSupervision):
        course.pause(supervision_id=lasting.pk, teen_id=noa.id, now=now)
    with pytest.raises(NoSuchSupervision):
        course.resume(supervision_id=lasting.pk, teen_id=noa.id)
    assert supervision.is_supervised(account_id=mia.id)


def test_at_18_it_ends_by_itself(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    supervision.end_for_grown_up(account_ids=[mia.id], now=now)
    assert supervision.is_supervised(account_id=mia.id)

    grow_up(mia, "18_20")
    for _time in range(2):
        supervision.end_for_grown_up(account_ids=[mia.id], now=now)
    lasting.refresh_from_db()
    assert (lasting.state, lasting.ending) == ("ended", "grown_up")


def test_a_guardian_is_shown_nothing_of_who_is_grown_up_even_while_the_end_is_late(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision
) -> None:
    assert [one.pk for one in course.of_guardian(guardian_id=dad.id)] == [lasting.pk]
    grow_up(mia, "18_20")
    assert list(course.of_guardian(guardian_id=dad.id)) == []


def test_a_second_pause_keeps_the_first_ones_time(
    mia: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    for times in range(2):
        course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now + times * LATER)
    lasting.refresh_from_db()
    assert lasting.paused_at == now
    for _tap in range(2):
        course.resume(supervision_id=lasting.pk, teen_id=mia.id)
    lasting.refresh_from_db()
    assert lasting.paused_at is None


def test_what_has_ended_cannot_be_paused(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    course.end_by_guardian(supervision_id=lasting.pk, guardian_id=dad.id, now=now)
    with pytest.raises(NoSuchSupervision):
        course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now)


def test_a_pause_does_not_take_the_sign_away(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    """Whoever looks over her shoulder would read it there."""
    course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now)
    assert supervision.is_supervised(account_id=mia.id)


def test_a_pause_is_no_way_around_asking(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now)
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    mia_now = Wish.objects.get().account
    assert mia_now.settings["message"] == "friends"


def test_when_the_last_guardian_is_gone_nothing_waits(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    second = supervise(mia, make_guardian("mum", platform_id=mia.platform_id), now=now)
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)

    course.end_by_guardian(supervision_id=lasting.pk, guardian_id=dad.id, now=now)
    assert Wish.objects.get().state == "waiting"
    assert second.guardian_id is not None
    course.end_by_guardian(supervision_id=second.pk, guardian_id=second.guardian_id, now=now)
    assert Wish.objects.get().state == "taken_back"


def test_at_16_nothing_waits_any_more(mia: AccountFacts, lasting: Supervision, now: datetime) -> None:
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    grow_up(mia, "16_17")
    supervision.end_for_grown_up(account_ids=[mia.id], now=now)

    assert Wish.objects.get().state == "taken_back"
    assert supervision.is_supervised(account_id=mia.id)
    assert lasting.state == "active"


def test_what_never_began_and_what_ended_long_ago_is_forgotten(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    supervision_invitations.invite(account_id=dad.id, now=now)
    over = supervise(mia, make_guardian("mum", platform_id=mia.platform_id), now=now)
    supervision_seen.show_to_guardian(guardian_id=over.guardian_id or 0, now=now)
    course.end_by_guardian(supervision_id=over.pk, guardian_id=over.guardian_id or 0, now=now)

    assert course.forget_old(now=now + timedelta(days=31)) == 0
    assert course.forget_old(now=now + timedelta(days=33)) == 1
    assert course.forget_old(now=now + timedelta(days=365)) == 1
    assert course.forget_old(now=now + timedelta(days=9999)) == 0
    assert list(Supervision.objects.values_list("pk", flat=True)) == [lasting.pk]
    assert not Seen.objects.exists()
