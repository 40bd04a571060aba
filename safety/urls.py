"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from safety import api

app_name = "safety"

urlpatterns: list[URLPattern] = [
    path("api/v1/events/", api.Events.as_view(), name="events"),
    path("api/v1/decisions/", api.Decisions.as_view(), name="decisions"),
    path("api/v1/accounts/<str:external_id>/standing/", api.Standings.as_view(), name="standing"),
    path("api/v1/flags/", api.Flags.as_view(), name="flags"),
]
