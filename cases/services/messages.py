"""What the reporter and the desk write to each other. The text lives sealed in the rows and open only in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from cases import policy
from cases.errors import CaseIsOver, KeyUsedForAnotherBody, TooManyMessages
from cases.models import Case, CaseEvent, Message
from cases.services import replays, risk
from cases.services.case_keys import open_sealed, seal
from cases.services.locks import lock_case
from cases.services.opening import OpenedCase
from cases.services.replays import RequestDigest

# Somebody in danger is heard beyond the day's limit, but not without end.
_DANGER_COUNTS = 3


@dataclass(frozen=True, repr=False)
class ShownMessage:
    """As she reads it. Her own are never unread to her."""

    sender: str
    text: str
    sent_on: date
    unread: bool


@transaction.atomic
def send_message(
    *, opened: OpenedCase, key: str, body: str, text: str, says_danger: bool, now: datetime
) -> None:
    """Keep what she writes. The same key and body are kept once.

    Raises CaseIsOver, TooManyMessages, KeyUsedForAnotherBody.
    """
    request = RequestDigest.of(purpose="message", key=key, body=body)
    if replays.answered_case(request=request, now=now) is not None:
        return
    # The lock keeps two messages of one moment from both being the last that fits in a day.
    case = lock_case(opened.case.pk)
    _see_that_it_fits(case, says_danger=says_danger, on=now.date())
    if not replays.remember(request=request, case=case, now=now):
        _see_that_a_twin_was_first(request=request, now=now)
        return
    Message.objects.create(
        case=case,
        sender=Message.Sender.REPORTER,
        sealed_text=seal(text, case_key=opened.case_key),
        says_danger=says_danger,
        sent_on=now.date(),
    )
    _take_up(case, says_danger=says_danger, now=now)
    opened.case.refresh_from_db()


@transaction.atomic
def messages_for_reporter(*, opened: OpenedCase, on: date) -> Sequence[ShownMessage]:
    """The whole thread, oldest first. What she now gets of the desk's counts as read from today."""
    found = list(Message.objects.filter(case=opened.case).order_by("id"))
    if not found:
        return []
    case_key = opened.case_key
    unread = {one.pk for one in found if one.sender == Message.Sender.DESK and one.read_on is None}
    if unread:
        Message.objects.filter(pk__in=unread).update(read_on=on)
    return [_shown(one, case_key=case_key, unread=one.pk in unread) for one in found]


def _shown(message: Message, *, case_key: bytes, unread: bool) -> ShownMessage:
    return ShownMessage(
        sender="you" if message.sender == Message.Sender.REPORTER else "desk",
        text=open_sealed(bytes(message.sealed_text), case_key=case_key),
        sent_on=message.sent_on,
        unread=unread,
    )


def _see_that_it_fits(case: Case, *, says_danger: bool, on: date) -> None:
    # Nobody reads what is written to a report that was declined or withdrawn, so it is not taken.
    if case.status not in policy.LIVING:
        raise CaseIsOver
    limit = settings.MESSAGES_PER_DAY * (_DANGER_COUNTS if says_danger else 1)
    if case.messages.filter(sender=Message.Sender.REPORTER, sent_on=on).count() >= limit:
        raise TooManyMessages


def _see_that_a_twin_was_first(*, request: RequestDigest, now: datetime) -> None:
    if replays.answered_case(request=request, now=now) is None:
        raise KeyUsedForAnotherBody


def _take_up(case: Case, *, says_danger: bool, now: datetime) -> None:
    """An answer ends the wait for her; a closed case that she writes to is open again; danger is put on top."""
    if case.status == Case.Status.CLOSED:
        case.status, case.closed_on = Case.Status.OPEN, None
        CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.REOPENED, happened_on=now.date())
    case.awaits_reporter = False
    case.save(update_fields=["awaits_reporter", "status", "closed_on"])
    if says_danger:
        risk.hear_of_danger(case=case, now=now)
