"""An account's age is only what its platform says; to say another for a while sheds no limit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import accounts.services
from accounts.intake import read_row
from accounts.models import Account
from platforms.services import NewKey
from safety.models import Standing
from safety.questions import Asked
from safety.services import decide, drain, standing_of, take_events
from tests.safety.makers import event, make_account, make_standing

pytestmark = pytest.mark.django_db


def say_age(account: Account, age_band: str, now: datetime) -> None:
    row = read_row({"external_id": account.external_id, "age_band": age_band}, today=now.date())
    accounts.services.tell_accounts(platform_id=account.platform_id, rows=[row], now=now)


def answer(adult: Account, teen: Account, now: datetime) -> str:
    asked = Asked("message", adult.external_id, teen.external_id)
    (decision,) = decide(platform_id=adult.platform_id, questions=[asked], now=now)
    return decision.decision


def test_a_sanction_outlives_a_day_as_a_minor(adult: Account, older_teen: Account, now: datetime) -> None:
    make_standing(adult, 3, now=now, stands_until=now)
    say_age(adult, "16_17", now)
    drain(now=now)
    assert Standing.objects.get().level == 0
    say_age(adult, "21_plus", now)
    assert answer(adult, older_teen, now) == "deny"
    assert Standing.objects.get().level == 3


def test_what_was_reported_outlives_a_day_as_a_minor(
    chatter: NewKey, adult: Account, older_teen: Account, now: datetime
) -> None:
    teens = [make_account(chatter.platform, device_cluster=f"d{number}") for number in range(6)]
    at = (now - timedelta(hours=2)).isoformat()
    rows = [event(adult, teen, occurred_at=at) for teen in teens]
    rows += [event(teen, adult, "report", occurred_at=now.isoformat()) for teen in teens]
    take_events(platform_id=chatter.platform.pk, rows=rows, now=now)
    assert answer(adult, older_teen, now) == "deny"
    say_age(adult, "16_17", now)
    later = now + timedelta(days=1)
    take_events(
        platform_id=chatter.platform.pk, rows=[event(teens[0], adult, occurred_at=at, id="late")], now=later
    )
    Standing.objects.update(stands_until=later)
    drain(now=later)
    assert Standing.objects.get().level == 0
    say_age(adult, "21_plus", later)
    assert answer(adult, older_teen, later) == "deny"


def test_a_minor_keeps_no_limit(adult: Account, older_teen: Account, now: datetime) -> None:
    make_standing(adult, 2, now=now, stands_until=now)
    say_age(adult, "16_17", now)
    drain(now=now)
    shown = standing_of(platform_id=adult.platform_id, external_id=adult.external_id, now=now)
    assert (shown.level, shown.score, shown.reasons) == (0, 0.0, ())
    assert answer(adult, older_teen, now) == "notice"


def test_a_minors_standing_is_not_read_over_and_over(adult: Account, now: datetime) -> None:
    make_standing(adult, 2, now=now, stands_until=now)
    say_age(adult, "16_17", now)
    assert [drain(now=now), drain(now=now)] == [1, 0]
