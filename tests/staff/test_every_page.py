"""Every address of the desk is tried by everybody: the matrix decides, and a page that declares nothing fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from staff.access import ANYONE, SECOND_FACTOR, SECOND_FACTOR_KEY, SIGNED_IN
from staff.policy import ACTIONS, ROLES, may
from tests.makers import give_second_factor, make_user, signed_in

pytestmark = pytest.mark.django_db
STAFFS = ("/triage/", "/staff/", "/review/")
DOORS = (ANYONE, SIGNED_IN, SECOND_FACTOR)
SIGN_IN, SET_UP, SHOW_CODE = "account_login", "mfa_index", "mfa_reauthenticate"
VALUES = {"int": "987654", "uuid": str(uuid4()), "str": "some", "slug": "some", "path": "some"}


def addresses() -> list[tuple[str, str | None]]:
    """Each address of the staff's, filled in with ids of nothing, and whom its view says that it opens to."""
    found = [
        (path, view) for path, view in _walk(get_resolver().url_patterns, "/") if path.startswith(STAFFS)
    ]
    return [(path, getattr(view, "opens_to", None)) for path, view in found]


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str
) -> Iterator[tuple[str, Callable[..., Any] | None]]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES[found[1] or "str"], route), one.callback


ADDRESSES = addresses()
DECLARED = [(path, action) for path, action in ADDRESSES if action in ACTIONS]


def statuses(client: Client, path: str) -> dict[str, int]:
    """How it answers to being looked at and to being asked to do something."""
    client.raise_request_exception = False
    return {"GET": client.get(path).status_code, "POST": client.post(path).status_code}


def leads_to(client: Client, path: str) -> str:
    """Where a look, or else a deed, is sent."""
    answer = client.get(path)
    if answer.status_code == 405:
        answer = client.post(path)
    assert answer.status_code == 302, (path, answer.status_code)
    return answer.headers["Location"]


def test_every_page_says_whom_it_opens_to() -> None:
    assert len(ADDRESSES) > 20
    assert [path for path, action in ADDRESSES if action not in {*DOORS, *ACTIONS}] == []


@pytest.mark.parametrize("role", [*ROLES, ""])
def test_the_matrix_decides_every_page(client: Client, role: str) -> None:
    signed_in(client, make_user("somebody", role=role))
    wrong = []
    for path, action in DECLARED:
        answers = statuses(client, path)
        if may(role, action or ""):
            fits = not {403, 500} & set(answers.values()) and set(answers.values()) != {405}
        else:
            fits = 403 in answers.values() and set(answers.values()) <= {403, 405}
        if not fits:
            wrong.append((path, action, answers))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may_is_not_sent_away(client: Client, role: str) -> None:
    signed_in(client, make_user("somebody", role=role))
    doors = (reverse(SIGN_IN), reverse(SET_UP), reverse(SHOW_CODE))
    for path, action in DECLARED:
        if may(role, action or ""):
            answer = client.get(path)
            assert not answer.headers.get("Location", "").startswith(doors), path


def test_a_stranger_is_asked_to_sign_in_everywhere(client: Client) -> None:
    for path, action in ADDRESSES:
        if action != ANYONE:
            assert leads_to(client, path).startswith(reverse(SIGN_IN)), path


@pytest.mark.parametrize("role", ["senior", "administrator", ""])
def test_who_has_no_second_factor_is_led_to_set_one_up_before_anything_else(
    client: Client, role: str
) -> None:
    client.force_login(make_user("somebody", role=role))
    for path, action in ADDRESSES:
        if action not in {ANYONE, SIGNED_IN}:
            assert leads_to(client, path) == reverse(SET_UP), path


def test_a_password_alone_opens_nothing_to_who_has_a_second_factor(client: Client) -> None:
    user = make_user("somebody", role="senior")
    give_second_factor(user)
    client.force_login(user)
    may_show = {reverse("account_reauthenticate"), reverse(SHOW_CODE), reverse("mfa_reauthenticate_webauthn")}
    for path, action in ADDRESSES:
        if action != ANYONE and path not in may_show:
            assert leads_to(client, path).startswith(reverse(SHOW_CODE)), path


def test_a_second_factor_of_somebody_else_does_not_count(client: Client) -> None:
    other = make_user("other", role="senior")
    signed_in(client, make_user("somebody", role="senior"))
    session = client.session
    session[SECOND_FACTOR_KEY] = str(other.pk)
    session.save()
    assert client.get(reverse("staff:held")).status_code == 302


def test_a_superuser_without_a_role_sees_nothing_of_the_desk(client: Client) -> None:
    user = make_user("machine-owner", role="")
    user.is_staff = user.is_superuser = True
    user.save()
    signed_in(client, user)
    for path, _action in DECLARED:
        assert 403 in statuses(client, path).values(), path


@pytest.mark.parametrize(
    "path", ["signup", "sign-up", "3rdparty", "social", "email", "password/reset", "login/code"]
)
def test_nobody_signs_up_and_nobody_else_signs_anybody_in(client: Client, path: str) -> None:
    for prefix in ("/staff/", "/accounts/", "/"):
        assert client.get(f"{prefix}{path}/").status_code == 404
