"""Several reviewers decide at once, while events about the same accounts go on coming in.

`python -m tests.safety.review_at_once` with DATABASE_URL naming the database. Prints what came of it as JSON.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Any

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings

from safety.errors import AppealMovedOn, FlagMovedOn, SecondPersonAsked
from safety.models import Appeal, Flag, Letter, Standing
from safety.services import appeals, drain, reviewing, take_events
from staff.errors import AlreadyHeld, CannotBeDone, HeldMovedOn
from staff.services import AuditRow, HeldAction, refuse, release, verify_chain
from tests.makers import make_platform, make_user
from tests.safety.at_once import FAILED, NOW, at_once
from tests.safety.flagged import hunted
from tests.safety.makers import event, make_account

# What somebody who came second may be told.
_TOLD = (FlagMovedOn, AppealMovedOn, SecondPersonAsked, AlreadyHeld, HeldMovedOn, CannotBeDone)


def tried(verb: Any, **told: Any) -> str:
    try:
        verb(**told, now=NOW)
    except _TOLD as reason:
        return type(reason).__name__
    return "done"


def play() -> dict[str, Any]:
    settings.LETTER_DELAY_HOURS = 0
    platform = make_platform("Reviewed", scopes=("safety",)).platform
    reviewers = [make_user(f"reviewer-{number}", role="safety_reviewer") for number in range(6)]
    came_of_it = [_round(platform, reviewers) for _ in range(4)]
    closed = Flag.objects.filter(state="closed").count()
    decided = AuditRow.objects.filter(act__startswith="flag.").exclude(act="flag.ended").count()
    return {
        "rounds": came_of_it,
        "each_decision_recorded_once": closed == decided,
        "numbers_are_unique": Flag.objects.values("number").distinct().count() == Flag.objects.count(),
        "chain_breaks_at": verify_chain(),
    }


def _round(platform: Any, reviewers: list[Any]) -> dict[str, Any]:
    adult = make_account(platform, "21_plus")
    flag = hunted(platform, adult, now=NOW)
    letter = Letter.objects.get(flag=flag)
    appeal = Appeal.objects.create(letter=letter, made_at=NOW)
    appeal = appeals.visible(reviewers[5]).get(pk=appeal.pk)
    came_of_it = at_once(
        [
            partial(tried, reviewing.lift, flag=_fresh(flag), by=reviewers[0], note=""),
            partial(tried, reviewing.uphold, flag=_fresh(flag), by=reviewers[1], note=""),
            partial(tried, reviewing.end_limit, flag=_fresh(flag), by=reviewers[0], note=""),
            partial(tried, reviewing.ask_to_sanction, flag=_fresh(flag), by=reviewers[2], reason="x"),
            partial(_second_person, reviewers[3], release),
            partial(_second_person, reviewers[4], refuse),
            partial(tried, appeals.overturn, appeal=appeal, by=reviewers[5], answer="Sorry."),
            partial(_goes_on, platform, adult),
        ]
    )
    flag.refresh_from_db()
    standing = Standing.objects.get(account=adult)
    return {"fits": _fits(flag, standing), "answers": sorted(came_of_it)}


def _fits(flag: Flag, standing: Standing) -> bool:
    """The standing is what the flag's outcome says."""
    levels = {"lifted": 0, "upheld": 2, "sanctioned": 3}
    return flag.state == "open" or standing.level == levels[flag.outcome]


def _fresh(flag: Flag) -> Flag:
    return Flag.objects.get(pk=flag.pk)


def _second_person(user: Any, verb: Any) -> str:
    held = HeldAction.objects.filter(state="waiting").first()
    return tried(verb, held=held, by=user) if held else "nothing"


def _goes_on(platform: Any, adult: Any) -> str:
    for _more in range(5):
        teen = make_account(platform)
        take_events(platform_id=platform.pk, rows=[event(adult, teen)], now=NOW)
        drain(now=NOW)
    return "read"


if __name__ == "__main__":
    sys.stdout.write(json.dumps(play()))
    sys.exit(1 if FAILED else 0)
