from __future__ import annotations

import pytest
from django.db import transaction

from hashes.models import Entry, FeedChange, Picture
from hashes.services import (
    Fingerprint,
    NewPicture,
    any_listed,
    list_pictures,
    release_pictures,
    withdraw_pictures,
)
from tests.makers import make_fingerprints, make_picture

pytestmark = pytest.mark.django_db


def changes() -> list[str]:
    return list(FeedChange.objects.order_by("id").values_list("change", flat=True))


def test_released_pictures_are_listed_with_an_unnumbered_line_each() -> None:
    new = [NewPicture("image", make_fingerprints()), NewPicture("video", (Fingerprint("md5", "a" * 32),))]
    first, second = list_pictures(pictures=new, release=True)

    assert Picture.objects.get(pk=first).kind == "image"
    assert Picture.objects.get(pk=second).kind == "video"
    assert Entry.objects.listed().count() == 5
    assert FeedChange.objects.filter(change="added", number=None, stamped_at=None).count() == 5


def test_waiting_pictures_say_nothing_until_they_are_released_and_then_once() -> None:
    picture = make_picture(release=False)
    assert changes() == []
    assert not any_listed(picture_ids=[picture])

    release_pictures(picture_ids=[picture])
    release_pictures(picture_ids=[picture])
    assert changes() == ["added"] * 4
    assert Picture.objects.get(pk=picture).status == "listed"
    assert any_listed(picture_ids=[picture])


def test_withdrawing_announces_each_entry_once() -> None:
    picture, other = make_picture(), make_picture()
    withdraw_pictures(picture_ids=[picture])
    withdraw_pictures(picture_ids=[picture])

    assert changes() == ["added"] * 8 + ["withdrawn"] * 4
    assert not Entry.objects.listed().filter(picture=picture).exists()
    assert Entry.objects.listed().filter(picture=other).count() == 4


def test_withdrawing_what_platforms_never_saw_leaves_no_line() -> None:
    picture = make_picture(release=False)
    withdraw_pictures(picture_ids=[picture])
    release_pictures(picture_ids=[picture])  # Too late: it stays withdrawn.

    assert changes() == []
    assert Picture.objects.get(pk=picture).status == "withdrawn"
    assert set(Entry.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_a_blank_picture_is_listed_by_its_exact_hashes_only() -> None:
    blank = Fingerprint("pdq", "0" * 64, quality=100, variant="rotate-90")
    make_picture(*make_fingerprints(quality=49), blank)
    assert set(Entry.objects.values_list("algorithm", flat=True)) == {"md5", "sha256"}


def test_a_blank_variant_is_left_out_alone() -> None:
    even, fine = (
        Fingerprint("pdq", digit * 64, quality, f"crop-{digit}") for digit, quality in (("1", 49), ("2", 50))
    )
    make_picture(*make_fingerprints(quality=50), even, fine)
    assert set(Entry.objects.filter(algorithm="pdq").values_list("variant", flat=True)) == {
        "original",
        "crop-2",
    }


def test_a_value_stands_once_in_a_picture_and_again_in_another() -> None:
    same = Fingerprint("pdq", "ab" * 32, quality=90)
    mirrored = Fingerprint("pdq", "AB" * 32, quality=90, variant="flip-h")
    make_picture(mirrored, same, same)
    make_picture(same)
    assert list(Entry.objects.values_list("value", "variant")) == [("ab" * 32, "original")] * 2


def test_a_picture_without_any_listable_fingerprint_is_still_a_picture() -> None:
    picture = make_picture(Fingerprint("pdq", "0" * 64, quality=0))
    assert Picture.objects.filter(pk=picture).exists()
    assert not Entry.objects.exists()


def test_listing_joins_the_callers_transaction() -> None:
    with transaction.atomic():
        make_picture()
        transaction.set_rollback(True)
    assert not Picture.objects.exists()
    assert not FeedChange.objects.exists()
