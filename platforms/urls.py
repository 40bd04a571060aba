"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from platforms import views

app_name = "platforms"

urlpatterns = [
    path("staff/webhooks/", views.webhooks, name="webhooks"),
    path("staff/webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("staff/webhooks/<int:pk>/on/", views.switch_on, name="webhook_on"),
    path("staff/webhooks/<int:pk>/off/", views.switch_off, name="webhook_off"),
    path("staff/webhooks/<int:pk>/replay/", views.replay_since, name="webhook_replay_since"),
    path("staff/webhooks/deliveries/<int:pk>/replay/", views.replay, name="webhook_replay"),
]
