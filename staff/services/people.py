"""Who works here, in which role. Each change is a row of the chain; nobody changes themselves."""

from __future__ import annotations

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from staff.errors import NameTaken, NotOnesOwn
from staff.models import User
from staff.policy import ROLES
from staff.services.audit import record


@transaction.atomic
def add_person(*, username: str, role: str, by: User | None, now: datetime) -> tuple[User, str]:
    """Somebody new, and the password that they change after their first sign-in; it is kept nowhere. Raises NameTaken."""
    password = secrets.token_urlsafe(12)
    try:
        with transaction.atomic():
            user = User.objects.create_user(username, password=password, role=_known(role))
    except IntegrityError:
        raise NameTaken(username) from None
    record(actor=by, act="staff.add", on=user, at=now, detail={"role": role})
    return user, password


@transaction.atomic
def give_role(*, user: User, role: str, by: User, now: datetime) -> None:
    """Raises NotOnesOwn: a role that one gives oneself is no permission."""
    _require_somebody_else(user, by)
    record(actor=by, act="staff.role", on=user, at=now, detail={"from": user.role, "to": role})
    user.role = _known(role)
    user.save(update_fields=["role"])


@transaction.atomic
def close_account(*, user: User, by: User, now: datetime) -> None:
    """They are out at their next click. What they did stays in the chain. Raises NotOnesOwn."""
    _require_somebody_else(user, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(actor=by, act="staff.close", on=user, at=now)


@transaction.atomic
def open_account(*, user: User, by: User, now: datetime) -> None:
    _require_somebody_else(user, by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(actor=by, act="staff.open", on=user, at=now)


@transaction.atomic
def reset_sign_in(*, user: User, by: User, now: datetime) -> str:
    """A new password, and the second factor to be set up anew; every session ends. Raises NotOnesOwn."""
    _require_somebody_else(user, by)
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    record(actor=by, act="staff.reset", on=user, at=now)
    return password


def _require_somebody_else(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise NotOnesOwn


def _known(role: str) -> str:
    if role and role not in ROLES:
        raise ValueError(role)
    return role
