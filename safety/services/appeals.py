"""The adult asks a person to look again, through the link in the letter, for six months."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

import platforms.services
import staff.services
from safety.errors import AppealedAlready, AppealMovedOn, NoSuchLetter, OwnDecision
from safety.models import Appeal, Flag, Letter
from safety.services import reviewing
from safety.services.letters import digest_of
from staff.services import User

OPEN_FOR = timedelta(days=183)


def letter_by(*, secret: str, now: datetime) -> Letter:
    """Raises NoSuchLetter, for a wrong link and one whose time is over alike."""
    sent = Letter.objects.filter(digest=digest_of(secret), sent_at__gt=now - OPEN_FOR)
    letter = sent.select_related("appeal").first()
    if letter is None:
        raise NoSuchLetter
    return letter


@transaction.atomic
def make_appeal(*, secret: str, text: str, asks_age_review: bool, now: datetime) -> Appeal:
    """Raises NoSuchLetter, AppealedAlready: it is made once, and a person answers it."""
    letter = letter_by(secret=secret, now=now)
    Letter.objects.select_for_update().get(pk=letter.pk)
    if Appeal.objects.filter(letter=letter).exists():
        raise AppealedAlready
    return Appeal.objects.create(letter=letter, text=text, asks_age_review=asks_age_review, made_at=now)


def visible(user: User) -> QuerySet[Appeal]:
    """A platform's reviewers see their platform's only."""
    platform_id = platforms.services.membership_of(user_id=user.pk)
    appeals = Appeal.objects.select_related(
        "letter__account", "letter__flag__platform", "letter__flag__decided_by", "answered_by"
    )
    return appeals if platform_id is None else appeals.filter(letter__account__platform=platform_id)


@transaction.atomic
def uphold(*, appeal: Appeal, by: User, answer: str, now: datetime) -> None:
    """The limit stays. Raises AppealMovedOn, OwnDecision."""
    _answer(appeal, Appeal.State.UPHELD, by, answer, now)
    _record(appeal, by, now)


@transaction.atomic
def overturn(*, appeal: Appeal, by: User, answer: str, now: datetime) -> None:
    """The limit ends. Raises AppealMovedOn, OwnDecision, SecondPersonAsked."""
    _answer(appeal, Appeal.State.OVERTURNED, by, answer, now)
    flag = reviewing.locked(appeal.letter.flag)
    if flag.state == Flag.State.OPEN:
        reviewing.lift(flag=flag, by=by, note="", now=now)
    else:
        reviewing.lift_closed(flag, by, now)
    _record(appeal, by, now)


def _answer(appeal: Appeal, state: Appeal.State, by: User, answer: str, now: datetime) -> None:
    there = Appeal.objects.select_for_update(of=("self",)).select_related("answered_by").get(pk=appeal.pk)
    if there.state != Appeal.State.OPEN:
        who = there.answered_by.username if there.answered_by else ""
        raise AppealMovedOn(outcome=there.state, by=who, at=there.answered_at)
    # Nobody is asked to find their own decision wrong.
    if appeal.letter.flag.decided_by_id == by.pk:
        raise OwnDecision
    Appeal.objects.filter(pk=appeal.pk).update(state=state, answered_by=by, answered_at=now, answer=answer)
    appeal.refresh_from_db()


def _record(appeal: Appeal, by: User, now: datetime) -> None:
    """Last, because everybody waits for the end of the chain: whoever holds it must need nothing more."""
    staff.services.record(actor=by, act=f"appeal.{appeal.state}", on=appeal, at=now)
