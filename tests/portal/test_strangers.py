"""A reporter is a stranger: on her addresses no cookie is read and none is set."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from portal.middleware import ReportersAreStrangers
from staff.models import User
from tests.makers import signed_in

pytestmark = pytest.mark.django_db
ADDRESSES = (
    "/",
    "/report/",
    "/report/pictures/",
    "/status/",
    "/help/",
    "/privacy/",
    "/transparency/",
    "/never/heard/of/",
    "/api/v1/cases/",
    "/api/v1/cases/status/",
)


@pytest.fixture
def as_somebody(client: Client) -> Client:
    return signed_in(client, User.objects.create_superuser("somebody"))


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_session_is_read_while_signed_in_as_somebody(
    as_somebody: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody_may(_self: SessionStore) -> dict[str, object]:
        raise AssertionError(f"A session was read on {path}")

    monkeypatch.setattr(SessionStore, "load", nobody_may)
    assert "Set-Cookie" not in as_somebody.get(path).headers
    answer = as_somebody.post(path, {}, content_type="application/json")
    assert not answer.cookies


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_answer_is_the_same_for_who_is_signed_in_and_who_is_not(as_somebody: Client, path: str) -> None:
    assert as_somebody.get(path).content == Client().get(path).content


def test_a_cookie_that_a_view_sets_by_mistake_does_not_get_out(rf: RequestFactory) -> None:
    def careless(request: HttpRequest) -> HttpResponse:
        assert request.COOKIES == {}
        response = HttpResponse()
        response.set_cookie("seen", "1")
        return response

    request = rf.get("/status/", headers={"cookie": "session=1"})
    assert not ReportersAreStrangers(careless)(request).cookies


def test_staff_keep_their_cookie(as_somebody: Client) -> None:
    assert as_somebody.get("/admin/").status_code == 200
