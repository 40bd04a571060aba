"""The cast: who appears in the tests, and when they play."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from hashes.services import following, guarding
from platforms.services import NewKey
from staff.services import User
from tests.makers import make_platform, make_user


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 9, 30, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """The process keeps keys and its index in memory; each test has a list of its own."""
    following.look_at_once()
    guarding.forget()
    yield
    cache.clear()


@pytest.fixture
def platform(db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    """Takes part in everything: reads the list, asks for matches, says what it did."""
    return make_platform("Loopfeed")


@pytest.fixture
def outsider_platform(db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    """Takes part, but in nothing of the list's."""
    return make_platform("Elsewhere", scopes=("safety",))


@pytest.fixture
def triager(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("tessa", role="triager")


@pytest.fixture
def senior(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("sena", role="senior")


@pytest.fixture
def liaison(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("lian", role="liaison")


@pytest.fixture
def auditor(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("audra", role="auditor")


@pytest.fixture
def administrator(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("adam", role="administrator")


@pytest.fixture
def outsider(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    """Can sign in and has no role: may see nothing."""
    return make_user("olga", role="")


@pytest.fixture
def connection_stays() -> Iterator[None]:
    """A request's end closes the connection, and the test's transaction with it. Django's own client does the same."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)
