"""The words of a notice and of a complaint about a platform. English whatever the desk speaks: they quote an American law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

STATEMENT = (
    "I state in good faith that the depiction identified above is an intimate visual depiction of an identifiable"
    " individual, that it is published without the consent of that individual, and that I am authorised to act on"
    " their behalf. Please remove it as soon as possible and not later than 48 hours after receiving this request, and"
    " make reasonable efforts to identify and remove any known identical copies (47 U.S.C. 223a(a)(3))."
)
# Who is in the picture, by what the reporter told.
_SUBJECTS = {
    "self_minor": "The individual depicted made the report and is under 18.",
    "self_now_adult": "The individual depicted made the report and was under 18 when the picture was made.",
    "for_child": "The individual depicted is a child; somebody responsible for the child made the report.",
}
_TOLD_WHERE = (
    "The individual or somebody acting for them has told us that the picture is at the places named above."
)
_THREATENED = "Somebody threatens the individual with the picture."
_NO_CONTACT = (
    "The individual wishes to stay anonymous. Please do not try to find out who they are; write to us."
)


def facts(*, subject: str, threatened: bool) -> Iterator[str]:
    """The relevant facts, from structured answers only: nothing that she wrote."""
    if subject in _SUBJECTS:
        yield _SUBJECTS[subject]
    yield _TOLD_WHERE
    if threatened:
        yield _THREATENED
    yield _NO_CONTACT


@dataclass(frozen=True)
class Breach:
    reference: str
    platform: str
    sent_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None
    outcome: str
    outcome_at: datetime | None


def complaint(breach: Breach, *, signatory: str, title: str, contact: str) -> str:
    """For the regulator's form. It says nothing of the person, nor where the picture is."""
    lines = [
        (
            "Complaint: failure to remove a non-consensual intimate visual depiction within 48 hours"
            " (TAKE IT DOWN Act, 47 U.S.C. 223a)"
        ),
        "",
        f"Platform: {breach.platform}",
        f"Our reference: {breach.reference}",
        f"Valid request received by the platform: {_time(breach.sent_at)}",
        f"Removal was due: {_time(breach.due_at)}",
        f"Receipt confirmed by the platform: {_time(breach.acknowledged_at)}",
        f"What the platform did: {_outcome(breach)}",
        "",
        (
            "The request held all four parts that the statute asks for: the signature of an authorised person, the"
            " identification and location of the depiction, a statement of good faith with the relevant facts, and"
            " contact information. A copy of the request can be had from us."
        ),
        "",
        f"{signatory}, {title}",
        contact,
    ]
    return "\n".join(lines)


_OUTCOMES = {
    "removed": "It removed the depiction, too late",
    "refused": "It refused",
    "not_found": "It said that it found nothing at the place we named",
}


def _outcome(breach: Breach) -> str:
    if not breach.outcome:
        return "nothing that we were told of"
    return f"{_OUTCOMES[breach.outcome]}: {_time(breach.outcome_at)}"


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "no"
