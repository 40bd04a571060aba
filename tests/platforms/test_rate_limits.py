"""A key's quota holds over all processes and threads, and at every turn of the clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import redis
import time_machine
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from platforms.rate_limits import Limit, Share, resets_in, window_of
from platforms.services import Allowance, take
from platforms.services.limiting import _shares
from tests.servers import ROOT, free_port

BEGUN = datetime(2026, 11, 23, 9, 30, 0, tzinfo=UTC)
REDIS = os.environ.get("REDIS", "redis://127.0.0.1:6379/9")


@pytest.fixture
def key() -> str:
    """No other test's."""
    return uuid4().hex


def spend(key: str, cost: int = 1, *, quota: int = 200) -> Allowance:
    return take(limit=Limit("hashes", "hashes", quota), key=key, cost=cost)


@given(
    quota=st.integers(1, 5_000),
    asked=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 1_000)), max_size=200),
)
def test_all_processes_together_never_give_out_more_than_the_quota(
    quota: int, asked: list[tuple[int, int]]
) -> None:
    limit, shares, claimed, given_out = Limit("hashes", "hashes", quota), [Share() for _ in range(4)], 0, 0
    for process, cost in asked:
        share = shares[process]
        share.enter(7)
        if share.leased < cost and share.may_claim(limit):
            ask = max(cost - share.leased, limit.lease)
            claimed += ask
            share.add_claim(asked=ask, claimed=claimed, limit=limit)
        given_out += cost if share.spend(cost) else 0
    assert given_out + sum(share.leased for share in shares) == min(quota, claimed)


@pytest.mark.parametrize("quota", [1, 7, 120, 600_000])
def test_the_whole_quota_can_be_spent_and_not_one_more(key: str, quota: int) -> None:
    with time_machine.travel(BEGUN, tick=False):
        first = spend(key, quota, quota=quota)
        assert (first.is_granted, first.remaining, first.resets_in) == (True, 0, 60)
        assert not spend(key, 1, quota=quota).is_granted


def test_what_does_not_fit_costs_nothing(key: str) -> None:
    with time_machine.travel(BEGUN, tick=False):
        assert spend(key, 150).is_granted
        refused = spend(key, 60)
        assert (refused.is_granted, refused.remaining) == (False, 50)
        assert spend(key, 50).is_granted
        assert not spend(key, 1).is_granted


def test_another_key_and_another_limit_have_their_own(key: str) -> None:
    with time_machine.travel(BEGUN, tick=False):
        assert spend(key, 200).is_granted
        assert spend(key + "-", 200).is_granted
        assert take(limit=Limit("pictures", "request", 2), key=key, cost=2).is_granted


def test_it_begins_anew_with_the_minute(key: str) -> None:
    with time_machine.travel(BEGUN + timedelta(seconds=59.5), tick=False) as clock:
        assert spend(key, 200).is_granted
        refused = spend(key)
        assert (refused.is_granted, refused.resets_in) == (False, 1)
        clock.shift(timedelta(seconds=0.5))
        again = spend(key)
        assert (again.is_granted, again.remaining, again.resets_in) == (True, 199, 60)


def test_a_clock_that_is_set_back_gives_nothing_twice(key: str) -> None:
    with time_machine.travel(BEGUN, tick=False) as clock:
        assert spend(key, 200).is_granted
        clock.shift(timedelta(minutes=1))
        assert spend(key, 150).is_granted
        clock.shift(timedelta(minutes=-1))
        assert not spend(key).is_granted
        clock.shift(timedelta(minutes=1))
        # What was left of its lease was forgotten meanwhile; what others could still claim is there.
        assert spend(key, 50).is_granted
        assert not spend(key).is_granted


@given(st.floats(0, 4e9))
def test_the_next_window_is_never_now_and_never_beyond_a_minute(now: float) -> None:
    left = resets_in(now)
    assert 1 <= left <= 60
    assert window_of(now + left) == window_of(now) + 1


def test_a_hundred_looks_at_the_cache_at_most(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    incr = cache.incr

    def counted(name: str, delta: int) -> int:
        looks.append(delta)
        return incr(name, delta)

    monkeypatch.setattr(cache, "incr", counted)
    with time_machine.travel(BEGUN, tick=False):
        granted = sum(spend(key, quota=10_000).is_granted for _ in range(12_000))
    assert granted == 10_000
    assert looks == [100] * 100


def test_threads_at_once_share_one_quota(key: str) -> None:
    with time_machine.travel(BEGUN, tick=False), ThreadPoolExecutor(8) as threads:
        granted = list(threads.map(lambda _: spend(key, 3, quota=1_000).is_granted, range(800)))
    assert sum(granted) == 333


def test_many_keys_are_forgotten_and_their_limits_kept(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforms.services.limiting._MOST_KEPT", 3)
    with time_machine.travel(BEGUN, tick=False):
        assert spend(key, 200).is_granted
        for number in range(10):
            spend(f"{key}{number}")
        assert len(_shares) <= 4
        assert not spend(key).is_granted


PROCESS = """
import json, sys, time, django
django.setup()
from platforms.services import Limit, take
print("ready", flush=True)
sys.stdin.readline()
limit = Limit("hashes", "hashes", 3_000)
begun = time.time() // 60
granted = sum(take(limit=limit, key=sys.argv[1], cost=1).is_granted for _ in range(2_500))
print(json.dumps({"granted": granted, "begun": begun, "ended": time.time() // 60}))
"""


@pytest.mark.real_servers
def test_processes_at_once_share_one_quota(key: str) -> None:
    try:
        redis.Redis.from_url(REDIS).ping()
    except redis.RedisError:
        pytest.skip("No Redis there to share.")
    env = {**os.environ, "CACHE_URL": REDIS, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", PROCESS, key]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [json.loads(one.communicate()[0]) for one in running]
    # Each turn of a minute gives them another quota.
    minutes = 1 + max(one["ended"] for one in told) - min(one["begun"] for one in told)
    lease = Limit("hashes", "hashes", 3_000).lease
    assert 3_000 - 3 * lease <= sum(one["granted"] for one in told) <= 3_000 * minutes


@pytest.mark.real_servers
def test_without_the_cache_each_process_counts_for_itself(key: str, settings: Settings) -> None:
    with time_machine.travel(BEGUN, tick=False):
        assert spend(key, 50).is_granted
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
            }
        }
        assert spend(key, 150).is_granted
        refused = spend(key)
        assert (refused.is_granted, refused.remaining) == (False, 0)
