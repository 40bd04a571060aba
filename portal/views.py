"""Public pages that belong to no room, and what is said when something went wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import platforms.services
from portal.surfaces import Audience, area_of


@require_safe
@cache_control(no_store=True)
def home(request: HttpRequest) -> HttpResponse:
    if "takedown" not in settings.SURFACES:
        return redirect("help")
    acting = platforms.services.with_scope(scopes=("feed", "match"), on=timezone.now().date())
    return render(request, "portal/home.html", {"platforms": [one.platform for one in acting]})


@require_safe
@cache_control(no_store=True)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


@require_safe
@cache_control(no_store=True)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


@cache_control(no_store=True)
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it.
    return render(request, f"{_audience(request)}/not_found.html", status=404)


@cache_control(no_store=True)
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, f"{_audience(request)}/server_error.html", status=500)


def _audience(request: HttpRequest) -> str:
    """Whose pages speak. Who asks for the staff's addresses at the wrong host was not let in and is a stranger."""
    was_let_in = hasattr(request, "user")
    return "staff" if was_let_in and area_of(request.path_info).audience is Audience.STAFF else "portal"
