"""The forms in which a code is typed: it counts for a while, and once."""

from __future__ import annotations

from hashlib import sha256

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.base import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache

# From half a minute before its own half minute to half a minute after it. allauth forgets a used code after the first.
_LIVES_FOR = 3 * settings.MFA_TOTP_PERIOD


class _CountsOnce(forms.BaseAuthenticateForm):  # type: ignore[misc]  # allauth ships no types.
    def clean_code(self) -> str:
        used = _used(self.user, self.cleaned_data["code"])
        if cache.get(used):
            # Nothing fits an empty code, and it counts as a wrong guess.
            self.cleaned_data["code"] = ""
        code = str(super().clean_code())
        # Of two at the same time allauth lets one in; this is for the one that comes later.
        cache.set(used, "y", _LIVES_FOR)
        return code


def _used(user: AbstractBaseUser, code: str) -> str:
    """A digest, because anything may have been typed."""
    return f"second-step:used:{user.pk}:{sha256(normalize_user_code(code).encode()).hexdigest()}"


class Authenticate(_CountsOnce, forms.AuthenticateForm):  # type: ignore[misc]
    """To sign in."""


class Reauthenticate(_CountsOnce, forms.ReauthenticateForm):  # type: ignore[misc]
    """To show once more who one is."""
