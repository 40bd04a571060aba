"""Platforms tell of their members, and ask for links for them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import door_of
from accounts.errors import UnknownAccount
from accounts.services import links
from platforms.access import PlatformEndpoint
from platforms.problems import FOR_PLATFORMS, problem

_OF_AN_ACCOUNT = {**FOR_PLATFORMS, **problem(404, "You told of no such account.")}


class SignIn(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="SignInLink")
    class Output(serializers.Serializer[None]):
        url = serializers.URLField(help_text="Lead the member's browser there. It opens once.")
        expires_at = serializers.DateTimeField()

    @extend_schema(
        operation_id="make_sign_in_link",
        summary="A link by which a member comes to their own pages",
        request=None,
        responses={201: Output, **_OF_AN_ACCOUNT},
        description="Ask when the member taps, in the session in which you know who it is. It lasts ten minutes.",
    )
    def post(self, request: Request, external_id: str) -> Response:
        platform_id = self.caller(request).platform_id
        try:
            link = links.make_link(platform_id=platform_id, external_id=external_id, now=timezone.now())
        except UnknownAccount:
            raise Http404 from None
        path = reverse(f"accounts:enter_{door_of(link.age_band).name}", args=[link.secret])
        return Response({"url": f"{settings.MEMBER_URL}{path}", "expires_at": link.expires_at}, status=201)
