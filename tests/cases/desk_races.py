"""Two at the same case at once, each with a connection of their own. One process tries all races on one database.

`python -m tests.cases.desk_races FOLDER` with DATABASE_URL naming a migrated database; prints what came of each as JSON.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from nacl.public import PrivateKey

if __name__ == "__main__":
    django.setup()

from cases import code_keys, services
from cases.errors import CaseMovedOn
from cases.models import Case
from cases.services import claims, desk_messages, held, links, notes, undo, verdicts
from hashes.errors import ConcernMovedOn
from hashes.models import Entry
from staff.errors import HeldMovedOn
from staff.services import AuditRow, HeldAction, User, record, refuse, release, verify_chain
from tests.cases.desk import NOW, make_case
from tests.makers import make_user

LATER = NOW + timedelta(seconds=5)
ROUNDS = 8
RECORDS = 30
# How long the first stays in the midst of it while the second comes. A second that comes later is only no race.
IN_THE_MIDST = 0.3
Act = Callable[[], object]


@dataclass
class Outcome:
    """What each of the two heard, and how the case stands after it."""

    heard: list[str]
    status: str = ""
    events: list[str] = field(default_factory=list)
    listed: int = 0
    waiting: int = 0
    broken_at: int | None = None
    chain_grew_by: int = 0
    should_grow_by: int = 0


def main(folder: str) -> None:
    code_keys.MEMORY = 1_024
    _make_team_key(Path(folder))
    people = (("tessa", "triager"), ("sena", "senior"), ("lian", "liaison"))
    cast = [make_user(name, role=role) for name, role in people]
    races = {race.__name__: race(*cast) for race in RACES}
    sys.stdout.write(json.dumps({name: [vars(one) for one in outcomes] for name, outcomes in races.items()}))


def _make_team_key(folder: Path) -> None:
    key = PrivateKey.generate()
    for name, half in (
        ("TEAM_PUBLIC_KEY_FILE", bytes(key.public_key)),
        ("TEAM_PRIVATE_KEY_FILE", bytes(key)),
    ):
        file = folder / name
        file.write_text(base64.b64encode(half).decode())
        setattr(settings, name, file)


def entwined(first: Act, second: Act) -> list[str]:
    """The second comes while the first has done it and not yet committed."""
    is_in_the_midst, heard = threading.Event(), ["", ""]

    def begin() -> None:
        with transaction.atomic():
            first()
            is_in_the_midst.set()
            # The other connection now waits, or reads what was before.
            threading.Event().wait(IN_THE_MIDST)

    def follow() -> None:
        is_in_the_midst.wait(20)
        second()

    _run([partial(_hear, heard, 0, begin), partial(_hear, heard, 1, follow)])
    return heard


def at_once(*acts: Act) -> list[str]:
    gate, heard = threading.Barrier(len(acts)), [""] * len(acts)

    def through(act: Act) -> Act:
        def go() -> None:
            gate.wait(20)
            act()

        return go

    _run([partial(_hear, heard, place, through(act)) for place, act in enumerate(acts)])
    return heard


def _run(parts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=part) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def _hear(heard: list[str], place: int, act: Act) -> None:
    try:
        act()
        heard[place] = "done"
    except (CaseMovedOn, ConcernMovedOn, HeldMovedOn) as moved:
        heard[place] = f"{type(moved).__name__} {moved.by} {moved.at:%H:%M:%S}" if moved.at else repr(moved)
    except Exception as error:  # noqa: BLE001 - Whatever it is, the test reads it.
        heard[place] = type(error).__name__
        traceback.print_exc()
    finally:
        connection.close()


def _after(case: Case, heard: list[str]) -> Outcome:
    case.refresh_from_db()
    entries = Entry.objects.filter(picture__in=links.picture_ids(case), status="listed")
    return Outcome(
        heard=heard,
        status=case.status,
        events=list(case.events.order_by("pk").values_list("kind", flat=True)),
        listed=entries.count(),
        waiting=HeldAction.objects.filter(state="waiting").count(),
        broken_at=verify_chain(),
    )


def _seen(case: Case) -> tuple[Case, Case]:
    """The case as each of the two has it open."""
    return Case.objects.get(pk=case.pk), Case.objects.get(pk=case.pk)


def accept_and_decline(tessa: User, sena: User, _lian: User) -> list[Outcome]:
    outcomes = []
    for swapped in (False, True):
        case = make_case(now=NOW)
        theirs, ours = _seen(case)
        acts = [
            partial(verdicts.accept_case, case=theirs, by=tessa, now=NOW),
            partial(verdicts.decline_case, case=ours, by=sena, reason="not_intimate", now=LATER),
        ]
        outcomes.append(_after(case, entwined(*(reversed(acts) if swapped else acts))))
    return outcomes


def two_claims(tessa: User, sena: User, _lian: User) -> list[Outcome]:
    outcomes = []
    for lapsed in (False, True):
        case = make_case(now=NOW)
        if lapsed:
            claims.take_case(case=case, by=sena, now=NOW - timedelta(hours=1))
        theirs, ours = _seen(case)
        heard = entwined(
            partial(claims.take_case, case=theirs, by=tessa, now=NOW),
            partial(claims.take_case, case=ours, by=sena, now=LATER),
        )
        outcomes.append(_after(case, heard))
    return outcomes


def undo_and_close(tessa: User, sena: User, _lian: User) -> list[Outcome]:
    outcomes = []
    for swapped in (False, True):
        case = make_case(now=NOW)
        done = verdicts.accept_case(case=case, by=tessa, now=NOW)
        _mine, ours = _seen(case)
        acts = [
            partial(undo.undo, what=undo.Undoable.of(done), given_at=NOW, by=tessa, now=NOW),
            partial(verdicts.close_case, case=ours, by=sena, now=LATER),
        ]
        outcomes.append(_after(case, entwined(*(reversed(acts) if swapped else acts))))
    return outcomes


def two_releases(tessa: User, sena: User, _lian: User) -> list[Outcome]:
    outcomes, sasha = [], make_user("sasha", role="senior")
    for verb in (release, refuse):
        case = make_case(now=NOW, threatened=True)
        waiting = held.ask_to_decline(case=case, by=tessa, decline_reason="not_intimate", why="x", now=NOW)
        once, twice = (HeldAction.objects.get(pk=waiting.pk) for _ in range(2))
        heard = entwined(
            partial(release, held=once, by=sena, now=NOW), partial(verb, held=twice, by=sasha, now=LATER)
        )
        outcomes.append(_after(case, heard))
    return outcomes


def release_and_accept(tessa: User, sena: User, _lian: User) -> list[Outcome]:
    outcomes = []
    for _ in range(ROUNDS):
        case = make_case(now=NOW, threatened=True)
        waiting = held.ask_to_decline(case=case, by=tessa, decline_reason="not_intimate", why="x", now=NOW)
        theirs, _ours = _seen(case)
        heard = at_once(
            partial(release, held=waiting, by=sena, now=NOW),
            partial(verdicts.accept_case, case=theirs, by=tessa, now=NOW),
        )
        outcomes.append(_after(case, heard))
        HeldAction.objects.filter(state="waiting").update(state="refused")
    return outcomes


def claim_accept_and_clock(tessa: User, sena: User, _lian: User) -> list[Outcome]:
    """A limit passes in the very moment in which one takes the case and another decides."""
    outcomes = []
    for _ in range(ROUNDS):
        case = make_case(now=NOW - timedelta(days=9))
        theirs, ours = _seen(case)
        heard = at_once(
            partial(claims.take_case, case=theirs, by=tessa, now=NOW),
            partial(verdicts.accept_case, case=ours, by=sena, now=LATER),
            partial(services.sweep_clocks, now=NOW),
        )
        outcomes.append(_after(case, heard))
    return outcomes


def a_crowd(tessa: User, sena: User, lian: User) -> list[Outcome]:
    """Everything that locks rows of a case, in the same moment."""
    outcomes = []
    for number in range(ROUNDS):
        case = make_case(now=NOW - timedelta(days=9))
        here, there = _seen(case)
        heard = at_once(
            partial(
                desk_messages.write_message,
                case=here,
                by=tessa,
                text="We are here.",
                key=f"{number}",
                now=NOW,
            ),
            partial(claims.take_case, case=there, by=sena, now=NOW),
            partial(verdicts.escalate_case, case=_seen(case)[0], by=tessa, now=NOW),
            partial(notes.write_note, case=_seen(case)[0], by=lian, text="a note", now=NOW),
            partial(services.ask_for_withdrawal, case=_seen(case)[0], now=NOW),
            partial(services.sweep_clocks, now=NOW),
        )
        outcomes.append(_after(case, heard))
    return outcomes


def many_at_the_chain(tessa: User, sena: User, lian: User) -> list[Outcome]:
    """Everybody records and lets go at once; two are after the same held actions."""
    case = make_case(now=NOW)
    waiting = [
        held.ask_to_break_glass(case=make_case(now=NOW), by=lian, why="x", now=NOW) for _ in range(ROUNDS)
    ]
    before = AuditRow.objects.count()
    heard = at_once(
        partial(_let_all_go, waiting, sena),
        partial(_let_all_go, waiting, make_user("sven", role="senior")),
        *(partial(_record_many, case, by) for by in (tessa, sena)),
    )
    outcome = _after(case, heard)
    outcome.chain_grew_by = AuditRow.objects.count() - before
    # A release writes that it was let go, and that the glass is open.
    outcome.should_grow_by = 2 * RECORDS + 2 * ROUNDS
    return [outcome]


def _let_all_go(waiting: list[HeldAction], by: User) -> None:
    for one in waiting:
        try:
            release(held=HeldAction.objects.get(pk=one.pk), by=by, now=timezone.now())
        except HeldMovedOn:
            continue


def _record_many(case: Case, by: User) -> None:
    for _ in range(RECORDS):
        record(actor=by, act="test.act", on=case, at=timezone.now())


RACES = (
    accept_and_decline,
    two_claims,
    undo_and_close,
    two_releases,
    release_and_accept,
    claim_accept_and_clock,
    a_crowd,
    many_at_the_chain,
)

if __name__ == "__main__":
    main(sys.argv[1])
