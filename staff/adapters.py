"""Where the desk differs from what allauth does by itself."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_PURPOSE = b"second factors"
# Said by the page that follows, or by nothing: a heading is enough.
_LEFT_UNSAID = {"account/messages/logged_in.txt"}


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many attempts that failed. Wait five minutes and try again; after fifty in a day, wait a day."
        ),
        "username_password_mismatch": _("Name and password do not fit together."),
        "email_password_mismatch": _("Name and password do not fit together."),
        "invalid_login": _("Name and password do not fit together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth passes it.
        """Who works here is said by the administrator."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in _LEFT_UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who showed a moment ago who they are, signing in included, is not asked again."""
        if _showed_a_moment_ago(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing is mailed; the audit chain tells what changed."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types.
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is wrong, too old, or was used before. Each counts once: wait for the next one and try again."
        ),
        "cannot_delete_authenticator": _("This is your only second step. Add another before you remove it."),
    }

    def encrypt(self, text: str) -> str:
        """A dump of the database makes nobody's codes."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # The secret key was lost. A secret by chance fits no code; an empty one would be everybody's.
            return str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody is left without a second factor; recovery codes are a spare, not one."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def _showed_a_moment_ago(request: HttpRequest) -> bool:
    shown = request.session.get("account_authentication_methods") or [{"at": 0}]
    return bool(time.time() - shown[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def _box() -> MultiFernet:
    """Under the newest secret key; what older ones closed still opens while they are named as fallbacks."""
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(derived)
