"""Whoever may decide hears at once that the list asks for a look."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from hashes.models import Concern
from hashes.services.concerns import queue
from staff.policy import ROLES, may
from staff.services import User

log = logging.getLogger(__name__)
# A flood of concerns is one letter, and the next one comes a while later.
_NOT_AGAIN_FOR = 15 * 60
_TOLD = "list:staff-told"
_AT_MOST = 1_000


def tell_staff(*, now: datetime) -> int:
    """Write to who may decide, once for all that nobody was told of; say to how many.

    Where there is no mail or nobody has an address, the count at the top of the desk's pages says it.
    """
    if not (settings.EMAIL_URL and settings.MAIL_FROM):
        return 0
    untold = list(queue().filter(told_on=None).order_by("pk").values_list("pk", flat=True)[:_AT_MOST])
    addresses = _addresses() if untold else []
    # Of two workers, one writes.
    if not addresses or not cache.add(_TOLD, 1, _NOT_AGAIN_FOR):
        return 0
    reached = sum(map(_write_to, addresses))
    if not reached:
        # The next look tries again; until then the desk shows it.
        cache.delete(_TOLD)
        return 0
    Concern.objects.filter(pk__in=untold).update(told_on=now.date())
    return reached


def waiting_count() -> int:
    """For the top of every page of the desk."""
    return queue().count()


def _addresses() -> list[str]:
    deciding = [role for role in ROLES if may(role, "list.decide")]
    people = User.objects.filter(is_active=True, role__in=deciding).exclude(email="")
    return list(people.order_by("pk").values_list("email", flat=True))


def _write_to(address: str) -> bool:
    """Each by itself, so that nobody reads who else works here. It names nothing: mail passes many hands.

    An address that is refused keeps the letter from nobody else.
    """
    told = _("Something on the list waits for a person to look at it:\n\n{address}\n").format(
        address=f"{settings.STAFF_URL}/staff/list/"
    )
    try:
        send_mail(_("The list asks for a look"), told, settings.MAIL_FROM, [address])
    except (OSError, SMTPException):
        log.warning("list_staff_not_told")
        return False
    return True
