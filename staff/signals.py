"""What allauth says of authenticators, written down where `staff.access` looks, and in the audit chain."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from staff import browsers
from staff.access import SECOND_FACTOR_KEY
from staff.models import User
from staff.services import record

# The column has to hold one.
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - Nothing listens on it.


@receiver(authenticator_used)
def remember_second_factor(request: HttpRequest, user: User, **_: Any) -> None:
    request.session[SECOND_FACTOR_KEY] = str(user.pk)


@receiver(authenticator_added)
def remember_new_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    # Whoever set it up has just shown that they hold it.
    request.session[SECOND_FACTOR_KEY] = str(user.pk)
    record(actor=user, act="sign_in.factor_added", at=timezone.now(), detail={"type": authenticator.type})


@receiver(authenticator_removed)
def record_removed_factor(user: User, authenticator: Authenticator, **_: Any) -> None:
    record(actor=user, act="sign_in.factor_removed", at=timezone.now(), detail={"type": authenticator.type})


@receiver(authenticator_reset)
def record_new_codes(user: User, authenticator: Authenticator, **_: Any) -> None:
    record(actor=user, act="sign_in.factor_reset", at=timezone.now(), detail={"type": authenticator.type})


@receiver(authentication_failed)
def record_refused_factor(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Who got so far knew the password: whoever it was, the auditor hears of it."""
    record(actor=user, act="sign_in.factor_refused", at=timezone.now(), detail={"type": authenticator.type})


@receiver(password_changed)
def record_new_password(user: User, **_: Any) -> None:
    record(actor=user, act="sign_in.password_changed", at=timezone.now())


@receiver(pre_save, sender=UserSession)
def keep_no_address(instance: UserSession, **_: Any) -> None:
    """A session is recognised by the kind of its browser; from where, nobody needs to know."""
    instance.ip = NO_ADDRESS
    instance.user_agent = browsers.family(instance.user_agent)


@receiver(user_logged_in)
def record_sign_in(user: User, **_: Any) -> None:
    record(actor=user, act="sign_in", at=timezone.now())
