"""Which reviewer belongs to which platform."""

from __future__ import annotations

from platforms.models import Membership
from staff.services import User


def membership_of(*, user_id: int) -> int | None:
    """The platform whose flags alone they see; nothing for the operator's own people."""
    return Membership.objects.filter(user_id=user_id).values_list("platform_id", flat=True).first()


def add_member(*, user: User, platform_id: int) -> None:
    """From now on they see this platform only. Said again, or of another platform, it moves them."""
    Membership.objects.update_or_create(user=user, defaults={"platform_id": platform_id})
