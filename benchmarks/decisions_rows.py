"""Fills a database as a large platform would have filled it. Plain SQL: twenty million rows are not made one by one."""

from __future__ import annotations

from typing import LiteralString

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]

# Six in ten are adults, named a1, a2, ...; the others are minors, named m1, m2, ...
ADULTS_IN_TEN = 6
DAYS = 119

_ACCOUNTS: LiteralString = """
INSERT INTO accounts_account (platform_id, external_id, age_band, band_said_on, joined_on, region, community,
    device_cluster, role, locale, time_zone, settings, settings_version, changed_at)
SELECT %(platform)s,
    CASE WHEN n <= %(adults)s THEN 'a' || n ELSE 'm' || (n - %(adults)s) END,
    CASE WHEN n <= %(adults)s THEN (ARRAY['18_20', '21_plus', '21_plus', '21_plus'])[1 + n %% 4]
         ELSE (ARRAY['under_13', '13_15', '13_15', '16_17', '16_17'])[1 + n %% 5] END,
    current_date, current_date - (n %% 900)::int, 'r' || n %% 20, 'c' || n %% 5000, 'd' || n, '', 'en',
    'Europe/Berlin', '{"private": true, "message": "friends"}', 0, now()
FROM generate_series(1, %(accounts)s) AS n
"""
# One in a hundred adults is under friction, one in two hundred is restricted.
_STANDINGS: LiteralString = """
INSERT INTO safety_standing (account_id, level, score, reasons, rule_version, inputs_hash, checkpoint, version, as_of,
    stands_until)
SELECT id, CASE WHEN id %% 200 = 0 THEN 2 WHEN id %% 100 = 1 THEN 1 ELSE 0 END, 0.1, '[]', '1', repeat('0', 64),
    '{}', 3, now(), now() + interval '10 days'
FROM accounts_account WHERE external_id LIKE 'a%%'
"""
# Each adult deals with some minors of his own, so that what happened between two hangs together.
_EVENTS: LiteralString = """
INSERT INTO safety_event (platform_id, external_id, kind, actor_id, target_id, occurred_at, mutuals, labels)
SELECT %(platform)s, 'e' || n,
    (ARRAY['contact', 'reply', 'contact', 'comment', 'follow', 'reply', 'contact', 'connect'])[1 + n %% 8],
    CASE WHEN n %% 4 = 1 THEN minor ELSE adult END, CASE WHEN n %% 4 = 1 THEN adult ELSE minor END,
    now() - (random() * %(days)s) * interval '1 day', n %% 7, '[]'
FROM (
    SELECT n, %(first)s + (n * 7919) %% %(adults)s AS adult,
        %(first)s + %(adults)s + ((n * 7919) %% %(adults)s * 31 + n %% 9) %% (%(accounts)s - %(adults)s) AS minor
    FROM generate_series(%(after)s::bigint + 1, %(upto)s) AS n
) AS told
"""


def fill_accounts(server: Connection, *, platform: int, accounts: int) -> None:
    adults = adults_of(accounts)
    with server.transaction():
        _without_checks(server)
        server.execute(_ACCOUNTS, {"platform": platform, "accounts": accounts, "adults": adults})
        server.execute(_STANDINGS, {})
    server.execute("ANALYZE accounts_account, safety_standing")


def fill_events(server: Connection, *, platform: int, accounts: int, after: int, upto: int) -> None:
    """From one number of events to a larger one. The indexes are made anew at the end, which is much faster."""
    row = server.execute("SELECT min(id) FROM accounts_account").fetchone()
    numbers = {
        "platform": platform,
        "accounts": accounts,
        "adults": adults_of(accounts),
        "first": row[0] if row else 1,
        "days": DAYS,
        "after": after,
        "upto": upto,
    }
    with server.transaction():
        _without_checks(server)
        server.execute("SET LOCAL maintenance_work_mem = '512MB'")
        made_again = _drop_indexes(server)
        server.execute(_EVENTS, numbers)
        for statement in made_again:
            server.execute(statement.encode())
    server.execute("VACUUM (ANALYZE) safety_event")


def adults_of(accounts: int) -> int:
    return accounts * ADULTS_IN_TEN // 10


def _without_checks(server: Connection) -> None:
    # Twenty million foreign keys, looked up one by one, would say what we know: they fit.
    server.execute("SET LOCAL session_replication_role = replica")


def _drop_indexes(server: Connection) -> list[str]:
    """Drop the events' indexes; give what makes them again."""
    indexes = server.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'safety_event' AND indexname NOT LIKE '%_pkey'"
    ).fetchall()
    unique = server.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'safety_event'::regclass AND contype = 'u'"
    ).fetchall()
    again = [f"ALTER TABLE safety_event ADD CONSTRAINT {name} {definition}" for name, definition in unique]
    for name, _ in unique:
        server.execute(f"ALTER TABLE safety_event DROP CONSTRAINT {name}".encode())
    for name, definition in indexes:
        if name not in {one for one, _ in unique}:
            server.execute(f"DROP INDEX {name}".encode())
            again.append(str(definition))
    return again
