"""Who may open a member's page: a browser that came by a link which its platform asked for, within twelve hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from accounts.bands import is_minor
from accounts.services import AccountFacts, links

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Door:
    """Teens and adults have pages of their own, and each browser's cookie is sent to one of the two only."""

    name: str
    is_for_minors: bool

    @property
    def path(self) -> str:
        return f"/{self.name}/"

    @property
    def cookie(self) -> str:
        # Over https a browser takes a cookie of such a name from no page that came in the open.
        return f"__Secure-{self.name}" if settings.SESSION_COOKIE_SECURE else self.name


TEEN = Door("teen", is_for_minors=True)
GUARDIAN = Door("guardian", is_for_minors=False)


class MemberRequest(HttpRequest):
    """What a view behind `teen` or `guardian` is given."""

    member: AccountFacts


def teen(view: View) -> View:
    """Only a teen who is signed in comes in; `request.member` says who it is."""
    return _opens_to(TEEN, view)


def guardian(view: View) -> View:
    """Only an adult who is signed in comes in; `request.member` says who it is."""
    return _opens_to(GUARDIAN, view)


def door_of(age_band: str) -> Door:
    return TEEN if is_minor(age_band) else GUARDIAN


def who_is_in(request: HttpRequest, door: Door) -> AccountFacts | None:
    secret = request.COOKIES.get(door.cookie, "")
    if not secret:
        return None
    return links.who_is_in(secret=secret, minor=door.is_for_minors, now=timezone.now())


def came_by(request: HttpRequest, door: Door, *, link: str) -> bool:
    """Whether this browser is in already, by this very link."""
    return links.began(session=request.COOKIES.get(door.cookie, ""), by_link=link)


def let_in(request: HttpRequest, response: HttpResponseBase, door: Door, *, session: str) -> None:
    """Give the browser its new session. Whatever it held before opens nothing any more."""
    links.end_session(secret=request.COOKIES.get(door.cookie, ""))
    response.set_cookie(
        door.cookie,
        session,
        max_age=links.SESSION_LASTS,
        path=door.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def let_out(request: HttpRequest, response: HttpResponseBase, door: Door) -> None:
    links.end_session(secret=request.COOKIES.get(door.cookie, ""))
    response.delete_cookie(door.cookie, path=door.path, samesite="Strict")


def kept_nowhere(response: HttpResponseBase) -> HttpResponseBase:
    """Back after signing out, or on a shared phone, shows nothing."""
    add_never_cache_headers(response)
    return response


def _opens_to(door: Door, view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member = who_is_in(request, door)
        if member is None:
            return kept_nowhere(render(request, "accounts/come_in.html", {"door": door.name}, status=403))
        request.member = member  # type: ignore[attr-defined]  # `MemberRequest` says so to views.
        return kept_nowhere(view(request, *args, **kwargs))

    guarded.opens_to = door.name  # type: ignore[attr-defined]  # For the test that tries every page.
    return guarded
