"""What the list's desk decides about a picture, as its case has to know it. The list itself knows no cases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

import hashes.services
from cases import policy
from cases.errors import MoveNotAllowed
from cases.models import CasePicture
from cases.services import verdicts
from cases.services.locks import lock_case
from staff.errors import CannotBeDone
from staff.services import User


def register() -> None:
    """Called once, when the room is ready."""
    hashes.services.register_owner(
        hashes.services.Owner(before_put_back=_before_put_back, before_taken_off=_before_taken_off)
    )


def _before_put_back(picture_id: UUID, by: User, now: datetime) -> bool:
    owner = CasePicture.objects.select_related("case").filter(picture=picture_id).first()
    if owner is None:
        return True
    try:
        return verdicts.restoring(case=owner.case, by=by, now=now)
    except MoveNotAllowed:
        raise CannotBeDone(
            _("Its report is declined or withdrawn. Refuse this, or have it taken back.")
        ) from None


def _before_taken_off(picture_id: UUID) -> None:
    """Whoever blackmails her may be the one who wants it off the list, so that takes two people as declining does."""
    owner = CasePicture.objects.filter(picture=picture_id).values_list("case", flat=True).first()
    if owner is None:
        return
    case = lock_case(owner)
    if policy.takes_two("decline", threatened=verdicts.is_threatened(case)):
        raise CannotBeDone(
            _("Whoever reported it is threatened, so this takes two people. Decline the report instead.")
        )
