"""How it goes, with what is told to everybody and what only to the lead of the desk."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_safe

from cases import charts
from cases.services import figures
from cases.services import transparency as public
from staff.access import requires

# Broken is drawn in the red that also marks what is late.
_KEPT_AND_BROKEN = (0, 3)


@require_GET
@requires("dashboard.view")
def dashboard(request: HttpRequest) -> HttpResponseBase:
    seen = figures.dashboard(now=timezone.now())
    drawn = {
        "open_chart": charts.stacked(seen.open_by_risk),
        "clock_chart": charts.stacked(seen.clocks, shades=_KEPT_AND_BROKEN),
        "answer_chart": charts.stacked(seen.answers),
    }
    return render(request, "cases/triage/dashboard.html", {"figures": seen, **drawn})


@require_safe
@cache_control(no_store=True)
def transparency(request: HttpRequest) -> HttpResponse:
    return render(request, "cases/transparency.html", {"figures": public.public_figures()})


@require_safe
@cache_control(no_store=True)
def transparency_csv(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it.
    written = StringIO()
    csv.writer(written).writerows(public.rows(public.public_figures()))
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="reclaim-figures.csv"'
    return response
