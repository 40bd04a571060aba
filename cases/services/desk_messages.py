"""The desk's side of the talk. Her words stay shut behind one line each, and every reading is recorded."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

import staff.services
from cases import code_keys, message_templates, policy, tone
from cases.errors import CaseIsOver, NoSuchMessage, ReasonMissing
from cases.models import Case, Claim, Message
from cases.services import claims, held, replays, verdicts
from cases.services.case_keys import case_key_for_team, open_sealed, seal, team_can_open
from cases.services.locks import lock_case
from cases.services.replays import RequestDigest
from staff.services import AuditRow, User

READ, WRITE = "case.read_message", "case.write_message"
# Nobody is on duty for longer; what was read in it counts as this shift's.
SHIFT = timedelta(hours=12)
# From here on a person is asked to let somebody else read.
MUCH_TO_READ = 40
LONGEST = 4_000
_BYTES_A_WORD = 6


@dataclass(frozen=True)
class Line:
    """A message without its words."""

    id: int
    is_hers: bool
    by: str
    sent_on: date
    read_on: date | None
    says_danger: bool
    words: int


@dataclass(frozen=True)
class Exposure:
    username: str
    count: int


@dataclass(frozen=True)
class DeskTalk:
    """All messages of a case as one line, and each as a line of its own, the newest first."""

    lines: Sequence[Line]
    hers: int
    unread: int
    dangers: int
    first_on: date | None
    last_on: date | None
    takes_messages: bool
    has_key: bool
    read_this_shift: int
    is_much: bool
    others: Sequence[Exposure]


def desk_summary(*, case: Case, seen_by: User, now: datetime) -> DeskTalk:
    """For the case page. Opens nothing."""
    lines = [_line(one) for one in case.messages.select_related("by").order_by("-id")]
    hers = [line for line in lines if line.is_hers]
    count = read_this_shift(by=seen_by, now=now)
    return DeskTalk(
        lines=lines,
        hers=len(hers),
        unread=sum(line.read_on is None for line in hers),
        dangers=sum(line.says_danger for line in hers),
        first_on=lines[-1].sent_on if lines else None,
        last_on=lines[0].sent_on if lines else None,
        takes_messages=case.status in policy.LIVING,
        has_key=team_can_open(case),
        read_this_shift=count,
        is_much=count >= MUCH_TO_READ,
        others=_others(now=now) if seen_by.role == "senior" else (),
    )


@transaction.atomic
def read_message(*, case: Case, message_id: int, by: User, now: datetime) -> str:
    """Open one message, and record it. Reading is work on a case, so a free case becomes theirs.

    Raises NoSuchMessage, TakenBySomebody, TeamKeyMissing.
    """
    case = lock_case(case.pk)
    message = case.messages.filter(pk=message_id).first()
    if message is None:
        raise NoSuchMessage
    is_behind_glass = _reads_behind_glass(case, by=by, now=now)
    if not is_behind_glass:
        _make_theirs(case, by=by, now=now)
    text = open_sealed(bytes(message.sealed_text), case_key=case_key_for_team(case))
    if message.sender == Message.Sender.REPORTER:
        Message.objects.filter(pk=message.pk, read_on=None).update(read_on=now.date())
    detail: dict[str, object] = {"message": message.pk}
    if is_behind_glass:
        detail["behind_glass"] = True
    staff.services.record(actor=by, act=READ, on=case, at=now, detail=detail)
    return text


@transaction.atomic
def write_message(
    *, case: Case, by: User, text: str, now: datetime, key: str, template: str = "", asks: bool = False
) -> None:
    """Seal what the desk writes. The same key writes once, however often it comes.

    Raises ReasonMissing for an empty text, CaseIsOver, TakenBySomebody, TeamKeyMissing, KeyUsedForAnotherBody.
    """
    text = text.replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise ReasonMissing
    request = RequestDigest.of(purpose="desk message", key=f"{case.pk} {key}", body=text)
    if replays.answered_case(request=request, now=now) is not None:
        return
    case = lock_case(case.pk)
    if case.status not in policy.LIVING:
        raise CaseIsOver
    _make_theirs(case, by=by, now=now)
    if not replays.remember(request=request, case=case, now=now):
        return
    sealed = seal(text, case_key=case_key_for_team(case))
    message = Message.objects.create(
        case=case, sender=Message.Sender.DESK, by=by, sealed_text=sealed, sent_on=now.date()
    )
    staff.services.record(
        actor=by, act=WRITE, on=case, at=now, detail={"message": message.pk, "template": template}
    )
    if asks and case.status in policy.WAITING_FOR_US:
        verdicts.ask_reporter(case=case, by=by, now=now)


def check_words(text: str, *, language: str) -> list[tone.Finding]:
    """What to look at again before it is sent: a warning, never a refusal."""
    return tone.findings(text, known=_known(), is_english=language.lower().startswith("en"))


def template_text(slug: str, *, language: str) -> str:
    template = message_templates.BY_SLUG.get(slug)
    return template.in_language(language) if template else ""


def read_this_shift(*, by: User, now: datetime) -> int:
    return staff.services.times_done(by, READ, now - SHIFT)


def _line(message: Message) -> Line:
    return Line(
        id=message.pk,
        is_hers=message.sender == Message.Sender.REPORTER,
        by=message.by.username if message.by else "",
        sent_on=message.sent_on,
        read_on=message.read_on,
        says_danger=message.says_danger,
        words=max(1, round(code_keys.sealed_length(bytes(message.sealed_text)) / _BYTES_A_WORD)),
    )


def _others(*, now: datetime) -> list[Exposure]:
    """Who read how much in this shift, for whoever leads it."""
    rows = AuditRow.objects.filter(act=READ, at__gte=now - SHIFT, actor__isnull=False)
    counted = rows.values_list("actor__username").annotate(times=Count("pk")).order_by("-times")
    return [Exposure(username, times) for username, times in counted]


def _reads_behind_glass(case: Case, *, by: User, now: datetime) -> bool:
    """Whether a second person let them read it as it is: nobody's, or somebody else's."""
    return not _is_theirs(case, by=by, now=now) and bool(held.behind_glass_until(case=case, by=by, now=now))


def _make_theirs(case: Case, *, by: User, now: datetime) -> None:
    """One's own case goes on being theirs; a free one is taken."""
    if _is_theirs(case, by=by, now=now):
        claims.renew_claim(case=case, by=by, now=now)
    else:
        claims.take_case(case=case, by=by, now=now)


def _is_theirs(case: Case, *, by: User, now: datetime) -> bool:
    living = Q(expires_at__gt=now) | Q(held_until__gt=now)
    return Claim.objects.filter(living, case=case, by=by).exists()


def _known() -> tone.Known:
    countries = json.loads(Path(settings.HELP_LINES_FILE).read_text(encoding="utf-8"))["countries"]
    lines: list[dict[str, Any]] = [
        line for country in countries for group in ("talk", "report", "adults") for line in country[group]
    ]
    hosts = {_host(str(line.get("url", ""))) for line in lines} | {_host(settings.SITE_URL)}
    numbers = {re.sub(r"\D", "", str(line.get("phone", ""))) for line in lines}
    return tone.Known(hosts=hosts - {""}, numbers=numbers - {""})


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
