"""Open cases by the million. They are counted up inside the database: through Django's models it would take a quarter of an hour."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import AutoField, Field, Model
from django.utils import timezone

from cases.models import Case, CaseEvent, CasePicture, Clock
from hashes.models import Entry, FeedChange, FeedCounter, Picture

RISKS = (0, 0, 0, 0, 120, 350, 600, 800, 1_600, 4_000)
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SCRAMBLED = "(n * 2654435761 % 4294967296)"
_NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT CAST(%s AS bigint) UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"


def fill(*, first: int, to: int) -> None:
    """The cases from `first` to before `to`: each with a picture of two fingerprints, its event and two clocks."""
    _set(journal_mode="MEMORY", synchronous="OFF", cache_size="-1000000")
    with transaction.atomic():
        _add(first, to - 1)
        FeedCounter.objects.update_or_create(pk=1, defaults={"last_number": 2 * to})
    _set(journal_mode="WAL", synchronous="FULL", cache_size="-2000")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _set(**pragmas: str) -> None:
    """What a power cut destroys can be counted up again; what is measured stands under the usual settings."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name, value in pragmas.items():
                cursor.execute(f"PRAGMA {name}={value}")


def _add(first: int, last: int) -> None:
    case, picture, now = _key("n"), _key("n"), timezone.now()
    _insert(Case, first, last, id=case, **_case())
    _insert(Picture, first, last, id=picture, kind="'image'", status="'listed'")
    _insert(CasePicture, first, last, case_id=case, picture_id=picture)
    for place, algorithm in enumerate(("pdq", "sha256")):
        entry, value = _key(f"(2 * n + {place})"), _hex(f"(2 * n + {place})", digits=64)
        told = {"algorithm": f"'{algorithm}'", "value": value, "status": "'listed'"}
        _insert(Entry, first, last, id=entry, picture_id=picture, **told)
        change = {"change": "'added'", "review": "'unreviewed'", "number": f"2 * n + {place + 1}"}
        _insert(FeedChange, first, last, entry_id=entry, stamped_at=now, **change)
    _insert(CaseEvent, first, last, case_id=case, kind="'received'", happened_on=now.date())
    for kind in ("first_look", "ladder"):
        _insert(Clock, first, last, case_id=case, kind=f"'{kind}'", due_at=now + timedelta(hours=20))


def _case() -> dict[str, object]:
    risks = " ".join(f"WHEN {place} THEN {risk}" for place, risk in enumerate(RISKS))
    dangers = ", ".join(str(place) for place, risk in enumerate(RISKS) if risk >= 4_000)
    return {
        "status": "CASE n % 2 WHEN 0 THEN 'received' ELSE 'open' END",
        "received_on": _days_ago("n % 30"),
        "selector": " || ".join(f"substr('{_DIGITS}', {_symbol(place)}, 1)" for place in range(5)),
        "salt": secrets.token_bytes(16),
        "verifier": secrets.token_bytes(32),
        "key_for_reporter": secrets.token_bytes(80),
        "key_for_team": secrets.token_bytes(80),
        "team_key_id": "'bench'",
        "risk": f"CASE n % {len(RISKS)} {risks} END",
        "in_danger": f"n % {len(RISKS)} IN ({dangers})",
        "is_overdue": "n % 20 = 0",
    }


def _insert(model: type[Model], first: int, last: int, **told: object) -> None:
    """A row for each number. Text is SQL about `n`; other values are the same for all, and what isn't told is the default."""
    columns: list[str] = []
    values: list[str] = []
    given: list[Any] = []
    for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented way to a model's fields.
        if isinstance(field, AutoField):
            continue
        column = str(field.column)
        value = told.get(column, field)
        columns.append(f'"{column}"')
        if isinstance(value, str):
            values.append(value.replace("%", "%%"))
        else:
            values.append("%s")
            given.append(_stored(field, field.get_default() if value is field else value))
    table = model._meta.db_table  # noqa: SLF001
    order = _SCRAMBLED.replace("%", "%%")
    sql = f'{_NUMBERS} INSERT INTO "{table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM numbers ORDER BY {order}'  # noqa: S608 - Names of our own models.
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, last, *given])


def _stored(field: Field[object, object], value: object) -> object:
    return field.get_db_prep_save(value, connection)


def _key(number: str) -> str:
    """An id that looks random: it begins with `n`, scrambled. Written in that order, the rows fill each index from end to end."""
    text = _hex(number, digits=32)
    return text if connection.vendor == "sqlite" else f"CAST({text} AS uuid)"


def _hex(number: str, *, digits: int) -> str:
    if connection.vendor == "sqlite":
        return f"printf('%08x%0{digits - 8}x', {_SCRAMBLED}, {number})"
    return f"(lpad(to_hex({_SCRAMBLED}), 8, '0') || lpad(to_hex({number}), {digits - 8}, '0'))"


def _symbol(place: int) -> str:
    return f"CAST(n / {32**place} % 32 + 1 AS integer)"


def _days_ago(days: str) -> str:
    today = timezone.now().date().isoformat()
    if connection.vendor == "sqlite":
        return f"date('{today}', '-' || ({days}) || ' days')"
    return f"DATE '{today}' - CAST({days} AS integer)"
