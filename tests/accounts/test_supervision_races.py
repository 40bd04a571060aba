"""Two at once, on two connections: the first is done and not committed yet while the second begins."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings
from django.db import connection, transaction

from accounts.errors import CallMovedOn, CodeNotTaken, NoSuchWish, TwoGuardiansAlready, WishMovedOn
from accounts.models import CallForHelp, Seen, Supervision, Wish
from accounts.services import (
    AccountFacts,
    change_settings,
    supervision_calls,
    supervision_course,
    supervision_invitations,
    supervision_seen,
    supervision_wishes,
)
from platforms.services import NewKey
from tests.accounts.supervising import again, make_guardian, make_teen, supervise
from tests.makers import make_platform, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        reason="SQLite lets one transaction write at a time; DATABASE_URL names a PostgreSQL.",
    ),
]
PATIENCE = 60


def race(first: Callable[[], object], second: Callable[[], object]) -> Exception | None:
    """What became of the second, which waits for the first to be committed if it has to."""
    pids: list[int] = []
    ends: list[Exception | None] = []

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
            second()
            ends.append(None)
        except Exception as error:  # noqa: BLE001 - Handed to the test.
            ends.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        _wait_until_it_waits(thread, pids)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    return ends[0]


def _wait_until_it_waits(thread: threading.Thread, pids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while thread.is_alive() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)", [pids])
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)


@pytest.fixture
def loopfeed(transactional_db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    return make_platform("Loopfeed")


@pytest.fixture
def mia(loopfeed: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=loopfeed.platform.pk)


@pytest.fixture
def dad(loopfeed: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=loopfeed.platform.pk)


@pytest.fixture
def mum(loopfeed: NewKey) -> AccountFacts:
    return make_guardian("mum", platform_id=loopfeed.platform.pk)


def typed_code_of(guardian: AccountFacts, teen: AccountFacts, now: datetime) -> int:
    invitation = supervision_invitations.invite(account_id=guardian.id, now=now)
    code = supervision_invitations.code_of(invitation)
    return supervision_invitations.take_code(account_id=teen.id, text=code, now=now).pk


def test_of_two_last_guardians_one_is_taken(
    mia: AccountFacts, dad: AccountFacts, mum: AccountFacts, now: datetime
) -> None:
    supervise(mia, dad, now=now)
    uncle = make_guardian("uncle", platform_id=mia.platform_id)
    one, other = (typed_code_of(guardian, mia, now) for guardian in (mum, uncle))
    error = race(
        lambda: supervision_invitations.agree(supervision_id=one, teen_id=mia.id, now=now),
        lambda: supervision_invitations.agree(supervision_id=other, teen_id=mia.id, now=now),
    )
    assert isinstance(error, TwoGuardiansAlready)
    assert supervision_course.of_teen(teen_id=mia.id).count() == 2


def test_of_two_who_type_a_code_one_has_it(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    noa = make_teen("noa", platform_id=mia.platform_id)
    code = supervision_invitations.code_of(supervision_invitations.invite(account_id=dad.id, now=now))
    error = race(
        lambda: supervision_invitations.take_code(account_id=mia.id, text=code, now=now),
        lambda: supervision_invitations.take_code(account_id=noa.id, text=code, now=now),
    )
    assert isinstance(error, CodeNotTaken)
    assert Supervision.objects.get().teen_id == mia.id


def test_two_taps_at_once_make_one_code(dad: AccountFacts, now: datetime) -> None:
    error = race(
        lambda: supervision_invitations.invite(account_id=dad.id, now=now),
        lambda: supervision_invitations.invite(account_id=dad.id, now=now),
    )
    assert error is None
    assert Supervision.objects.count() == 1


def test_a_look_after_a_pause_that_is_being_made_shows_nothing_new(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    lasting = supervise(mia, dad, now=now)
    change_settings(account_id=mia.id, changes={"message": "nobody"}, by="teen", now=now)
    error = race(
        lambda: supervision_course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now),
        lambda: supervision_seen.show_to_guardian(guardian_id=dad.id, now=now),
    )
    assert error is None
    assert list(Seen.objects.values_list("what", flat=True)) == ["settings"]


def test_two_looks_at_once_write_each_thing_once(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    supervise(mia, dad, now=now)
    change_settings(account_id=mia.id, changes={"message": "nobody"}, by="teen", now=now)
    error = race(
        lambda: supervision_seen.show_to_guardian(guardian_id=dad.id, now=now),
        lambda: supervision_seen.show_to_guardian(guardian_id=dad.id, now=now),
    )
    assert error is None
    assert Seen.objects.count() == 2


def test_of_two_guardians_answers_the_first_counts(
    mia: AccountFacts, dad: AccountFacts, mum: AccountFacts, now: datetime
) -> None:
    wish = a_wish_shown_to_both(mia, dad, mum, now)
    error = race(
        lambda: supervision_wishes.refuse(wish_id=wish.pk, guardian_id=dad.id, now=now),
        lambda: supervision_wishes.approve(wish_id=wish.pk, guardian_id=mum.id, now=now),
    )
    assert isinstance(error, WishMovedOn)
    assert again(mia).settings["message"] == "friends"


def test_an_answer_while_supervision_ends_is_no_answer(
    mia: AccountFacts, dad: AccountFacts, mum: AccountFacts, now: datetime
) -> None:
    wish = a_wish_shown_to_both(mia, dad, mum, now)
    [first, second] = supervision_course.of_teen(teen_id=mia.id)
    supervision_course.end_by_guardian(supervision_id=second.pk, guardian_id=mum.id, now=now)
    error = race(
        lambda: supervision_course.end_by_guardian(supervision_id=first.pk, guardian_id=dad.id, now=now),
        lambda: supervision_wishes.approve(wish_id=wish.pk, guardian_id=dad.id, now=now),
    )
    assert isinstance(error, WishMovedOn | NoSuchWish)
    assert again(mia).settings["message"] == "friends"


def test_of_two_of_staff_one_answers_a_call(mia: AccountFacts, now: datetime) -> None:
    supervision_calls.call(teen_id=mia.id, supervision_id=None, text="Help.", now=now)
    call = CallForHelp.objects.get()
    one, other = (make_user(name, role="senior") for name in ("sena", "simon"))
    error = race(
        lambda: supervision_calls.answer(call_id=call.pk, by=one, text="First.", now=now),
        lambda: supervision_calls.answer(call_id=call.pk, by=other, text="Second.", now=now),
    )
    assert isinstance(error, CallMovedOn)
    call.refresh_from_db()
    assert call.answer == "First."


def test_two_taps_at_once_are_one_call(mia: AccountFacts, now: datetime) -> None:
    def call() -> None:
        supervision_calls.call(teen_id=mia.id, supervision_id=None, text="Help.", now=now)

    assert race(call, call) is None
    assert CallForHelp.objects.count() == 1


def a_wish_shown_to_both(teen: AccountFacts, dad: AccountFacts, mum: AccountFacts, now: datetime) -> Wish:
    for guardian in (dad, mum):
        supervise(teen, guardian, now=now)
    change_settings(account_id=teen.id, changes={"message": "everyone"}, by="teen", now=now)
    for guardian in (dad, mum):
        supervision_seen.show_to_guardian(guardian_id=guardian.id, now=now)
    return Wish.objects.get()
