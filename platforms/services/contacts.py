"""A platform's contact hears that nothing reaches it any more."""

from __future__ import annotations

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from platforms.models import WebhookEndpoint

log = logging.getLogger(__name__)
_FAILED = (WebhookEndpoint.Off.GONE, WebhookEndpoint.Off.FAILING, WebhookEndpoint.Off.FORBIDDEN)


def tell_contacts(*, now: datetime) -> int:
    """Write to who was not written to yet; say how many. Where there is no mail or no address, the desk says whom to tell."""
    if not (settings.EMAIL_URL and settings.MAIL_FROM):
        return 0
    untold = WebhookEndpoint.objects.filter(off__in=_FAILED, told_at=None).select_related("platform")
    return sum(_tell(endpoint, now) for endpoint in untold if _is_address(endpoint.platform.contact))


def _tell(endpoint: WebhookEndpoint, now: datetime) -> bool:
    told = _(
        "Your webhook {url} was switched off on {on}: {why}.\n\n"
        "Nothing is sent there any more. What you miss is kept for 30 days. Write to us when it works "
        "again: we switch it on and send what you missed, each message under its old id."
    ).format(url=endpoint.url, on=f"{endpoint.off_at:%Y-%m-%d %H:%M} UTC", why=endpoint.get_off_display())
    try:
        send_mail(_("Your webhook is off"), told, settings.MAIL_FROM, [endpoint.platform.contact])
    except (OSError, SMTPException):
        # The next minute tries again; until then the desk shows that nobody was told.
        log.warning("webhook_contact_not_told", extra={"endpoint": endpoint.pk})
        return False
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(told_at=now)
    return True


def _is_address(contact: str) -> bool:
    try:
        validate_email(contact)
    except ValidationError:
        return False
    return True
