"""The list, for platforms, and the frame that touches pixels."""

from __future__ import annotations

from django.urls import URLPattern, path

from hashes import api, views

app_name = "hashes"

urlpatterns: list[URLPattern] = [
    path("report/pictures/", views.pictures, name="pictures"),
    path("api/v1/feed/", api.Feed.as_view(), name="feed"),
    path("api/v1/match/", api.Match.as_view(), name="match"),
    path("api/v1/feedback/", api.GiveFeedback.as_view(), name="feedback"),
]
