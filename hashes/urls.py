"""The list, for platforms and at the desk, and the frame that touches pixels."""

from __future__ import annotations

from django.urls import URLPattern, path

from hashes import api, list_views, media_api, views
from hashes.exchange import ncmec, stopncii

app_name = "hashes"

_PICTURE = "staff/list/pictures/<uuid:picture_id>"

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
    path("staff/list/", list_views.queue, name="list"),
    path("staff/list/concerns/<int:pk>/", list_views.concern, name="list_concern"),
    path("staff/list/concerns/<int:pk>/leave/", list_views.leave_concern, name="list_leave_concern"),
    path(f"{_PICTURE}/", list_views.picture, name="list_picture"),
    path(f"{_PICTURE}/leave/", list_views.leave, name="list_leave"),
    path(f"{_PICTURE}/take-off/", list_views.take_off, name="list_take_off"),
    path(f"{_PICTURE}/put-back/", list_views.put_back, name="list_put_back"),
]
