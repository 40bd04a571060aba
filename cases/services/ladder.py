"""What the reporter sees of each platform, renewed in batches so that it can't be used to test pictures."""

from __future__ import annotations

import secrets as randomness
from datetime import date, datetime, timedelta

from django.conf import settings

import hashes.services
from cases import policy
from cases.ladder import Standing, Step, step
from cases.models import Case, Clock, Rung
from hashes.services import PlatformFacts

_QUARTERS_AN_HOUR = 4


def refresh_ladder(*, case: Case, on: date) -> None:
    """Bring the shown rungs up to what is known now. Nothing is shown before something was released."""
    picture_ids = list(case.pictures.values_list("picture_id", flat=True))
    if not hashes.services.any_listed(picture_ids=picture_ids):
        return
    shown = {rung.platform_id: rung for rung in case.rungs.all()}
    for facts in hashes.services.platform_facts(picture_ids=picture_ids, on=on):
        now = step(standing_at(facts, is_over=is_over(case)))
        _show(case=case, shown=shown.get(facts.platform_id), now=now, platform_id=facts.platform_id, on=on)


def start_ladder_clock(*, case: Case, now: datetime) -> None:
    """A batch time of its own for each case, so that nobody can tell by the hour what a change belongs to."""
    if not settings.LADDER_BATCH_HOURS:
        return
    quarters = randomness.randbelow(settings.LADDER_BATCH_HOURS * _QUARTERS_AN_HOUR) + 1
    due_at = policy.rounded_up(now + quarters * policy.CLOCK_STEP)
    Clock.objects.get_or_create(case=case, kind=Clock.Kind.LADDER, defaults={"due_at": due_at})


def move_ladder_clock(*, clock: Clock, now: datetime) -> bool:
    """To the next batch that lies ahead. False if somebody else moved it; with batches switched off it stops."""
    every = timedelta(hours=settings.LADDER_BATCH_HOURS)
    if not every:
        clock.delete()
        return False
    due_at = clock.due_at + ((now - clock.due_at) // every + 1) * every
    return Clock.objects.filter(pk=clock.pk, due_at=clock.due_at).update(due_at=due_at) == 1


def is_over(case: Case) -> bool:
    """Only then is what left the list a report that was taken back. What waits for a person is none."""
    return case.status in {Case.Status.DECLINED, Case.Status.WITHDRAWN}


def standing_at(facts: PlatformFacts, *, is_over: bool) -> Standing:
    said = [(outcome, reason) for _picture, outcome, reason in facts.outcomes]
    return Standing(
        collected=facts.collected,
        followed=facts.followed,
        matched=facts.matched,
        withdrawal_collected=is_over and facts.withdrawal_collected,
        outcomes=[one for one in said if is_over or one[0] != "removed_after_withdrawal"],
    )


def _show(*, case: Case, shown: Rung | None, now: Step, platform_id: int, on: date) -> None:
    if shown is None:
        # Two readers at once write the same row; whoever comes second keeps the first one's.
        Rung.objects.get_or_create(
            case=case,
            platform_id=platform_id,
            defaults={"rung": now.rung, "reason": now.reason, "changed_on": on},
        )
    elif Step(shown.rung, shown.reason) != now:
        Rung.objects.filter(pk=shown.pk).update(rung=now.rung, reason=now.reason, changed_on=on)
