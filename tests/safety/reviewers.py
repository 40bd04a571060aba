"""Who reviews, for the tests of flags and appeals."""

from __future__ import annotations

import pytest

from platforms.services import NewKey, add_member
from staff.services import User
from tests.makers import make_platform, make_user


@pytest.fixture
def rosa(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    """The operator's own reviewer."""
    return make_user("rosa", role="safety_reviewer")


@pytest.fixture
def ruben(db: None) -> User:  # noqa: ARG001 - He stands in the database.
    return make_user("ruben", role="safety_reviewer")


@pytest.fixture
def theo(chatter: NewKey) -> User:
    """Of the platform itself."""
    user = make_user("theo", role="safety_reviewer")
    add_member(user=user, platform_id=chatter.platform.pk)
    return user


@pytest.fixture
def elsa(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    """Of another platform: she may know of nothing here."""
    user = make_user("elsa", role="safety_reviewer")
    add_member(user=user, platform_id=make_platform("Elsewhere").platform.pk)
    return user
