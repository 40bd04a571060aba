"""People to try the demo with: one for each role and a superuser. Password and app's key are made once, by chance, and kept
beside the demo's other sign-ins; all have the same, so that one entry in an authenticator app signs anybody in."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from staff.models import User
from staff.policy import ROLES

USERNAME = "demo"
SignIn = dict[str, str]


class Command(BaseCommand):
    help = "Makes the demo's people, and writes their sign-in to VAR_DIR/demo/staff.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--end", action="store_true", help="Let nobody in with the demo's sign-in any more."
        )

    def handle(self, *_args: Any, end: bool, **_options: Any) -> None:
        if end:
            # Only where the demo made them: an operator may have a triager of that name.
            if _read(_kept()):
                User.objects.filter(username__in=_people()).update(is_active=False)
            return
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO is off). Use createsuperuser.")
        kept, names = _kept(), _people()
        sign_in = _read(kept)
        if sign_in and User.objects.filter(username__in=names, is_active=True).count() == len(names):
            return
        sign_in = {
            "username": USERNAME,
            "password": secrets.token_urlsafe(12),
            "totp_secret": generate_totp_secret(),
        }
        _write(kept, sign_in)
        # Making one costs a tenth of a second on purpose; all have the same.
        password = make_password(sign_in["password"])
        with transaction.atomic():
            for username, role in names.items():
                _make(username, role, password, sign_in["totp_secret"])


def _kept() -> Path:
    return Path(settings.VAR_DIR) / "demo" / "staff.json"


def _people() -> dict[str, str]:
    """Their roles by their names; the superuser has none."""
    return {USERNAME: "", **{role: role for role in ROLES}}


def _read(kept: Path) -> SignIn | None:
    try:
        sign_in: SignIn = json.loads(kept.read_text())
    except (OSError, ValueError):
        return None
    return sign_in if "totp_secret" in sign_in else None


def _write(kept: Path, sign_in: SignIn) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(sign_in, file)


def _make(username: str, role: str, password: str, totp_secret: str) -> None:
    user, _ = User.objects.get_or_create(username=username)
    user.role = role
    user.is_active, user.is_staff, user.is_superuser = True, not role, not role
    user.password = password
    user.save()
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, totp_secret)
