"""What platform commands are told, read and looked at before anything is done."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a date such as 2027-11-01") from None


def web_address(text: str) -> str:
    """An https address, or nothing."""
    try:
        if text:
            URLValidator(schemes=["https"])(text)
    except ValidationError:
        raise ArgumentTypeError("an address such as https://platform.example/report") from None
    return text


def hours(text: str) -> timedelta:
    try:
        count = float(text)
    except ValueError:
        count = -1
    if not 0 <= count <= 24 * 365:
        raise ArgumentTypeError("a number of hours, at most a year")
    return timedelta(hours=count)


def moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a time such as 2026-11-01T00:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
