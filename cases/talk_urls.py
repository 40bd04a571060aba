"""Talking with the reporter, from the desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from cases import talk_views as views

app_name = "talk"

_MESSAGES = "triage/<uuid:case_id>/messages"

urlpatterns: list[URLPattern] = [
    path(f"{_MESSAGES}/", views.write, name="write"),
    path(f"{_MESSAGES}/check/", views.check, name="check"),
    path(f"{_MESSAGES}/<int:message_id>/reveal/", views.reveal, name="reveal"),
]
