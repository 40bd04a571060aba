"""Django's own admin, for those who run the machine. Everybody else works at the desk."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from staff.access import has_second_factor, lead_in


class SuperusersSite(AdminSite):
    site_header = site_title = _("Reclaim: administration")
    index_title = _("What is kept")

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and request.user.is_superuser and has_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]  # noqa: ARG002 - Django passes it.
        """By the desk's own door, with its second factor and its limits on guessing; no second door beside it."""
        return lead_in(request, back=request.GET.get("next") or reverse("admin:index"))
