"""Webhook secrets: made here, kept encrypted, opened for signing."""

from __future__ import annotations

import secrets
from base64 import b64encode, urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from platforms.errors import SecretLost

_PURPOSE = b"webhook secrets"


def new_secret() -> str:
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def seal(secret: str) -> str:
    """A dump of the database signs nothing."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises SecretLost if the key that closed it is gone."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretLost from None


def _box() -> MultiFernet:
    """Under the newest secret key; what older ones closed still opens while they are named as fallbacks."""
    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(derived)
