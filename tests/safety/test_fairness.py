"""How flags fall on groups: told as shares, with small numbers hidden."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from platforms.services import NewKey
from safety.fairness import FEWEST, Counted, Shown, shown, volume
from safety.models import Flag
from safety.services import measuring, reviewing
from staff.services import User
from tests.makers import signed_in
from tests.safety.flagged import hunted
from tests.safety.makers import make_account, make_standing

counts = st.integers(0, 40)


def of(accounts: int, flagged: int, *, decided: int = 0, lifted: int = 0) -> Shown:
    return shown(Counted("x", accounts, flagged, decided, lifted, 0, 0))


def test_small_counts_and_what_would_give_them_away_are_hidden() -> None:
    assert (of(100, 4).flagged, of(100, 4).flag_share) == (None, None)
    assert (of(100, 5).flagged, of(100, 5).flag_share) == (5, 0.05)
    assert (of(100, 0).flagged, of(100, 0).flag_share) == (0, 0.0)
    assert of(100, 97).flag_share is None, "The three others would be known."
    assert of(9, 9).flag_share is None
    assert of(100, 30, decided=20, lifted=5).false_alarm_share == 0.25


@given(counts, counts)
def test_no_share_tells_a_hidden_count(accounts: int, flagged: int) -> None:
    flagged = min(flagged, accounts)
    told = of(accounts, flagged).flag_share
    if told is not None:
        for part in (flagged, accounts - flagged):
            assert part == 0 or part >= FEWEST


def test_complaints_fall_into_few_classes() -> None:
    assert [volume(count) for count in (0, 1, 2, 3, 5, 6, 90)] == ["0", "1", "2", "3-5", "3-5", "6+", "6+"]


@pytest.mark.django_db
def test_false_alarms_are_counted_by_role_and_language(
    chatter: NewKey, auditor: User, rosa: User, client: Client, now: datetime
) -> None:
    for _number in range(10):
        make_standing(make_account(chatter.platform, "21_plus", role="teacher", locale="de-AT"), 0, now=now)
    for number in range(10):
        coach = make_account(chatter.platform, "21_plus", role="coach", locale="en_GB")
        flag = hunted(chatter.platform, coach, now=now)
        verb = reviewing.lift if number < 5 else reviewing.uphold
        verb(flag=flag, by=rosa, note="", now=now)
    by_name = {table.name: {row.group: row for row in table.rows} for table in measuring.tables()}
    assert by_name["role"] == {
        "coach": Shown("coach", 10, 10, 1.0, 0.5, None),
        "teacher": Shown("teacher", 10, 0, 0.0, None, None),
    }
    assert by_name["language"]["en"].false_alarm_share == 0.5
    assert by_name["age_band"]["21 or older"].accounts == 20
    assert by_name["volume"]["3-5"].false_alarm_share == 0.5
    page = signed_in(client, auditor).get(reverse("review:fairness"))
    assert "0.500" in page.content.decode()
    assert Flag.objects.count() == 10
