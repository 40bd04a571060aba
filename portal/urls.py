"""The URL map. Each room lists its own addresses; this page says where they hang. What probes ask stands in `portal.health`."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from portal import views

handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"

urlpatterns = [
    # First, because each chat of a platform waits for its answer, and whoever comes later is looked for longer.
    path("", include("safety.urls")),
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("", include("cases.urls")),
    path("", include("cases.triage_urls")),
    path("", include("cases.leaving_urls")),
    path("", include("cases.talk_urls")),
    path("", include("cases.figures_urls")),
    path("", include("hashes.urls")),
    path("", include("platforms.urls")),
    path("", include("accounts.urls")),
    path("", include("nudges.urls")),
    path("", include("safety.review_urls")),
    path("", include("safety.appeal_urls")),
    path("", include("staff.sign_in_urls")),
    path("", include("staff.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
