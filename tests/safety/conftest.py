"""A platform with a few members."""

from __future__ import annotations

import pytest

from accounts.models import Account
from platforms.services import NewKey
from tests.makers import make_platform
from tests.safety.makers import make_account
from tests.safety.reviewers import elsa, rosa, ruben, theo

__all__ = ["elsa", "rosa", "ruben", "theo"]


@pytest.fixture
def chatter(db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    """A platform that takes part in teen safety."""
    return make_platform("Chatter", scopes=("safety",))


@pytest.fixture
def teen(chatter: NewKey) -> Account:
    return make_account(chatter.platform, "13_15", external_id="teen")


@pytest.fixture
def older_teen(chatter: NewKey) -> Account:
    return make_account(chatter.platform, "16_17", external_id="older-teen")


@pytest.fixture
def adult(chatter: NewKey) -> Account:
    return make_account(chatter.platform, "21_plus", external_id="adult")
