"""Where an agreement stands on a day, and what a platform still lacks to be given the list. Facts in, words' names out."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

# So long before its last day an agreement's end is near.
SOON_DAYS = 30


class Standing(StrEnum):
    ENDED = "ended"
    NONE = "none"
    NOT_BEGUN = "not_begun"
    OVER = "over"
    SOON = "soon"
    LASTING = "lasting"


class Lack(StrEnum):
    """What vetted means: each of these is there."""

    OPERATOR = "operator"
    CONTACT = "contact"
    AGREED_ON = "agreed_on"
    EXPIRES_ON = "expires_on"
    BEGUN = "begun"
    LASTING = "lasting"
    TAKING_PART = "taking_part"


def standing(*, is_active: bool, agreed_on: date | None, expires_on: date | None, on: date) -> Standing:
    if not is_active:
        return Standing.ENDED
    if expires_on is not None and expires_on < on:
        return Standing.OVER
    if agreed_on is not None and agreed_on > on:
        return Standing.NOT_BEGUN
    if agreed_on is None or expires_on is None:
        return Standing.NONE
    return Standing.SOON if (expires_on - on).days <= SOON_DAYS else Standing.LASTING


def lacks(
    *,
    operator: str,
    contact: str,
    is_active: bool,
    agreed_on: date | None,
    expires_on: date | None,
    on: date,
) -> list[Lack]:
    missing = {
        Lack.OPERATOR: not operator.strip(),
        Lack.CONTACT: not contact.strip(),
        Lack.AGREED_ON: agreed_on is None,
        Lack.EXPIRES_ON: expires_on is None,
        Lack.BEGUN: agreed_on is not None and agreed_on > on,
        Lack.LASTING: expires_on is not None and expires_on < on,
        Lack.TAKING_PART: not is_active,
    }
    return [lack for lack, is_missing in missing.items() if is_missing]
