"""Taking a report in: one transaction holds everything that must not be lost once she has seen her code."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

import hashes.services
from cases import access_code, code_keys, limits, team_keys
from cases.code_keys import Root
from cases.models import Case, CaseEvent, CasePicture, Clock
from cases.services import clock_rules, ladder, pushing, replays, risk, secrets
from cases.services.replays import RequestDigest
from hashes.services import NewPicture

_TRIES = 5


@dataclass(frozen=True)
class Answers:
    """What she told; everything may be left out."""

    subject: str = Case.Subject.UNKNOWN
    age_band: str = Case.AgeBand.UNKNOWN
    in_danger: bool = False
    threatened: bool = False
    deadline: str = ""
    posted: str = Case.Posted.UNKNOWN
    platform_ids: Sequence[int] = field(default=())
    elsewhere: bool = False
    language: str = "en"


@dataclass(frozen=True, repr=False)
class Receipt:
    code: str
    received_on: date


class _SomebodyWasFirst(Exception):
    """A twin of this request, or a case with the same selector, was written between our look and our write."""


def submit_case(
    *, key: str, body: str, answers: Answers, pictures: Sequence[NewPicture], client: str, now: datetime
) -> Receipt:
    """Keep a report and give its access code. The same key and body give the same code again.

    Raises KeyUsedForAnotherBody, LineTooLong.
    """
    request = RequestDigest.of(purpose="submit", key=key, body=body)
    secret = secret_symbols(key)
    for _ in range(_TRIES):
        answered = replays.answered_case(request=request, now=now)
        if answered is not None:
            return _receipt(selector=answered.selector, secret=secret, received_on=answered.received_on)
        try:
            case = _write(
                request=request, secret=secret, answers=answers, pictures=pictures, client=client, now=now
            )
        except _SomebodyWasFirst:
            continue
        return _receipt(selector=case.selector, secret=secret, received_on=case.received_on)
    raise RuntimeError("no free selector found")


def secret_symbols(key: str) -> str:
    """From the browser's random key, so that a replay gives the same code without the code having been stored."""
    random = code_keys.keyed_digest(pepper=secrets.pepper(), purpose="access code", message=key.encode())
    return access_code.symbols_from(random, count=access_code.SECRET_LENGTH)


def _receipt(*, selector: str, secret: str, received_on: date) -> Receipt:
    return Receipt(code=access_code.compose(selector=selector, secret=secret), received_on=received_on)


def _write(
    *,
    request: RequestDigest,
    secret: str,
    answers: Answers,
    pictures: Sequence[NewPicture],
    client: str,
    now: datetime,
) -> Case:
    # The derivation is slow, so it stands before the transaction: SQLite has one writer.
    case = sealed_case(secret=secret, answers=answers, client=client, on=now.date())
    keep_case(
        request=request,
        case=case,
        answers=answers,
        pictures=pictures,
        now=now,
        release=may_release(client=client),
    )
    return case


def keep_case(
    *,
    request: RequestDigest,
    case: Case,
    answers: Answers,
    pictures: Sequence[NewPicture],
    now: datetime,
    release: bool,
) -> None:
    case.risk = risk.assess(case)
    with transaction.atomic():
        try:
            with transaction.atomic():
                case.save(force_insert=True)
        except IntegrityError:
            raise _SomebodyWasFirst from None
        if not replays.remember(request=request, case=case, now=now):
            raise _SomebodyWasFirst
        case.platforms.set(answers.platform_ids)
        CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.RECEIVED, happened_on=now.date())
        list_for_case(case=case, pictures=pictures, release=release)
        ladder.refresh_ladder(case=case, on=now.date())
        ladder.start_ladder_clock(case=case, now=now)
        clock_rules.start(case=case, kind=Clock.Kind.FIRST_LOOK, now=now)
        pushing.start_push(case=case, now=now)


def sealed_case(*, secret: str, answers: Answers, client: str, on: date) -> Case:
    """A case that is nowhere yet, with the keys that its code will open. Touches no database."""
    selector, salt = new_selector(), code_keys.new_salt()
    code = access_code.normalise(access_code.compose(selector=selector, secret=secret))
    root = secrets.derive_root(code=code, salt=salt, client=client)
    return case_under(root=root, selector=selector, salt=salt, answers=answers, on=on)


def new_selector() -> str:
    return access_code.symbols_from(randomness.token_bytes(4), count=access_code.SELECTOR_LENGTH)


def case_under(*, root: Root, selector: str, salt: bytes, answers: Answers, on: date) -> Case:
    case_key = code_keys.new_case_key()
    team_key = team_keys.public_key()
    return Case(
        selector=selector,
        salt=salt,
        verifier=code_keys.verifier(root=root, pepper=secrets.pepper()),
        key_for_reporter=code_keys.wrap_for_reporter(case_key=case_key, root=root),
        key_for_team=code_keys.wrap_for_team(case_key=case_key, team_public_key=team_key),
        team_key_id=code_keys.key_id(team_key),
        received_on=on,
        subject=answers.subject,
        age_band=answers.age_band,
        in_danger=answers.in_danger,
        threatened=answers.threatened,
        deadline=answers.deadline,
        posted=answers.posted,
        elsewhere=answers.elsewhere,
        language=answers.language,
    )


def may_release(*, client: str) -> bool:
    """Not before somebody at the desk took the case, if more comes from one place than a person has to report.

    It is taken with the same answer: she may share an address with whoever floods.
    """
    return settings.RELEASE_AT_ONCE and not limits.brings_too_many(client=client)


def list_for_case(*, case: Case, pictures: Iterable[NewPicture], release: bool) -> None:
    """Give the fingerprints to the list and remember, on this side of the wall, whose they are."""
    ids = hashes.services.list_pictures(pictures=list(pictures), release=release)
    CasePicture.objects.bulk_create(CasePicture(case=case, picture_id=picture_id) for picture_id in ids)
