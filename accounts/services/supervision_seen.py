"""What a guardian is shown of a teen's settings. It is written down first, and the teen reads the same list.

A guardian's page is made of `Seen` rows and of nothing else. While supervision is paused no row is added, and so the page
is the one of a time at which nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import privacy
from accounts.bands import is_under_16
from accounts.guardian_words import LABELS, TEENS_LABELS
from accounts.models import Seen, SettingChange, Supervision, Wish
from accounts.services import supervision_course
from accounts.services.abilities import abilities
from accounts.services.settings_shown import label_of

SETTINGS = "settings"
# As many lines as anybody reads; older ones are on neither page.
MOST_SHOWN = 100
_ANSWER = "answer "


@dataclass(frozen=True)
class Line:
    """One thing that was shown: a change of a setting, a wish, an answer to one, or the settings as they were."""

    kind: str
    first_shown_at: datetime
    label: str = ""
    before: str = ""
    after: str = ""
    by: str = ""
    answer: str = ""


@dataclass(frozen=True)
class SettingShown:
    label: str
    # Empty where the platform has not told.
    value: str


@dataclass(frozen=True)
class WishShown:
    id: int
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Shown:
    """A teen, as a guardian sees them."""

    supervision_id: int
    began_on: date
    # Under 16 the guardian is asked before a protection gets weaker.
    is_asked_first: bool
    settings: Sequence[SettingShown]
    wishes: Sequence[WishShown]
    lines: Sequence[Line]


def show_to_guardian(*, guardian_id: int, now: datetime) -> list[Shown]:
    """Everything that this guardian may know. What is shown for the first time is written before it is shown."""
    lasting = list(supervision_course.of_guardian(guardian_id=guardian_id))
    return [_show(one, now=now) for one in lasting]


def seen_by_guardians(*, teen_id: int) -> dict[int, list[Line]]:
    """By supervision, all that its guardian was shown, the newest first."""
    theirs = Supervision.objects.filter(teen=teen_id).exclude(began_at=None).values_list("pk", flat=True)
    return {pk: _lines(pk, TEENS_LABELS) for pk in theirs}


def note_own_act(*, supervision: Supervision, wish: Wish, together: UUID | None, now: datetime) -> None:
    """What a guardian did is no news to them, so it is shown even in a pause."""
    changes = SettingChange.objects.filter(account=wish.account_id, together=together) if together else ()
    _write([_of_change(one) for one in changes], supervision, now=now)
    note_answer(supervision=supervision, wish=wish, now=now)


def note_answer(*, supervision: Supervision, wish: Wish, now: datetime) -> None:
    _write([_of_answer(wish)], supervision, now=now)


@transaction.atomic
def _show(one: Supervision, *, now: datetime) -> Shown:
    # A pause that comes at this moment waits until this look is over, or it is over first.
    held = Supervision.objects.select_for_update().select_related(None).get(pk=one.pk)
    is_open = held.paused_at is None and held.state == Supervision.State.ACTIVE
    _write(_new(held) if is_open else [Seen(what=SETTINGS)], held, now=now)
    return _shown(one)


def _shown(one: Supervision) -> Shown:
    teen = one.teen
    if teen is None or one.began_at is None:
        raise TypeError("It has not begun.")
    values = _as_shown(one)
    has = abilities(platform_id=one.platform_id)
    is_asked_first = is_under_16(teen.age_band)
    return Shown(
        supervision_id=one.pk,
        began_on=one.began_at.date(),
        is_asked_first=is_asked_first,
        settings=[
            SettingShown(LABELS[key], label_of(key, values.get(key)))
            for key in privacy.SETTINGS
            if key in has
        ],
        wishes=list(_waiting(one, values)) if is_asked_first else [],
        lines=_lines(one.pk, LABELS),
    )


def _as_shown(one: Supervision) -> Mapping[str, object]:
    """The settings as they were at the beginning, and then every change that was shown."""
    values: dict[str, object] = dict(one.teen.settings) if one.teen else {}
    values |= dict(_changes(one).order_by("-pk").values_list("setting", "before"))
    shown = Seen.objects.filter(supervision=one, change__isnull=False).order_by("change")
    return values | dict(shown.values_list("change__setting", "change__after"))


def _waiting(one: Supervision, values: Mapping[str, object]) -> Iterator[WishShown]:
    shown = Seen.objects.filter(supervision=one, wish__isnull=False).select_related("wish").order_by("pk")
    answered = {row.wish_id for row in shown if row.what.startswith(_ANSWER)}
    for row in shown:
        wish = row.wish
        if wish is not None and wish.pk not in answered and wish.setting in privacy.SETTINGS:
            yield WishShown(
                id=wish.pk,
                label=LABELS[wish.setting],
                before=label_of(wish.setting, values.get(wish.setting)),
                after=label_of(wish.setting, wish.wanted),
            )


def _new(one: Supervision) -> list[Seen]:
    """What this guardian was not shown yet, in the order in which it happened."""
    known = set(Seen.objects.filter(supervision=one).values_list("what", flat=True))
    found = [Seen(what=SETTINGS), *map(_of_change, _changes(one).order_by("pk"))]
    for wish in Wish.objects.filter(account=one.teen_id, asked_at__gte=one.began_at).order_by("pk"):
        found += _of_wish(wish, was_shown=f"wish {wish.pk}" in known)
    return [row for row in found if row.what not in known]


def _of_change(change: SettingChange) -> Seen:
    return Seen(what=f"change {change.pk}", change=change)


def _of_wish(wish: Wish, *, was_shown: bool) -> list[Seen]:
    if wish.state == Wish.State.WAITING:
        return [Seen(what=f"wish {wish.pk}", wish=wish)]
    # What she took back before anybody saw it was never said.
    if wish.state == Wish.State.TAKEN_BACK and not was_shown:
        return []
    return [Seen(what=f"wish {wish.pk}", wish=wish), _of_answer(wish)]


def _of_answer(wish: Wish) -> Seen:
    return Seen(what=f"{_ANSWER}{wish.pk}", wish=wish)


def _write(rows: Sequence[Seen], supervision: Supervision, *, now: datetime) -> None:
    for row in rows:
        row.supervision, row.at = supervision, now
    # Of two looks at once, one is the first.
    Seen.objects.bulk_create(rows, ignore_conflicts=True)


def _changes(one: Supervision) -> QuerySet[SettingChange]:
    began = Q(account=one.teen_id, at__gte=one.began_at, setting__in=privacy.SETTINGS)
    return SettingChange.objects.filter(began)


def _lines(supervision_id: int, labels: Mapping[str, str]) -> list[Line]:
    """The newest first; what was shown at the same time, the latest of it first. Both sides read it in their own words."""
    rows = Seen.objects.filter(supervision=supervision_id).select_related("change", "wish")
    return [_line(row, labels) for row in rows.order_by("-at", "-pk")[:MOST_SHOWN]]


def _line(row: Seen, labels: Mapping[str, str]) -> Line:
    if row.change is not None:
        change = row.change
        return Line(
            kind="change",
            first_shown_at=row.at,
            label=labels[change.setting],
            before=label_of(change.setting, change.before),
            after=label_of(change.setting, change.after),
            by=change.by,
        )
    if row.wish is not None:
        return _wish_line(row, row.wish, labels)
    return Line(kind=SETTINGS, first_shown_at=row.at)


def _wish_line(row: Seen, wish: Wish, labels: Mapping[str, str]) -> Line:
    is_answer = row.what.startswith(_ANSWER)
    return Line(
        kind="answer" if is_answer else "wish",
        first_shown_at=row.at,
        label=labels[wish.setting],
        after=label_of(wish.setting, wish.wanted),
        answer=wish.state if is_answer else "",
    )
