"""A neutral letter to an adult whose contact is limited: late, many at once, and never who, what or when."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

import platforms.services
from accounts.bands import is_minor
from safety.models import Flag, Letter
from safety.services.texts import language_for
from safety.words import category

EVENT = "letter.created"
# The day's letters go out together, at this hour (UTC).
BATCH_AT = time(10, tzinfo=UTC)
_chance = secrets.SystemRandom()


def write_letter(*, flag: Flag, rules: Iterable[str], now: datetime) -> None:
    """For a limit that began. A flag has one letter; without an account there is nobody to write to."""
    if flag.account_id is None:
        return
    Letter.objects.get_or_create(
        flag=flag,
        defaults={
            "account_id": flag.account_id,
            "reasons": sorted({category(rule) for rule in rules}),
            # Nobody's link yet: it is made when the letter goes out, and only its digest stays.
            "digest": digest_of(secrets.token_urlsafe(32)),
            "due_at": _due_at(now),
        },
    )


def send_letters(*, now: datetime) -> int:
    """Send what is due; say how many. Those of a platform that hears no letters wait until it does."""
    due = Letter.objects.filter(sent_at=None, due_at__lte=now)
    heard = [
        one
        for one in sorted({*due.values_list("account__platform_id", flat=True)})
        if platforms.services.is_listening(platform_id=one, event=EVENT)
    ]
    waiting = due.filter(account__platform_id__in=heard).order_by("pk").values_list("pk", flat=True)
    return sum(_send(pk, now=now) for pk in list(waiting))


def unheard() -> set[int]:
    """Platforms with letters that wait because they hear none."""
    waiting = Letter.objects.filter(sent_at=None).values_list("account__platform_id", flat=True).distinct()
    return {one for one in waiting if not platforms.services.is_listening(platform_id=one, event=EVENT)}


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def _send(pk: int, *, now: datetime) -> bool:
    letter = Letter.objects.select_for_update(of=("self",)).select_related("account", "flag").get(pk=pk)
    if letter.sent_at is not None:
        return False
    if letter.flag.outcome == Flag.Outcome.LIFTED or is_minor(letter.account.age_band):
        # The limit ended before anybody heard of it, or the adult is none; there is nothing left to tell.
        letter.delete()
        return False
    secret = secrets.token_urlsafe(32)
    letter.digest, letter.sent_at = digest_of(secret), now
    letter.save(update_fields=["digest", "sent_at"])
    url = settings.MEMBER_URL + reverse("appeal:appeal", args=[secret])
    platforms.services.enqueue(
        platform_id=letter.account.platform_id,
        event=EVENT,
        payload={"external_id": letter.account.external_id, "text": _text(letter.account.locale), "url": url},
        now=now,
    )
    return True


def _text(locale: str) -> str:
    with override(language_for(locale)):
        return _(
            "Some contact features are limited on your account for now. You can ask a person to review this."
        )


def _due_at(now: datetime) -> datetime:
    """One to three days later, by chance, and then with that day's others."""
    hours = settings.LETTER_DELAY_HOURS
    if not hours:
        return now
    earliest = now + timedelta(hours=_chance.uniform(hours, 3 * hours))
    batch = datetime.combine(earliest.astimezone(UTC).date(), BATCH_AT)
    return batch if batch >= earliest else batch + timedelta(days=1)
