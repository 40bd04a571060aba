"""Who reads by time asks for each time once: nothing is stamped with a time that somebody was told all of."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hashes.models import FeedChange
from hashes.services import publish
from hashes.services.closing import close_time
from tests.databases import finished, own_database
from tests.exchange.conftest import Clients
from tests.hashes.test_feed_under_load import MAKERS, Database
from tests.makers import make_picture


def stamps() -> set[datetime | None]:
    return set(FeedChange.objects.values_list("stamped_at", flat=True))


@pytest.mark.django_db
def test_what_is_numbered_later_is_stamped_no_earlier_than_what_was_asked_for(now: datetime) -> None:
    asked = now + timedelta(seconds=90)
    close_time(before=asked)
    close_time(before=now)
    make_picture()
    publish(now=now)
    assert stamps() == {asked}


@pytest.mark.django_db
def test_a_worker_whose_clock_is_behind_does_not_stamp_before_another(now: datetime) -> None:
    make_picture()
    publish(now=now)
    make_picture()
    publish(now=now - timedelta(hours=1))
    assert len(stamps()) == 1


def test_a_client_whose_clock_is_ahead_misses_nothing(
    clients: Clients, publish_at: Callable[[datetime], None]
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0)
    ahead = timedelta(minutes=3)

    def asked(since: datetime, before: datetime) -> int:
        return len(
            clients.entries(**{"from": f"{since:%Y-%m-%dT%H:%M:%SZ}", "to": f"{before:%Y-%m-%dT%H:%M:%SZ}"})
        )

    asked(moment - timedelta(hours=1), moment + ahead)
    # Numbered by a right clock, at a time that the client was told all of.
    make_picture()
    publish_at(moment + timedelta(seconds=20))
    assert asked(moment + ahead, moment + ahead + timedelta(seconds=30)) == 2


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with own_database("postgresql", folder=tmp_path) as made:
        yield Database(made.url)


@pytest.mark.real_servers
@pytest.mark.timeout(150)
def test_a_publisher_that_stands_still_between_stamp_and_commit_is_waited_for(
    database: Database, tmp_path: Path
) -> None:
    script = f"{MAKERS}; make_picture(); print(make_platform().platform.pk)"
    platform = database.run("shell", "-v", "0", "-c", script).strip()
    begun, stamped, go_on = datetime.now(UTC), tmp_path / "stamped", tmp_path / "go"
    publisher = database.play("number_slowly", stamped, go_on)
    until(stamped.exists)
    # Beyond any stamp that was rounded up.
    time.sleep(2)
    told = datetime.now(UTC)
    first = (begun - timedelta(hours=1)).isoformat(), told.isoformat()
    busy = finished(database.play("read_range", platform, *first, 100))
    assert json.loads(busy) == "busy"
    reader = database.play("read_range", platform, *first, 60_000)
    time.sleep(1.5)
    assert reader.poll() is None
    go_on.touch()
    finished(publisher)
    entries = {str(row[0]) for row in database.ask("Entry.objects.values_list('pk')")}
    assert set(json.loads(finished(reader))) >= {*map(str, entries)} - not_told(database)
    later = (told.isoformat(), (told + timedelta(hours=1)).isoformat())
    assert json.loads(finished(database.play("read_range", platform, *later, 100))) == []


@pytest.mark.real_servers
@pytest.mark.timeout(150)
def test_first_readings_at_once_plant_canaries_once(database: Database) -> None:
    script = f"{MAKERS}; print([make_platform(name).platform.pk for name in ('One', 'Other')])"
    platforms = json.loads(database.run("shell", "-v", "0", "-c", script))
    planters = [database.play("plant", platform, 8) for platform in platforms for _ in range(2)]
    for planter in planters:
        finished(planter)
    rows = database.ask("Canary.objects.order_by('number').values_list('platform', 'number')")
    assert Counter(row[0] for row in rows) == dict.fromkeys(platforms, 4)
    assert [row[1] for row in rows] == list(range(1, 9))


def not_told(database: Database) -> set[str]:
    """That format has image PDQ and MD5 only."""
    others = "Entry.objects.exclude(algorithm__in=['pdq', 'md5']).values_list('pk')"
    return {str(row[0]) for row in database.ask(others)}


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
