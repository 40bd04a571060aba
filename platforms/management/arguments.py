"""What platform commands are told, read and looked at before anything is done."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

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
