"""Plays many requests at once, each in a thread with a connection of its own. Each role is started by the test.

`python -m tests.safety.at_once ROLE` with DATABASE_URL naming the database. Prints what came of it as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest import mock

import django
from django.db import connection

NOW = datetime(2026, 11, 23, 9, 30, 17, tzinfo=UTC)


def batch() -> dict[str, Any]:
    """Two hundred events, told six times, in two orders."""
    platform = make_platform("Batch", scopes=("safety",)).platform
    adults = [make_account(platform, "21_plus") for _ in range(20)]
    teens = [make_account(platform, "13_15") for _ in range(10)]
    rows = [event(adult, teen, "connect") for adult in adults for teen in teens]
    orders = [rows, rows[::-1]] * 3
    taken = at_once([partial(take_events, platform_id=platform.pk, rows=order, now=NOW) for order in orders])
    return {
        "accepted": sum(one.accepted for one in taken),
        "repeated": sum(one.repeated for one in taken),
        "rejected": sum(len(one.rejected) for one in taken),
        "kept": Event.objects.filter(platform=platform).count(),
        "unread": Unread.objects.filter(account__platform=platform).count(),
        "connections": Connection.objects.filter(one__platform=platform).count(),
    }


def friction() -> dict[str, Any]:
    """Twelve minors are written to by one adult who may reach three."""
    platform = make_platform("Friction", scopes=("safety",)).platform
    adult = make_account(platform, "21_plus")
    make_standing(adult, 1, now=NOW)
    names = [make_account(platform, "16_17").external_id for _ in range(12)]
    questions = [Asked("message", adult.external_id, name, connected=False) for name in names]
    answers = at_once(
        [partial(decide, platform_id=platform.pk, questions=[one], now=NOW) for one in questions]
    )
    decisions = sorted(one.decision for (one,) in answers)
    return {"answers": decisions, "counted": FirstContact.objects.filter(account=adult).count()}


def folding() -> dict[str, Any]:
    """Events come one by one while two workers and some decisions read them."""
    platform = make_platform("Folding", scopes=("safety",)).platform
    adult = make_account(platform, "21_plus")
    teens = [make_account(platform, "13_15", community=f"c{number}") for number in range(40)]
    done = threading.Event()
    asked = Asked("comment", adult.external_id, teens[0].external_id, connected=False)

    def write(some: Sequence[Any]) -> None:
        for teen in some:
            take_events(platform_id=platform.pk, rows=[event(adult, teen)], now=NOW)
            take_events(platform_id=platform.pk, rows=[event(teen, adult, "report")], now=NOW)

    def read() -> None:
        while not done.is_set():
            drain(now=NOW)
            decide(platform_id=platform.pk, questions=[asked], now=NOW)

    readers = start([read, read])
    at_once([partial(write, teens[place::4]) for place in range(4)])
    done.set()
    for reader in readers:
        reader.join()
    while drain(now=NOW):
        pass
    standing = Standing.objects.get(account=adult)
    whole = engine.read(gather(account_ids=[adult.pk])[adult.pk], at=NOW)
    changes = list(StandingChange.objects.filter(account=adult).order_by("pk").values_list("before", "after"))
    return {
        "has_read_all": standing.inputs_hash == whole.inputs_hash,
        "levels": changes,
        "open_flags": Flag.objects.filter(account=adult, cause="restricted").count(),
        "unread": Unread.objects.filter(account=adult).count(),
    }


def event_between() -> dict[str, Any]:
    """An event is written just after a worker has gathered all there was, and before it is done."""
    adult, teen = _met("Between")

    def report() -> None:
        take_events(platform_id=adult.platform_id, rows=[event(teen, adult, "report")], now=NOW)

    return _between(adult, report)


def tuned_between() -> dict[str, Any]:
    """The rules are tuned then."""
    adult, teen = _met("Tuned")
    drain(now=NOW)
    take_events(platform_id=adult.platform_id, rows=[event(teen, adult, "report")], now=NOW)
    return _between(
        adult, partial(tune, platform_id=adult.platform_id, changes={"report": 0.5}, by=None, now=NOW)
    )


def _met(name: str) -> tuple[Account, Account]:
    platform = make_platform(name, scopes=("safety",)).platform
    adult, teen = make_account(platform, "21_plus"), make_account(platform, "13_15")
    take_events(platform_id=platform.pk, rows=[event(adult, teen)], now=NOW)
    return adult, teen


def _between(adult: Account, news: Callable[[], Any]) -> dict[str, Any]:
    gathered, written = threading.Event(), threading.Event()

    def gather_and_wait(**asked: Any) -> Any:
        cases = gather(**asked)
        gathered.set()
        # Whoever has to wait for us can't be waited for.
        written.wait(1)
        return cases

    def write() -> None:
        gathered.wait()
        news()
        written.set()

    with mock.patch.object(folding_services, "gather", gather_and_wait):
        at_once([partial(drain, now=NOW), write])
    left = Unread.objects.filter(account=adult).count()
    drain(now=NOW)
    standing = Standing.objects.get(account=adult)
    whole = engine.read(gather(account_ids=[adult.pk])[adult.pk], at=NOW)
    return {"left_unread": left, "has_read_all": standing.inputs_hash == whole.inputs_hash}


FAILED: list[BaseException] = []


def start(parts: Sequence[Callable[[], Any]], into: list[Any] | None = None) -> list[threading.Thread]:
    gate = threading.Barrier(len(parts))

    def play(part: Callable[[], Any]) -> None:
        try:
            gate.wait()
            came_of_it = part()
            if into is not None:
                into.append(came_of_it)
        except BaseException as failure:
            FAILED.append(failure)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=play, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    return threads


def at_once(parts: Sequence[Callable[[], Any]]) -> list[Any]:
    came_of_it: list[Any] = []
    for thread in start(parts, came_of_it):
        thread.join()
    return came_of_it


ROLES: dict[str, Callable[[], dict[str, Any]]] = {
    "batch": batch,
    "friction": friction,
    "folding": folding,
    "event_between": event_between,
    "tuned_between": tuned_between,
}

if __name__ == "__main__":
    django.setup()

from accounts.models import Account  # noqa: E402 - Models can be imported once Django is set up.
from safety import engine  # noqa: E402
from safety.models import (  # noqa: E402
    Connection,
    Event,
    FirstContact,
    Flag,
    Standing,
    StandingChange,
    Unread,
)
from safety.questions import Asked  # noqa: E402
from safety.services import decide, drain, take_events  # noqa: E402
from safety.services import folding as folding_services  # noqa: E402
from safety.services.gathering import gather  # noqa: E402
from safety.services.tuning import tune  # noqa: E402
from tests.makers import make_platform  # noqa: E402
from tests.safety.makers import event, make_account, make_standing  # noqa: E402

if __name__ == "__main__":
    sys.stdout.write(json.dumps(ROLES[sys.argv[1]]()))
    sys.exit(1 if FAILED else 0)
