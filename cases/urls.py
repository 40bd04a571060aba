"""Pages of the reporter's and the anonymous endpoints behind them."""

from __future__ import annotations

from django.urls import URLPattern, path

from cases import api, talk_api, views

app_name = "cases"

urlpatterns: list[URLPattern] = [
    path("report/", views.report, name="report"),
    path("status/", views.status, name="status"),
    path("api/v1/cases/", api.SubmitCase.as_view(), name="api_submit"),
    path("api/v1/cases/status/", api.ReadStatus.as_view(), name="api_status"),
    path("api/v1/cases/media/", api.AddMedia.as_view(), name="api_media"),
    path("api/v1/cases/messages/", talk_api.SendMessage.as_view(), name="api_messages"),
    path("api/v1/cases/locations/", talk_api.TellLocations.as_view(), name="api_locations"),
    path("api/v1/cases/withdraw/", api.Withdraw.as_view(), name="api_withdraw"),
    path("api/v1/cases/withdraw/cancel/", api.CancelWithdrawal.as_view(), name="api_cancel_withdrawal"),
]
