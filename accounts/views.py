"""Where members come in and go out."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import GUARDIAN, TEEN, Door, came_by, kept_nowhere, let_in, let_out
from accounts.errors import LinkGone
from accounts.services import links

_LOOK_AND_PRESS = ["GET", "HEAD", "POST"]


@require_http_methods(_LOOK_AND_PRESS)
def enter_as_teen(request: HttpRequest, secret: str) -> HttpResponseBase:
    return kept_nowhere(_enter(request, TEEN, secret))


@require_http_methods(_LOOK_AND_PRESS)
def enter_as_guardian(request: HttpRequest, secret: str) -> HttpResponseBase:
    return kept_nowhere(_enter(request, GUARDIAN, secret))


@require_POST
def leave_as_teen(request: HttpRequest) -> HttpResponseBase:
    return kept_nowhere(_leave(request, TEEN))


@require_POST
def leave_as_guardian(request: HttpRequest) -> HttpResponseBase:
    return kept_nowhere(_leave(request, GUARDIAN))


def _enter(request: HttpRequest, door: Door, secret: str) -> HttpResponseBase:
    """A link opens a page with one button; only the button uses it up, for programs look at links before people do."""
    if request.method == "POST":
        return _come_in(request, door, secret)
    if links.is_open(secret=secret, minor=door.is_for_minors, now=timezone.now()):
        return render(request, "accounts/enter.html", {"door": door.name})
    return _gone(request, door)


def _come_in(request: HttpRequest, door: Door, secret: str) -> HttpResponseBase:
    try:
        session = links.use_link(secret=secret, minor=door.is_for_minors, now=timezone.now())
    except LinkGone:
        # Perhaps the second of two taps, whose first has let them in.
        return redirect(door.path) if came_by(request, door, link=secret) else _gone(request, door)
    inside = redirect(door.path)
    let_in(request, inside, door, session=session)
    return inside


def _gone(request: HttpRequest, door: Door) -> HttpResponseBase:
    return render(request, "accounts/link_gone.html", {"door": door.name}, status=410)


def _leave(request: HttpRequest, door: Door) -> HttpResponseBase:
    outside = render(request, "accounts/signed_out.html", {"door": door.name})
    let_out(request, outside, door)
    return outside
