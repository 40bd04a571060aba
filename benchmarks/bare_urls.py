"""Peers through the whole server: one indexed read of one row and nothing else, and nothing at all."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path

from accounts.models import Account
from portal.urls import urlpatterns as portals


def bare(request: HttpRequest, platform_id: int, external_id: str) -> JsonResponse:  # noqa: ARG001 - Django passes it.
    found = Account.objects.filter(platform=platform_id, external_id=external_id)
    return JsonResponse({"age_band": found.values_list("age_band", flat=True).get()})


def empty(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it.
    return JsonResponse({})


# Found as early as decisions are.
urlpatterns = [
    path("api/v1/bare/<int:platform_id>/<str:external_id>/", bare),
    path("api/v1/empty/", empty),
    *portals,
]
