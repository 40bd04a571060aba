"""Where an agreement stands, day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from platforms.agreements import SOON_DAYS, standing

FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (FIRST - timedelta(days=1), "not_begun"),
        (FIRST, "lasting"),
        (LAST - timedelta(days=SOON_DAYS + 1), "lasting"),
        (LAST - timedelta(days=SOON_DAYS), "soon"),
        (LAST, "soon"),
        (LAST + timedelta(days=1), "over"),
    ],
)
def test_an_agreement_day_by_day(on: date, expected: str) -> None:
    assert standing(is_active=True, agreed_on=FIRST, expires_on=LAST, on=on) == expected
    assert standing(is_active=False, agreed_on=FIRST, expires_on=LAST, on=on) == "ended"


@pytest.mark.parametrize(("first", "last"), [(None, None), (FIRST, None), (None, LAST)])
def test_half_an_agreement_is_none(first: date | None, last: date | None) -> None:
    assert standing(is_active=True, agreed_on=first, expires_on=last, on=FIRST) == "none"
