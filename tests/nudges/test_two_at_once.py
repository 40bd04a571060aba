"""Two workers, two taps, at the very same time. PostgreSQL lets them; SQLite makes them queue."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, connections
from pytest_django import Settings

from accounts.models import SettingChange
from nudges.errors import CardGone
from nudges.models import Nudge, Push
from nudges.services import allow_pushes, apply, dismiss, nudge, show_due, signer, take_back
from nudges.services.pushing import claim
from portal.push_key import ensure_push_key
from tests.nudges.makers import AFTERNOON, facts, make_listener, make_shown, make_teen, make_waiting, told
from tests.nudges.push_service import make_browser

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.real_servers]
ROUNDS = 5
AGREED = {"message": "friends", "private": True, "comment": "friends"}


@pytest.fixture(autouse=True)
def _postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, so nothing happens at once.")


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """All of them, from one starting shot."""
    ready = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        try:
            ready.wait(30)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [one.result(60) for one in [pool.submit(do, deed) for deed in deeds]]


def unless_too_late(deed: Callable[[], object]) -> None:
    with contextlib.suppress(CardGone):
        deed()


def test_two_workers_show_one_card() -> None:
    for _ in range(ROUNDS):
        girl = make_teen()
        make_listener(girl.platform_id)
        for kind in ("stranger", "below", "after_block"):
            make_waiting(girl, kind=kind)
        at_once(*[partial(show_due, now=AFTERNOON)] * 3)
        assert [one["key"] for one in told(girl.platform_id)] == ["after_block.message"]
        assert list(Nudge.objects.filter(account_id=girl.pk).values_list("state", flat=True)) == ["shown"]


def test_many_attempts_at_once_ask_for_one_nudge() -> None:
    for _ in range(ROUNDS):
        girl = make_teen()
        at_once(*[partial(nudge, account_id=girl.pk, kind="stranger", now=AFTERNOON)] * 4)
        assert Nudge.objects.filter(account_id=girl.pk).count() == 1


def test_two_taps_change_the_settings_once() -> None:
    for _ in range(ROUNDS):
        girl = make_teen()
        card = make_shown(girl)
        tap = partial(apply, teen_id=girl.pk, card_id=card.pk, agreed=AGREED, now=AFTERNOON)
        at_once(tap, tap, tap)
        assert SettingChange.objects.filter(account_id=girl.pk).count() == 3


def test_of_yes_and_not_now_one_wins_wholly() -> None:
    for _ in range(ROUNDS):
        girl = make_teen()
        card = make_shown(girl)

        yes = partial(apply, teen_id=girl.pk, card_id=card.pk, agreed=AGREED, now=AFTERNOON)
        no = partial(dismiss, teen_id=girl.pk, card_id=card.pk, now=AFTERNOON)
        at_once(*(partial(unless_too_late, one) for one in (yes, no)))
        card.refresh_from_db()
        is_done = card.state == Nudge.State.APPLIED
        assert facts(girl).settings["message"] == ("friends" if is_done else "everyone")
        assert (card.applied_as is not None) is is_done


def test_undone_twice_at_once_it_is_undone_once() -> None:
    for _ in range(ROUNDS):
        girl = make_teen()
        card = make_shown(girl)
        apply(teen_id=girl.pk, card_id=card.pk, agreed=AGREED, now=AFTERNOON)
        back = partial(take_back, teen_id=girl.pk, card_id=card.pk, now=AFTERNOON)
        at_once(back, back)
        assert SettingChange.objects.filter(account_id=girl.pk).count() == 6
        assert facts(girl).settings["message"] == "everyone"


def test_two_workers_try_a_push_once(settings: Settings, tmp_path: Path) -> None:
    settings.VAPID_PRIVATE_KEY_FILE = tmp_path / "push.key"
    ensure_push_key(tmp_path / "push.key")
    own = signer()
    assert own is not None
    for number in range(ROUNDS):
        girl = make_teen()
        browser = make_browser(f"https://push.example/{number}").address
        allow_pushes(teen_id=girl.pk, browser=browser, now=AFTERNOON)
        make_waiting(girl)
        show_due(now=AFTERNOON)
        at_once(*[partial(claim, limit=5, signer=own, now=AFTERNOON)] * 3)
        assert Push.objects.get(nudge__account_id=girl.pk).tries == 1
