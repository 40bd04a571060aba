"""What 47 U.S.C. 223a asks of a notice, and of a platform that got one. Facts in, words and times out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

TIME_TO_REMOVE = timedelta(hours=48)

# The four parts that a valid notice has (47 U.S.C. 223a(a)(3)), in the statute's order.
PARTS = ("signature", "identification", "statement", "contact")


@dataclass(frozen=True)
class Signature:
    """Of the person, or of an authorised person acting for them: here always the operator's."""

    name: str
    title: str


@dataclass(frozen=True)
class Digest:
    """An exact digest of a picture. It finds identical copies and says nothing about how the picture looks."""

    algorithm: str
    value: str


@dataclass(frozen=True)
class Body:
    """A notice as it is sent. The person in the picture is named nowhere in it."""

    reference: str
    platform: str
    signature: Signature
    where: Sequence[str]
    digests: Sequence[Digest]
    statement: str
    facts: Sequence[str]
    contact: str
    format: str = field(default="47-usc-223a-notice/1")


def missing_parts(body: Body) -> list[str]:
    """Which of the four parts the notice lacks; a platform may put aside one that lacks any."""
    there = {
        "signature": bool(body.signature.name.strip()),
        "identification": any(one.strip() for one in body.where),
        "statement": bool(body.statement.strip() and body.facts),
        "contact": bool(body.contact.strip()),
    }
    return [part for part in PARTS if not there[part]]


def due_at(received_at: datetime) -> datetime:
    return received_at + TIME_TO_REMOVE


def is_breach(*, due_at: datetime | None, outcome_at: datetime | None, now: datetime) -> bool:
    """Whether the 48 hours passed before the platform said what it did, or before now if it said nothing."""
    return due_at is not None and (outcome_at or now) > due_at
