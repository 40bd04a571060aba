"""Who is calling: platforms sign in with a key and may do what its scopes say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from platforms.services import Allowance, Credential, Limit, credential, take


def caller_of(authorization: str) -> Credential | None:
    """Who sends this header; nothing if it holds no key, or one that opens nothing."""
    key = _key_in(authorization)
    return None if key is None else credential(key=key, now=timezone.now())


def _key_in(authorization: str) -> str | None:
    scheme, _space, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


class BearerKey(BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[None, Credential] | None:
        authorization = request.META.get("HTTP_AUTHORIZATION", "")
        if _key_in(authorization) is None:
            return None
        caller = caller_of(authorization)
        if caller is None:
            raise exceptions.AuthenticationFailed(_("This key is wrong, revoked or out of time."))
        return None, caller

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF names the argument.
        return 'Bearer realm="platforms"'


class HasScopes(BasePermission):
    """The key has every scope in the endpoint's `scopes`."""

    code = "scope_missing"

    def has_permission(self, request: Request, view: APIView) -> bool:
        caller = request.auth
        if not isinstance(caller, Credential):
            return False
        missing = [scope for scope in view.scopes if scope not in caller.scopes]  # type: ignore[attr-defined]  # Each endpoint names its own.
        told = _("This key lacks the scope {scope}.").format(scope=", ".join(missing))
        self.message = {"Authorization": [told]}
        return not missing


class PlatformEndpoint(APIView):
    """An endpoint for keys with certain scopes."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerKey,)
    permission_classes = (HasScopes,)
    scopes: ClassVar[tuple[str, ...]]
    allowance: Allowance | None = None

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        # What a platform asked, and what it was answered, stay in no cache on the way.
        final["Cache-Control"] = "no-store"
        for name, value in (self.allowance.headers() if self.allowance else {}).items():
            final[name] = value
        return final

    def spend(self, request: Request, *, limit: Limit, cost: int) -> None:
        """Use up some of the key's quota, or end the request with 429. The answer says what is left."""
        self.allowance = take(limit=limit, key=self.caller(request).prefix, cost=cost)
        if not self.allowance.is_granted:
            told = _("This key's quota for this minute is used up.")
            raise exceptions.Throttled(wait=self.allowance.resets_in, detail=told)

    @staticmethod
    def caller(request: Request) -> Credential:
        return cast("Credential", request.auth)


class BearerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # Its registering hook has no types.
    target_class = "platforms.access.BearerKey"
    name = "platformKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - drf-spectacular names it.
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A platform's key, shown once when it was made.",
        }
