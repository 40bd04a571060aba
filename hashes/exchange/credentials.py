"""The ways in which other systems' clients sign in. Each is a platform's own key, written differently."""

from __future__ import annotations

import base64
import binascii
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from hashes.services import ensure_canaries
from platforms.services import Credential, credential, subscription_of


def _caller(key: str) -> Credential:
    caller = credential(key=key, now=timezone.now())
    if caller is None:
        raise exceptions.AuthenticationFailed(_("This key is wrong, revoked or out of time."))
    if "feed" in caller.scopes:
        ensure_canaries(platform_id=caller.platform_id, now=timezone.now())
    return caller


class FunctionKey(BaseAuthentication):
    """StopNCII's two headers: the function key is the platform's key, the subscription key its public beginning."""

    def authenticate(self, request: Request) -> tuple[None, Credential] | None:
        key = request.headers.get("x-functions-key", "").strip()
        if not key:
            return None
        caller = _caller(key)
        if request.headers.get("Ocp-Apim-Subscription-Key", "").strip() != subscription_of(key):
            raise exceptions.AuthenticationFailed(_("The subscription key belongs to another function key."))
        return None, caller

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF names the argument.
        return 'x-functions-key realm="platforms"'


class UserAndKey(BaseAuthentication):
    """HTTP Basic: the platform's short name, and its key as the password."""

    realm: ClassVar[str] = 'Basic realm="platforms"'

    def authenticate(self, request: Request) -> tuple[None, Credential] | None:
        scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return None
        user, key = self._decoded(encoded)
        caller = _caller(key)
        if user != caller.slug:
            raise exceptions.AuthenticationFailed(_("This key belongs to another user."))
        return None, caller

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF names the argument.
        return self.realm

    @staticmethod
    def _decoded(encoded: str) -> tuple[str, str]:
        try:
            user, _colon, key = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise exceptions.AuthenticationFailed(_("This is no user and password.")) from None
        return user, key
