"""The frame that touches pixels. It holds the file input and may reach nothing."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from hashes.pixel_policy import PIXEL_POLICY

_VARIANTS = Path(__file__).with_name("variants.json").read_text(encoding="utf-8")


@require_safe
@cache_control(no_store=True)
@xframe_options_sameorigin
def pictures(request: HttpRequest) -> HttpResponse:
    context = {"variants": _VARIANTS, "limit": settings.MEDIA_PER_REPORT}
    response = render(request, "cases/report/pictures.html", context)
    # Stricter than the policy of other pages; the middleware leaves a header alone that is already there.
    response["Content-Security-Policy"] = PIXEL_POLICY
    return response
