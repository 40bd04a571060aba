"""The list, for platforms, and the frame that touches pixels."""

from __future__ import annotations

from django.urls import URLPattern, path

from hashes import api, media_api, views
from hashes.exchange import ncmec, stopncii

app_name = "hashes"

urlpatterns: list[URLPattern] = [
    path("report/pictures/", views.pictures, name="pictures"),
    path("api/v1/feed/", api.Feed.as_view(), name="feed"),
    path("api/v1/match/", api.Match.as_view(), name="match"),
    path("api/v1/match/media/", media_api.MatchMedia.as_view(), name="match_media"),
    path("api/v1/feedback/", api.GiveFeedback.as_view(), name="feedback"),
    # The addresses of other systems' clients, which end without a slash.
    path("exchange/stopncii/v1/FetchHashes", stopncii.FetchHashes.as_view(), name="stopncii_fetch"),
    path("exchange/stopncii/v1/SubmitFeedback", stopncii.SubmitFeedback.as_view(), name="stopncii_feedback"),
    path("exchange/stopncii/v1/SubmitHashes", stopncii.SubmitHashes.as_view(), name="stopncii_submit"),
    path("exchange/ncmec/v2/status", ncmec.Status.as_view(), name="ncmec_status"),
    path("exchange/ncmec/v2/members", ncmec.Members.as_view(), name="ncmec_members"),
    path("exchange/ncmec/v2/entries", ncmec.Entries.as_view(), name="ncmec_entries"),
    path(
        "exchange/ncmec/v2/entries/<int:member>/<uuid:entry>/<str:fingerprint>/feedback",
        ncmec.Vote.as_view(),
        name="ncmec_vote",
    ),
    path(
        "exchange/ncmec/v2/feedback/<str:fingerprint>/reasons", ncmec.Reasons.as_view(), name="ncmec_reasons"
    ),
]
