"""Addresses of the review queue."""

from __future__ import annotations

from django.urls import path

from safety import review_views

app_name = "review"

urlpatterns = [
    path("review/", review_views.queue, name="queue"),
    path("review/closed/", review_views.closed, name="closed"),
    path("review/flags/<uuid:flag_id>/", review_views.flag, name="flag"),
    path("review/flags/<uuid:flag_id>/uphold/", review_views.uphold, name="uphold"),
    path("review/flags/<uuid:flag_id>/lift/", review_views.lift, name="lift"),
    path("review/flags/<uuid:flag_id>/end/", review_views.end, name="end"),
    path("review/flags/<uuid:flag_id>/sanction/", review_views.sanction, name="sanction"),
    path("review/flags/<uuid:flag_id>/refer/", review_views.refer, name="refer"),
    path("review/appeals/", review_views.appeal_queue, name="appeals"),
    path("review/appeals/<int:pk>/", review_views.appeal, name="appeal"),
    path("review/appeals/<int:pk>/uphold/", review_views.appeal_uphold, name="appeal_uphold"),
    path("review/appeals/<int:pk>/overturn/", review_views.appeal_overturn, name="appeal_overturn"),
    path("review/fairness/", review_views.fairness, name="fairness"),
]
