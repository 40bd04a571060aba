"""Rows for tests, each made with what the test does not care about filled in."""

from __future__ import annotations

import secrets
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt
from django.test import Client
from rest_framework.test import APIClient

from hashes.services import Fingerprint, NewPicture, list_pictures
from platforms.services import NewKey, add_platform
from staff.access import SECOND_FACTOR_KEY
from staff.services import User


def make_platform(
    name: str = "Loopfeed", *, scopes: tuple[str, ...] = ("feed", "match", "feedback")
) -> NewKey:
    return add_platform(name=name, scopes=scopes)


def make_fingerprints(*, pdq: str | None = None, quality: int = 100) -> tuple[Fingerprint, ...]:
    return (
        Fingerprint("pdq", pdq or secrets.token_hex(32), quality=quality),
        Fingerprint("phash", secrets.token_hex(8)),
        Fingerprint("md5", secrets.token_hex(16)),
        Fingerprint("sha256", secrets.token_hex(32)),
    )


def make_picture(*fingerprints: Fingerprint, release: bool = True) -> UUID:
    new = NewPicture("image", fingerprints or make_fingerprints())
    return list_pictures(pictures=[new], release=release)[0]


def client_of(key: str) -> APIClient:
    """A platform's server, which sends its key with each request."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


def make_user(username: str, *, role: str, password: str | None = None) -> User:
    """Somebody who works here. Without a password they can only be signed in by `signed_in`."""
    return User.objects.create_user(username, password=password, role=role)


def signed_in(client: Client, user: User) -> Client:
    """A browser in which they signed in with their second factor."""
    give_second_factor(user)
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR_KEY] = str(user.pk)
    session.save()
    return client


def give_second_factor(user: User) -> str:
    """An authenticator app and recovery codes, as after setting them up; gives the app's secret."""
    owned = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if owned is None:
        owned = TOTP.activate(user, generate_totp_secret()).instance
        RecoveryCodes.activate(user)
    return str(decrypt(owned.data["secret"]))
