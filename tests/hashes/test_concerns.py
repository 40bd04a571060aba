from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from hashes.models import Concern
from hashes.services import concerns, withdraw_pictures
from hashes.services.concerns import (
    PAGE,
    Place,
    counts,
    end_concerns,
    held_back,
    queue_page,
    raise_concern,
)
from platforms.services import NewKey
from staff.services import User
from tests.makers import make_picture

TODAY = date(2026, 11, 23)


def test_the_same_is_asked_once_until_somebody_ends_it(db: None, triager: User) -> None:  # noqa: ARG001 - It stands in the database.
    picture = make_picture()
    assert raise_concern(kind="flood", on=TODAY, evidence={"count": 80}, picture_id=picture)
    assert not raise_concern(kind="flood", on=TODAY, evidence={"count": 90}, picture_id=picture)
    assert raise_concern(kind="benign", on=TODAY, evidence={}, picture_id=picture)
    assert end_concerns(picture_id=picture, ending="left", by=triager, on=TODAY) == 2
    assert end_concerns(picture_id=picture, ending="left", by=triager, on=TODAY) == 0
    assert raise_concern(kind="flood", on=TODAY, evidence={"count": 900}, picture_id=picture)
    kept = Concern.objects.filter(kind="flood").order_by("pk").values_list("evidence", "ending", "ended_by")
    assert list(kept) == [({"count": 80}, "left", triager.pk), ({"count": 900}, "", None)]


def test_one_about_a_picture_is_none_about_its_platform(platform: NewKey, outsider_platform: NewKey) -> None:
    picture = make_picture()
    ours, theirs = platform.platform.pk, outsider_platform.platform.pk
    assert raise_concern(kind="too_much", on=TODAY, evidence={}, platform_id=ours)
    assert not raise_concern(kind="too_much", on=TODAY, evidence={}, platform_id=ours)
    assert raise_concern(kind="too_much", on=TODAY, evidence={}, platform_id=theirs)
    assert raise_concern(kind="too_much", on=TODAY, evidence={}, picture_id=picture, platform_id=ours)
    assert end_concerns(platform_id=ours, ending="left", by=None, on=TODAY) == 1
    assert Concern.objects.filter(ended_on=None).count() == 2


def test_whoever_raises_it_second_in_a_race_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - It stands in the database.
    picture = make_picture()
    look = concerns._same

    def looked_too_early(new: Concern) -> QuerySet[Concern]:
        if not Concern.objects.exists():
            Concern.objects.create(kind="flood", picture_id=picture, raised_on=TODAY)
            return Concern.objects.none()
        return look(new)

    monkeypatch.setattr(concerns, "_same", looked_too_early)
    assert not raise_concern(kind="flood", on=TODAY, evidence={}, picture_id=picture)
    assert Concern.objects.count() == 1


def test_what_is_no_concern_is_refused(db: None) -> None:  # noqa: ARG001 - It stands in the database.
    with pytest.raises(TypeError):
        raise_concern(kind="flood", on=TODAY, evidence={})
    with pytest.raises(ValueError, match="ugly"):
        raise_concern(kind="ugly", on=TODAY, evidence={}, picture_id=make_picture())
    with pytest.raises(IntegrityError):
        Concern.objects.create(kind="flood", raised_on=TODAY)


def test_what_was_raised_after_somebody_looked_stays_open(db: None) -> None:  # noqa: ARG001 - It stands in the database.
    picture = make_picture()
    raise_concern(kind="flood", on=TODAY, evidence={}, picture_id=picture)
    seen = Concern.objects.get().pk
    raise_concern(kind="disputed", on=TODAY, evidence={}, picture_id=picture)
    assert end_concerns(picture_id=picture, ending="left", by=None, on=TODAY, through=seen) == 1
    assert Concern.objects.get(ended_on=None).kind == "disputed"


def test_the_queue_asks_for_the_most_urgent_first_and_a_page_at_a_time(platform: NewKey) -> None:
    raise_concern(kind="probing", on=TODAY, evidence={}, platform_id=platform.platform.pk)
    for _ in range(PAGE):
        raise_concern(kind="benign", on=TODAY, evidence={}, picture_id=make_picture(release=False))
    raise_concern(kind="disputed", on=TODAY, evidence={}, picture_id=make_picture())
    first = queue_page()
    assert [one.kind for one in first.concerns] == ["disputed"] + ["benign"] * (PAGE - 1)
    rest = queue_page(after=Place.read(str(first.after)))
    assert [one.kind for one in rest.concerns] == ["benign", "probing"]
    assert rest.after is None
    assert counts() == {"disputed": 1, "benign": PAGE, "probing": 1}
    assert list(counts()) == ["disputed", "benign", "probing"]
    assert {one.kind for one in queue_page(kind="benign").concerns} == {"benign"}


@pytest.mark.parametrize("text", ["", "flood", "flood.", "ugly.3", "flood.x", "flood.²", "flood." + "9" * 30])
def test_an_address_that_somebody_changed_leads_to_the_first_page(text: str) -> None:
    assert Place.read(text) is None


def test_a_picture_that_was_taken_back_asks_for_nothing(db: None) -> None:  # noqa: ARG001 - It stands in the database.
    picture = make_picture()
    raise_concern(kind="disputed", on=TODAY, evidence={}, picture_id=picture)
    withdraw_pictures(picture_ids=[picture])
    assert queue_page().concerns == []
    assert counts() == {}


def test_only_what_a_person_has_to_decide_holds_a_picture_back(db: None) -> None:  # noqa: ARG001 - It stands in the database.
    found_often, innocent, free, confirmed, disputed = (make_picture(release=False) for _ in range(5))
    raise_concern(kind="flood", on=TODAY, evidence={}, picture_id=found_often)
    raise_concern(kind="benign", on=TODAY, evidence={}, picture_id=innocent)
    raise_concern(kind="disputed", on=TODAY, evidence={"is_off": False}, picture_id=confirmed)
    raise_concern(kind="disputed", on=TODAY, evidence={"is_off": True}, picture_id=disputed)
    asked = [found_often, innocent, free, confirmed, disputed]
    assert held_back(picture_ids=asked) == {innocent, disputed}
    for one in asked:
        end_concerns(picture_id=one, ending="left", by=None, on=TODAY)
    assert held_back(picture_ids=asked) == {innocent, disputed}
