"""Which reviewer belongs to which platform."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from platforms.errors import UnknownPlatform
from platforms.models import Membership, Platform
from staff.services import User
from staff.services.people import add_person


def membership_of(*, user_id: int) -> int | None:
    """The platform whose flags alone they see; nothing for the operator's own people."""
    return Membership.objects.filter(user_id=user_id).values_list("platform_id", flat=True).first()


def add_member(*, user: User, platform_id: int) -> None:
    """From now on they see this platform only. Said again, or of another platform, it moves them."""
    Membership.objects.update_or_create(user=user, defaults={"platform_id": platform_id})


@transaction.atomic
def add_reviewer(*, slug: str, username: str, now: datetime) -> tuple[User, str]:
    """Somebody of the platform's own, and their first password. They never see another platform's flags, from the start.

    Raises UnknownPlatform, staff's NameTaken.
    """
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise UnknownPlatform(slug)
    user, password = add_person(username=username, role=User.Role.SAFETY_REVIEWER, by=None, now=now)
    add_member(user=user, platform_id=platform.pk)
    return user, password
