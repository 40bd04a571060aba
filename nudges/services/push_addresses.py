"""Browsers that she allowed to show pushes. It is off until she turns it on, in each of them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction

from nudges.models import PushAddress
from nudges.push_post import Browser, require_browser

# The oldest goes: nobody has more browsers that she still looks at.
MOST_BROWSERS = 5


@transaction.atomic
def allow_pushes(*, teen_id: int, browser: Browser, now: datetime) -> None:
    """Remember a browser. If it was somebody else's before, as on a shared computer, it is hers now. Raises NotABrowser."""
    require_browser(browser, plain_hosts=settings.PUSH_ALLOWED_HOSTS)
    PushAddress.objects.update_or_create(
        digest=_digest(browser.endpoint),
        defaults={
            "account_id": teen_id,
            "endpoint": browser.endpoint,
            "p256dh": browser.p256dh,
            "auth": browser.auth,
            "allowed_at": now,
        },
    )
    hers = PushAddress.objects.filter(account=teen_id).order_by("-allowed_at", "-pk")
    PushAddress.objects.filter(pk__in=list(hers.values_list("pk", flat=True)[MOST_BROWSERS:])).delete()


def stop_pushes(*, teen_id: int, endpoint: str) -> None:
    PushAddress.objects.filter(account=teen_id, digest=_digest(endpoint)).delete()


def _digest(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
