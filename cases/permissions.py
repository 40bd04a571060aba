"""Anonymous endpoints are for our own pages; other sites may not make a browser call them."""

from __future__ import annotations

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class FromOurOwnPages(BasePermission):
    """Refuses what a browser says comes from elsewhere. A request that is no browser's has neither header."""

    message = "This can only be sent from our own pages."

    def has_permission(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - DRF's signature.
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None and site != "same-origin":
            return False
        origin = request.headers.get("Origin")
        # The host was checked against ALLOWED_HOSTS, so it is ours whatever port it is reached by.
        return origin in (None, settings.SITE_URL, f"{request.scheme}://{request.get_host()}")
