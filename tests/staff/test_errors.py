"""When something is not there or goes wrong, staff read it in the desk's words, and strangers in the public's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from staff.services import User
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


def test_staff_are_told_at_the_desk_that_nothing_is_there(client: Client, senior: User) -> None:
    signed_in(client, senior)
    answer = client.post("/triage/held/987654/release/")
    assert answer.status_code == 404
    assert "Back to your work" in answer.content.decode()


def test_an_error_inside_asks_the_database_for_nothing(
    client: Client, senior: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_user: User) -> None:
        raise RuntimeError

    signed_in(client, senior)
    client.raise_request_exception = False
    monkeypatch.setattr("staff.services.waiting_for", fail)
    answer = client.get("/triage/held/")
    assert answer.status_code == 500
    assert "Nothing was half done" in answer.content.decode()


def test_at_the_wrong_host_the_desk_is_not_even_named(client: Client, settings: Any) -> None:
    settings.SITE_URL, settings.STAFF_URL = "http://site.test", "http://staff.test"
    settings.ALLOWED_HOSTS = ["site.test", "staff.test"]
    answer = client.get("/triage/held/", headers={"host": "site.test"})
    assert answer.status_code == 404
    assert "Back to your work" not in answer.content.decode()
