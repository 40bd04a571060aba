"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from nudges import views

app_name = "nudges"

urlpatterns: list[URLPattern] = [
    path("teen/", views.inbox, name="inbox"),
    path("teen/cards/<uuid:card_id>/apply/", views.apply, name="apply"),
    path("teen/cards/<uuid:card_id>/not-now/", views.not_now, name="not_now"),
    path("teen/cards/<uuid:card_id>/undo/", views.undo, name="undo"),
    path("teen/push/allow/", views.allow_pushes, name="allow_pushes"),
    path("teen/push/stop/", views.stop_pushes, name="stop_pushes"),
    # Beside the pages, because a worker may look after nothing outside of its own folder.
    path("teen/push-worker.js", views.push_worker, name="push_worker"),
]
