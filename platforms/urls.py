"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from platforms import vetting_views, views

app_name = "platforms"

urlpatterns = [
    path("staff/platforms/", vetting_views.platforms, name="platforms"),
    path("staff/platforms/new/", vetting_views.new, name="platform_new"),
    path("staff/platforms/add/", vetting_views.add, name="platform_add"),
    path("staff/platforms/<int:pk>/", vetting_views.platform, name="platform"),
    path("staff/platforms/<int:pk>/facts/", vetting_views.change_facts, name="platform_facts"),
    path("staff/platforms/<int:pk>/agreement/", vetting_views.write_agreement, name="platform_agreement"),
    path("staff/platforms/<int:pk>/keys/add/", vetting_views.replace_key, name="platform_key"),
    path(
        "staff/platforms/<int:pk>/keys/<str:prefix>/revoke/", vetting_views.revoke_key, name="platform_revoke"
    ),
    path("staff/platforms/<int:pk>/feed/", vetting_views.ask_for_feed, name="platform_feed"),
    path("staff/platforms/<int:pk>/end/", vetting_views.end_part, name="platform_end"),
    path("staff/webhooks/", views.webhooks, name="webhooks"),
    path("staff/webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("staff/webhooks/<int:pk>/on/", views.switch_on, name="webhook_on"),
    path("staff/webhooks/<int:pk>/off/", views.switch_off, name="webhook_off"),
    path("staff/webhooks/<int:pk>/replay/", views.replay_since, name="webhook_replay_since"),
    path("staff/webhooks/deliveries/<int:pk>/replay/", views.replay, name="webhook_replay"),
]
