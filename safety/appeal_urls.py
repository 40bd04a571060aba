"""Addresses of appeals, by the letter's link."""

from __future__ import annotations

from django.urls import path

from safety import appeal_views

app_name = "appeal"

urlpatterns = [
    path("appeal/<str:secret>/", appeal_views.appeal, name="appeal"),
    path("appeal/<str:secret>/send/", appeal_views.send, name="send"),
]
