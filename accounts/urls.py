"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts import api, supervision_urls, views

app_name = "accounts"

urlpatterns: list[URLPattern] = [
    path("api/v1/accounts/<str:external_id>/sign-in/", api.SignIn.as_view(), name="sign_in"),
    path("teen/enter/<str:secret>/", views.enter_as_teen, name="enter_teen"),
    path("teen/sign-out/", views.leave_as_teen, name="leave_teen"),
    path("guardian/enter/<str:secret>/", views.enter_as_guardian, name="enter_guardian"),
    path("guardian/sign-out/", views.leave_as_guardian, name="leave_guardian"),
    *supervision_urls.urlpatterns,
]
