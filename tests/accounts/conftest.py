from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from platforms.services import NewKey
from tests.makers import client_of, make_platform


@pytest.fixture
def teller(db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    """A platform that tells of its members."""
    return make_platform("Teller", scopes=("safety",))


@pytest.fixture
def api(teller: NewKey) -> APIClient:
    return client_of(teller.key)
