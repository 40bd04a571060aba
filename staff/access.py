"""Who may open a page of the desk: signed in, with a second factor in this very session, in a role that does this."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from staff import policy
from staff.models import User

View = Callable[..., HttpResponseBase]
# Set in the session when an authenticator was used, or set up, by whom it names.
SECOND_FACTOR_KEY = "second_factor_of"
# What a view says of itself, for the test that tries them all.
ANYONE, SIGNED_IN, SECOND_FACTOR = "anyone", "signed in", "second factor"


def requires(action: str) -> Callable[[View], View]:
    """Only who is signed in with a second factor, and whose role does this, comes in."""
    policy.may("", action)  # A name that is not in the matrix stops the start.

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            sent_away = _sent_away(request)
            if sent_away is not None:
                return sent_away
            if not policy.may(actor(request).role, action):
                return refused(request)
            return _kept_nowhere(view(request, *args, **kwargs))

        return opens_to(action)(guarded)

    return wrap


def requires_second_factor(view: View) -> View:
    """A page of everybody who works here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sent_away = _sent_away(request)
        return sent_away if sent_away is not None else _kept_nowhere(view(request, *args, **kwargs))

    return opens_to(SECOND_FACTOR)(guarded)


def to_set_up_second_factor(view: View) -> View:
    """For who has none yet; who has one must have used it, or a password alone could add another."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and is_mfa_enabled(request.user) and not has_second_factor(request):
            return redirect_to_login(request.get_full_path(), login_url=reverse("mfa_reauthenticate"))
        return _kept_nowhere(view(request, *args, **kwargs))

    return opens_to(SIGNED_IN)(guarded)


def opens_to(whom: str) -> Callable[[View], View]:
    """Say of a view whom it opens to. The view itself sees to it."""

    def say(view: View) -> View:
        view.opens_to = whom  # type: ignore[attr-defined]
        return view

    return say


def actor(request: HttpRequest) -> User:
    """Who asks. Only behind `requires`."""
    if not isinstance(request.user, User):
        raise TypeError("Nobody is signed in; this view lacks `requires`.")
    return request.user


def has_second_factor(request: HttpRequest) -> bool:
    """Used in this session, not only owned: a password alone opens nothing."""
    user = request.user
    return (
        isinstance(user, User)
        and request.session.get(SECOND_FACTOR_KEY) == str(user.pk)
        and is_mfa_enabled(user)
    )


def refused(request: HttpRequest) -> HttpResponseBase:
    return _kept_nowhere(render(request, "staff/may_not.html", status=403))


def _sent_away(request: HttpRequest) -> HttpResponseBase | None:
    if has_second_factor(request):
        return None
    # A form that was sent can't be sent again after signing in, so that leads to the queue.
    return lead_in(
        request, back=request.get_full_path() if request.method == "GET" else reverse("staff:home")
    )


def lead_in(request: HttpRequest, *, back: str) -> HttpResponseBase:
    """To the next thing that somebody still has to show; who has shown all and may not come in reads so."""
    if not request.user.is_authenticated:
        return redirect_to_login(back, login_url=reverse("account_login"))
    if has_second_factor(request):
        return refused(request)
    if is_mfa_enabled(request.user):
        return redirect_to_login(back, login_url=reverse("mfa_reauthenticate"))
    messages.info(request, _("First set up a second step for signing in. The desk opens after that."))
    return redirect("mfa_index")


def _kept_nowhere(response: HttpResponseBase) -> HttpResponseBase:
    """Back after signing out, or on a shared computer, shows nothing."""
    add_never_cache_headers(response)
    return response
