"""Several at once, in a database that has several writers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from accounts.errors import LinkGone, UnknownAccount
from accounts.intake import read_row
from accounts.models import Account, MemberSession, SettingChange, Supervision, Wish
from accounts.services import change_settings, delete_account, links, tell_accounts
from platforms.services import NewKey
from tests.accounts.makers import make_account

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time."),
]
ROUNDS = 10


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Begin all of them together; what each gives, or the error that it raised."""
    together = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        try:
            together.wait(timeout=30)
            return deed()
        except Exception as error:  # noqa: BLE001 - The test looks at whatever it was.
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


def tell(platform: NewKey, names: list[str], now: datetime, **told: object) -> Callable[[], Any]:
    rows = [read_row({"external_id": name, "age_band": "13_15", **told}, today=now.date()) for name in names]
    return lambda: [str(one) for one in tell_accounts(platform_id=platform.platform.pk, rows=rows, now=now)]


def test_two_batches_with_the_same_news_in_another_order_make_each_account_once(
    teller: NewKey, now: datetime
) -> None:
    for number in range(ROUNDS):
        names = [f"{number}-{letter}" for letter in "abcdefghijklmnopqrst"]
        make_account(names[3], platform_id=teller.platform.pk)
        answers = at_once(tell(teller, names, now), tell(teller, names[::-1], now))
        assert all(isinstance(answer, list) for answer in answers), answers
        assert Account.objects.filter(external_id__in=names).count() == len(names)


def test_two_changes_of_one_account_are_both_kept(teller: NewKey, now: datetime) -> None:
    for number in range(ROUNDS):
        mia = make_account(f"mia-{number}", platform_id=teller.platform.pk)
        answers = at_once(
            partial(change_settings, account_id=mia.id, changes={"message": "friends"}, by="teen", now=now),
            tell(teller, [mia.external_id], now, settings={"location": False}),
            tell(teller, [mia.external_id], now, settings={"private": True}, region="X"),
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        row = Account.objects.get(pk=mia.id)
        assert row.settings == {"message": "friends", "location": False, "private": True}
        assert (row.settings_version, row.region) == (3, "X")
        assert SettingChange.objects.filter(account=mia.id).count() == 3


def test_of_two_that_read_the_same_version_one_is_told_that_it_is_late(teller: NewKey, now: datetime) -> None:
    for number in range(ROUNDS):
        mia = make_account(f"mia-{number}", platform_id=teller.platform.pk)
        one, other = (
            tell(teller, [mia.external_id], now, settings={key: True}, settings_version=0)
            for key in ("private", "tag_review")
        )
        assert sorted(answer[0] for answer in at_once(one, other)) == ["changed", "stale"]


def test_a_link_lets_one_browser_in(teller: NewKey, now: datetime) -> None:
    make_account("mia", platform_id=teller.platform.pk)
    for _ in range(ROUNDS):
        link = links.make_link(platform_id=teller.platform.pk, external_id="mia", now=now)
        deeds = [partial(links.use_link, secret=link.secret, minor=True, now=now)] * 4
        answers = at_once(*deeds)
        assert len([answer for answer in answers if isinstance(answer, LinkGone)]) == 3
        assert len([answer for answer in answers if isinstance(answer, str)]) == 1
    assert MemberSession.objects.count() == ROUNDS


def test_what_happens_while_an_account_is_deleted_is_no_error(teller: NewKey, now: datetime) -> None:
    platform_id = teller.platform.pk
    for number in range(ROUNDS):
        name = f"mia-{number}"
        make_account(name, platform_id=platform_id)
        link = links.make_link(platform_id=platform_id, external_id=name, now=now)
        answers = at_once(
            partial(delete_account, platform_id=platform_id, external_id=name, now=now),
            tell(teller, [name], now, settings={"message": "friends"}),
            partial(links.make_link, platform_id=platform_id, external_id=name, now=now),
            partial(links.use_link, secret=link.secret, minor=True, now=now),
        )
        failed = [answer for answer in answers if isinstance(answer, Exception)]
        assert all(isinstance(answer, UnknownAccount | LinkGone) for answer in failed), answers


def test_a_guardian_who_is_deleted_while_both_are_told_of_holds_nobody_up(
    teller: NewKey, now: datetime
) -> None:
    platform_id = teller.platform.pk
    for number in range(ROUNDS):
        mum, mia = f"mum-{number}", f"mia-{number}"
        make_account(mum, platform_id=platform_id, age_band="21_plus")
        teen = make_account(mia, platform_id=platform_id, settings={"message": "friends"})
        Supervision.objects.create(
            platform_id=platform_id,
            teen_id=teen.id,
            guardian=Account.objects.get(external_id=mum),
            state="active",
            invited_by="teen",
            invited_at=now,
            expires_at=now,
            began_at=now,
        )
        change_settings(account_id=teen.id, changes={"message": "everyone"}, by="teen", now=now)
        answers = at_once(
            partial(delete_account, platform_id=platform_id, external_id=mum, now=now),
            tell(teller, [mia, f"new-{number}"], now, settings={"private": True}),
            partial(change_settings, account_id=teen.id, changes={"message": "everyone"}, by="teen", now=now),
        )
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert not Wish.objects.filter(state="waiting").exists()
