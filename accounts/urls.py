"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts import api, pairs_api, supervision_urls, views

app_name = "accounts"

urlpatterns: list[URLPattern] = [
    path("api/v1/abilities/", pairs_api.Abilities.as_view(), name="abilities"),
    path("api/v1/accounts/batch/", api.Batch.as_view(), name="batch"),
    path("api/v1/accounts/pairs/", pairs_api.Pairs.as_view(), name="pairs"),
    path("api/v1/accounts/pairs/<str:teen>/<str:adult>/", pairs_api.OnePair.as_view(), name="pair"),
    path("api/v1/accounts/<str:external_id>/", api.OneAccount.as_view(), name="account"),
    path("api/v1/accounts/<str:external_id>/sign-in/", api.SignIn.as_view(), name="sign_in"),
    path("teen/enter/<str:secret>/", views.enter_as_teen, name="enter_teen"),
    path("teen/sign-out/", views.leave_as_teen, name="leave_teen"),
    path("guardian/enter/<str:secret>/", views.enter_as_guardian, name="enter_guardian"),
    path("guardian/sign-out/", views.leave_as_guardian, name="leave_guardian"),
    *supervision_urls.urlpatterns,
]
