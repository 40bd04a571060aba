"""What people decide about what the list asks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from django.utils import timezone

from hashes import services
from hashes.errors import ConcernMovedOn, NotOffTheList, WhyMissing
from hashes.models import Concern, Entry, Picture
from platforms.services import NewKey
from staff.errors import AlreadyHeld, CannotBeDone, MayNot
from staff.services import AuditRow, User, describe, refuse, release
from tests.hashes.disputing import TODAY, dispute, make_listed, make_operator
from tests.makers import make_fingerprints, make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed() -> UUID:
    picture = make_listed()
    for name in ("Loopfeed", "Chatterbox"):
        dispute(make_operator(name), picture)
    return picture


def status(picture: UUID) -> str:
    return Picture.objects.get(pk=picture).status


def acts() -> list[str]:
    return list(AuditRow.objects.order_by("position").values_list("act", flat=True))


def newest() -> int:
    return Concern.objects.latest("pk").pk


def test_left_as_it_is_it_stays_away_and_asks_no_more(disputed: UUID, triager: User, now: datetime) -> None:
    services.leave_picture(picture_id=disputed, by=triager, seen=newest(), now=now)
    concern = Concern.objects.get()
    assert (concern.ending, concern.ended_by, concern.ended_on) == ("left", triager, now.date())
    assert status(disputed) == "quarantined"
    assert acts() == ["list.leave"]


def flooded(picture: UUID) -> None:
    """As the guard leaves a picture that is found suspiciously often."""
    Entry.objects.filter(picture=picture).update(review=Entry.Review.CHECK_FIRST)
    services.raise_concern(kind="flood", on=TODAY, evidence={"count": 900, "usual": 3.0}, picture_id=picture)


def reviews(picture: UUID) -> set[str]:
    return set(Entry.objects.filter(picture=picture).values_list("review", flat=True))


def test_a_flood_that_is_left_is_trusted_again(triager: User, now: datetime) -> None:
    picture = make_listed()
    flooded(picture)
    services.leave_picture(picture_id=picture, by=triager, seen=newest(), now=now)
    assert reviews(picture) == {"unreviewed"}


def test_a_flood_that_somebody_disputes_stays_to_be_checked_first(triager: User, now: datetime) -> None:
    picture = make_listed()
    flooded(picture)
    dispute(make_operator("Loopfeed"), picture)
    services.leave_picture(picture_id=picture, by=triager, seen=newest(), now=now)
    assert reviews(picture) == {"check_first"}


def test_what_two_operators_disputed_waits_when_it_is_reported_anew() -> None:
    prints = make_fingerprints()
    picture = make_picture(*prints)
    services.publish(now=timezone.now())
    for name in ("Loopfeed", "Chatterbox"):
        dispute(make_operator(name), picture)
    again = make_picture(*prints)
    assert status(picture) == "quarantined"
    assert status(again) == "waiting"
    assert set(Concern.objects.filter(picture=again).values_list("kind", flat=True)) == {"come_back"}


def test_the_second_person_is_told_who_was_first(
    disputed: UUID, triager: User, senior: User, now: datetime
) -> None:
    seen = newest()
    services.leave_picture(picture_id=disputed, by=triager, seen=seen, now=now)
    with pytest.raises(ConcernMovedOn) as moved:
        services.leave_picture(picture_id=disputed, by=senior, seen=seen, now=now)
    assert (moved.value.by, moved.value.at) == ("tessa", now)
    assert acts() == ["list.leave"]


def test_taken_off_for_good_nothing_brings_it_back(disputed: UUID, triager: User, now: datetime) -> None:
    services.take_off_for_good(picture_id=disputed, by=triager, now=now)
    assert (status(disputed), Concern.objects.get().ending) == ("withdrawn", "taken_off")
    services.relist_pictures(picture_ids=[disputed], release=True)
    assert not services.put_back(picture_id=disputed, by=triager, now=now)
    assert not Entry.objects.listed().exists()
    with pytest.raises(NotOffTheList):
        services.ask_to_put_back(picture_id=disputed, by=triager, why="a mistake", now=now)
    with pytest.raises(ConcernMovedOn):
        services.take_off_for_good(picture_id=disputed, by=triager, now=now)
    assert acts() == ["list.take_off"]


def test_a_picture_that_nothing_is_asked_about_is_not_taken_off(triager: User, now: datetime) -> None:
    picture = make_picture()
    with pytest.raises(ConcernMovedOn):
        services.take_off_for_good(picture_id=picture, by=triager, now=now)
    assert status(picture) == "listed"


def test_two_people_put_it_back(disputed: UUID, triager: User, senior: User, now: datetime) -> None:
    held = services.ask_to_put_back(picture_id=disputed, by=triager, why="They err.", now=now)
    with pytest.raises(AlreadyHeld):
        services.ask_to_put_back(picture_id=disputed, by=senior, why="x", now=now)
    assert status(disputed) == "quarantined"
    release(held=held, by=senior, now=now)
    assert (status(disputed), Concern.objects.get().ending) == ("listed", "listed")
    assert acts() == ["held.ask", "list.restore", "held.release"]


def test_refused_it_stays_where_it_is(disputed: UUID, triager: User, senior: User, now: datetime) -> None:
    held = services.ask_to_put_back(picture_id=disputed, by=triager, why="They err.", now=now)
    refuse(held=held, by=senior, now=now)
    assert (status(disputed), Concern.objects.get().ended_on) == ("quarantined", None)


def test_what_was_taken_off_meanwhile_is_not_put_back(
    disputed: UUID, triager: User, senior: User, now: datetime
) -> None:
    held = services.ask_to_put_back(picture_id=disputed, by=triager, why="They err.", now=now)
    services.take_off_for_good(picture_id=disputed, by=senior, now=now)
    with pytest.raises(CannotBeDone):
        release(held=held, by=senior, now=now)
    assert status(disputed) == "withdrawn"


def test_who_may_not_ask_is_refused(disputed: UUID, auditor: User, triager: User, now: datetime) -> None:
    with pytest.raises(MayNot):
        services.ask_to_put_back(picture_id=disputed, by=auditor, why="x", now=now)
    with pytest.raises(WhyMissing):
        services.ask_to_put_back(picture_id=disputed, by=triager, why=" ", now=now)


def test_what_was_left_off_can_be_put_back_later(disputed: UUID, triager: User, now: datetime) -> None:
    services.leave_picture(picture_id=disputed, by=triager, seen=newest(), now=now)
    assert services.put_back(picture_id=disputed, by=triager, now=now)
    assert (status(disputed), Concern.objects.get().ending) == ("listed", "listed")


@pytest.mark.parametrize("is_left_first", [True, False])
def test_what_waits_for_a_person_reaches_platforms_when_two_say_so(
    triager: User, now: datetime, *, is_left_first: bool
) -> None:
    picture = make_picture(release=False)
    services.raise_concern(kind="benign", on=TODAY, evidence={}, picture_id=picture)
    assert services.held_back(picture_ids=[picture]) == {picture}
    if is_left_first:
        services.leave_picture(picture_id=picture, by=triager, seen=newest(), now=now)
        assert services.held_back(picture_ids=[picture]) == {picture}
    assert services.put_back(picture_id=picture, by=triager, now=now)
    assert status(picture) == "listed"
    assert not services.held_back(picture_ids=[picture])


def test_what_waits_for_its_own_release_is_not_the_desks(triager: User, now: datetime) -> None:
    picture = make_picture(release=False)
    with pytest.raises(NotOffTheList):
        services.ask_to_put_back(picture_id=picture, by=triager, why="x", now=now)
    assert not services.put_back(picture_id=picture, by=triager, now=now)
    assert status(picture) == "waiting"


def test_about_a_platform_nothing_but_leaving_it_is_decided(
    platform: NewKey, triager: User, senior: User, now: datetime
) -> None:
    services.raise_concern(kind="probing", on=TODAY, evidence={}, platform_id=platform.platform.pk)
    concern = Concern.objects.get()
    services.leave_concern(concern=concern, by=triager, now=now)
    with pytest.raises(ConcernMovedOn) as moved:
        services.leave_concern(concern=concern, by=senior, now=now)
    assert moved.value.by == "tessa"
    assert acts() == ["list.leave"]


def test_the_second_person_reads_which_picture(disputed: UUID, triager: User, now: datetime) -> None:
    held = services.ask_to_put_back(picture_id=disputed, by=triager, why="x", now=now)
    assert describe(held) == f"Put picture {disputed.hex[:8]} back on the list"
