"""What is like a known innocent picture, or like one that platforms disputed, waits for a person."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from hashes.guarded import Guarded
from hashes.json_lines import ListRow
from hashes.models import Concern, Entry, FeedChange, KnownBenign
from hashes.services import (
    Fingerprint,
    NewPicture,
    import_rows,
    list_pictures,
    quarantine_pictures,
    release_pictures,
    relist_pictures,
    restore_pictures,
    take_off_pictures,
    withdraw_pictures,
)
from hashes.services.concerns import raise_concern
from platforms.services import NewKey
from tests.hashes.guarding import MEME, SONG, TODAY, asked, benign, disputed, ended, off_by, state
from tests.makers import make_fingerprints, make_picture

pytestmark = pytest.mark.django_db


def test_a_picture_like_a_known_innocent_one_is_taken_and_waits() -> None:
    benign(MEME)
    like = make_picture(*make_fingerprints(pdq=off_by(31)))
    unlike = make_picture(*make_fingerprints(pdq=off_by(32)))

    assert (state(like), state(unlike)) == ("waiting", "listed")
    assert asked(like) == {"benign": {"name": "The old meme", "algorithm": "pdq", "distance": 31}}
    assert asked(unlike) == {}
    assert not FeedChange.objects.filter(entry__picture=like).exists()


def test_any_altered_form_is_enough_and_the_nearest_is_named() -> None:
    benign(MEME)
    more = (
        Fingerprint("pdq", off_by(20), quality=90, variant="flip-h"),
        Fingerprint("pdq", off_by(3), quality=90, variant="rotate-90"),
    )

    assert asked(make_picture(*make_fingerprints(), *more))["benign"]["distance"] == 3


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_exact_hashes_are_compared_exactly(algorithm: str) -> None:
    value = secrets.token_hex(32 if algorithm == "sha256" else 16)
    benign(value, algorithm=algorithm)

    same = make_picture(Fingerprint("pdq", secrets.token_hex(32), quality=90), Fingerprint(algorithm, value))
    other = make_picture(Fingerprint(algorithm, f"{int(value, 16) ^ 1:0{len(value)}x}"))

    assert (state(same), state(other)) == ("waiting", "listed")


def test_phash_alone_keeps_nothing_waiting() -> None:
    KnownBenign.objects.create(algorithm="phash", value="ab" * 8)

    assert state(make_picture(Fingerprint("phash", "ab" * 8))) == "listed"


def test_a_blank_picture_is_not_compared_by_what_it_looks_like() -> None:
    """Its perceptual hashes are not listed either, and unrelated blank pictures share them."""
    benign(MEME)

    assert state(make_picture(*make_fingerprints(pdq=MEME, quality=49))) == "listed"


def test_pictures_of_one_report_are_judged_one_by_one() -> None:
    benign(MEME)
    new = [NewPicture("image", make_fingerprints(pdq=pdq)) for pdq in (MEME, secrets.token_hex(32))]

    assert [state(one) for one in list_pictures(pictures=new, release=True)] == ["waiting", "listed"]


def test_the_case_can_not_release_what_waits_for_a_person() -> None:
    benign(MEME)
    waits, ordinary = (
        make_picture(*make_fingerprints(pdq=pdq), release=False) for pdq in (MEME, secrets.token_hex(32))
    )

    release_pictures(picture_ids=[waits, ordinary])
    assert (state(waits), state(ordinary)) == ("waiting", "listed")

    ended(Concern.objects.get(picture=waits), "listed")
    release_pictures(picture_ids=[waits])
    assert state(waits) == "listed"


@pytest.mark.parametrize("kind", ["benign", "come_back", "too_much"])
def test_declining_and_taking_that_back_is_no_way_around_a_person(kind: str) -> None:
    picture = make_picture(release=False)
    raise_concern(kind=kind, picture_id=picture, evidence={}, on=TODAY)

    take_off_pictures(picture_ids=[picture])
    relist_pictures(picture_ids=[picture], release=True)
    assert state(picture) == "waiting"

    quarantine_pictures(picture_ids=[picture])
    restore_pictures(picture_ids=[picture], release=True)
    assert state(picture) == "waiting"


def test_what_became_known_meanwhile_counts_at_the_release() -> None:
    picture = make_picture(*make_fingerprints(pdq=MEME), release=False)
    benign(MEME)
    assert asked(picture) == {}

    release_pictures(picture_ids=[picture])

    assert state(picture) == "waiting"
    assert list(asked(picture)) == ["benign"]


@pytest.mark.parametrize(("ending", "then"), [("listed", "listed"), ("left", "waiting")])
def test_what_people_settled_is_not_asked_again(ending: str, then: str) -> None:
    benign(MEME)
    picture = make_picture(*make_fingerprints(pdq=MEME))
    disputed(make_picture(*make_fingerprints(pdq=off_by(9))))
    ended(Concern.objects.get(picture=picture), ending)

    release_pictures(picture_ids=[picture])

    assert state(picture) == then
    assert asked(picture).keys() == {"benign"}


def test_a_disputed_picture_does_not_come_back_under_another_report() -> None:
    prints = make_fingerprints(pdq=MEME)
    exact = prints[-1]
    variant = Fingerprint("pdq", secrets.token_hex(32), quality=80, variant="flip-h")
    disputed(make_picture(*prints, variant))

    near = make_picture(*make_fingerprints(pdq=off_by(31)))
    mirrored = make_picture(Fingerprint("pdq", off_by(5, variant.value), quality=80))
    same_file = make_picture(exact)
    unlike = make_picture(*make_fingerprints(pdq=off_by(32)))

    assert [state(one) for one in (near, mirrored, same_file, unlike)] == ["waiting"] * 3 + ["listed"]
    assert asked(near) == {"come_back": {"disputed_on": "2026-11-23", "algorithm": "pdq", "distance": 31}}
    assert asked(mirrored)["come_back"]["distance"] == 5
    assert asked(same_file)["come_back"]["algorithm"] == "sha256"


@pytest.mark.parametrize(
    ("ending", "then"), [("", "waiting"), ("taken_off", "waiting"), ("left", "waiting"), ("listed", "listed")]
)
def test_only_a_dispute_that_was_not_put_back_counts(ending: str, then: str) -> None:
    prints = make_fingerprints(pdq=MEME)
    first = make_picture(*prints)
    concern = disputed(first)
    if ending:
        ended(concern, ending)
    if ending == "listed":
        restore_pictures(picture_ids=[first])

    assert state(make_picture(*make_fingerprints(pdq=MEME))) == then


def test_withdrawing_a_disputed_report_does_not_wipe_it_out() -> None:
    first = make_picture(*make_fingerprints(pdq=MEME))
    disputed(first)
    withdraw_pictures(picture_ids=[first])

    assert state(make_picture(*make_fingerprints(pdq=MEME))) == "waiting"


def test_what_stayed_on_the_list_in_spite_of_a_dispute_may_be_reported_again() -> None:
    """A platform confirmed it. She withdrew it, and thinks better of it."""
    first = make_picture(*make_fingerprints(pdq=MEME))
    raise_concern(kind="disputed", picture_id=first, evidence={"is_off": False}, on=TODAY)
    withdraw_pictures(picture_ids=[first])

    assert state(make_picture(*make_fingerprints(pdq=MEME))) == "listed"


def test_a_dispute_reaches_no_other_report_that_is_listed_already() -> None:
    first, second = (make_picture(*make_fingerprints(pdq=MEME)) for _ in "ab")
    disputed(first)

    assert state(second) == "listed"
    assert asked(second) == {}


def test_two_who_put_a_disputed_picture_back_are_not_stopped_by_its_twin() -> None:
    first, twin = (make_picture(*make_fingerprints(pdq=MEME)) for _ in "ab")
    concern = disputed(first)
    disputed(twin)

    ended(concern, "listed")
    restore_pictures(picture_ids=[first])

    assert state(first) == "listed"


def test_both_reasons_are_told() -> None:
    first = make_picture(*make_fingerprints(pdq=MEME))
    disputed(first)
    benign(off_by(2))

    assert set(asked(make_picture(*make_fingerprints(pdq=MEME)))) == {"benign", "come_back"}


def test_rows_of_a_list_wait_too(platform: NewKey) -> None:
    benign(MEME)
    benign(SONG, algorithm="md5")
    rows = [
        ListRow("image", "pdq", off_by(30), "confirmed"),
        ListRow("image", "pdq", off_by(33)),
        ListRow("video", "md5", SONG),
    ]

    done = import_rows(platform_id=platform.platform.pk, rows=rows)

    assert done == (3, 2)
    assert dict(Entry.objects.values_list("value", "status")) == {
        off_by(30): "waiting",
        off_by(33): "listed",
        SONG: "waiting",
    }
    assert FeedChange.objects.get().entry.value == off_by(33)
    assert Concern.objects.filter(kind="benign").count() == 2
    assert import_rows(platform_id=platform.platform.pk, rows=rows) == (0, 0)


def test_intake_asks_no_more_of_the_database_for_more_pictures_or_more_benign_values() -> None:
    def asked_for(count: int) -> int:
        new = [NewPicture("image", make_fingerprints()) for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            list_pictures(pictures=new, release=True)
        return len(asked)

    asked_for(1)
    few = asked_for(1)
    assert asked_for(20) == few
    benign(*(secrets.token_hex(32) for _ in range(300)))
    assert asked_for(1) == few + 1  # Reading them, once.
    assert asked_for(20) == few


def test_a_value_that_is_forgotten_keeps_nothing_waiting_any_more() -> None:
    benign(MEME)
    KnownBenign.objects.all().delete()

    assert state(make_picture(*make_fingerprints(pdq=MEME))) == "listed"


BITS = st.integers(min_value=0, max_value=2**256 - 1)
PAIRS = st.lists(st.tuples(st.integers(0, 7), st.sets(st.integers(0, 255), max_size=60)), max_size=6)


@given(st.lists(BITS, min_size=8, max_size=8, unique=True), PAIRS)
def test_the_nearest_is_found_as_by_comparing_with_each(values: list[int], asks: Any) -> None:
    known = [f"{value:064x}" for value in values]
    guarded = Guarded(("pdq", value, value) for value in known)
    queries = [values[place] ^ sum(1 << bit for bit in bits) for place, bits in asks]

    found = guarded.nearest(("pdq", f"{query:064x}") for query in queries)

    distances = [(query ^ value).bit_count() for query in queries for value in values]
    nearest = min(distances, default=256)
    assert (found.distance if found else None) == (nearest if nearest <= 31 else None)
