"""Who reports what in the demo. Invented, and of the kind that hotlines tell of: short words, and no picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cases.services import Answers


@dataclass(frozen=True)
class Report:
    """`fate` names what happened at the desk, `hours_ago` when she reported."""

    fate: str
    hours_ago: float
    answers: Answers = field(default_factory=Answers)
    says: str = ""
    pictures: int = 1
    # Somebody who tries the demo can open it as its reporter.
    has_code: bool = False


def _self(age: str = "13_15", **over: object) -> Answers:
    given: dict[str, object] = {"subject": "self_minor", "age_band": age}
    return Answers(**(given | over))  # type: ignore[arg-type]  # The table below names them.


def _threat(deadline: str, age: str = "13_15", **over: object) -> Answers:
    return _self(age, threatened=True, deadline=deadline, **over)


REPORTS = (
    # Nobody has looked yet.
    Report("waits", 0.3, _threat("hours", in_danger=True), "He says he comes to my house. I am alone."),
    Report(
        "waits", 0.6, _threat("today"), "He wants 200 by tonight or he sends it to my class.", has_code=True
    ),
    Report("waits", 1.5, _self("under_13"), pictures=2),
    Report("waits", 2, _self(posted="yes", language="es"), "Está en un grupo de mi colegio."),
    Report("waits", 3, _self("16_17")),
    Report("waits", 5, Answers(subject="for_child", age_band="under_13", posted="yes")),
    Report("waits", 7, _self("16_17", posted="no"), "Nothing happened yet. I am just scared."),
    Report("waits", 80, _self("16_17"), pictures=3),
    Report("waits", 98, Answers()),
    # Somebody is on it.
    Report("claimed", 1, _threat("tomorrow"), "I already paid once."),
    Report("claimed", 4, _self(posted="yes"), pictures=2),
    Report("on_hold", 9, _threat("this_week"), "Please don't tell my parents."),
    Report("lapsed", 11, _self()),
    Report("handed_over", 14, _threat("today", in_danger=True), "I don't want to live like this any more."),
    # Being worked on.
    Report("accepted", 20, _self("16_17", posted="yes")),
    Report("accepted", 26, Answers(subject="self_now_adult", age_band="13_15", posted="yes")),
    Report("asked", 30, _self(posted="yes"), "It is on a site, I don't remember the name.", has_code=True),
    Report("asked", 44, _threat("unknown")),
    Report("quarantined", 50, _self(), pictures=3),
    Report("disputed", 27, _self("16_17")),
    Report("decline_waits", 6, _threat("unknown", "16_17")),
    Report("linked", 31, _self(posted="yes")),
    Report("linked", 29, _self("16_17")),
    # What left the desk.
    Report("notice_ready", 8, _self(posted="yes"), "I found it. I put the link on the page.", has_code=True),
    Report("notice_written", 10, _self("16_17", posted="yes")),
    Report("notice_sent", 28, _threat("this_week", posted="yes"), "It is still there."),
    Report("notice_late", 76, _self(posted="yes"), "Why is it still there?", has_code=True),
    Report("notice_done", 90, _self(posted="yes"), "It's gone. Thank you."),
    Report("disclosure_waits", 12, _threat("today", in_danger=True), "He knows where I live."),
    Report("disclosure_open", 40, _threat("tomorrow"), "There are others, he showed me."),
    Report("disclosure_failed", 52, _threat("hours", "under_13"), "He is somebody from my club."),
    Report("disclosure_filed", 120, _threat("this_week"), "I told my aunt."),
    Report("hold_waits", 60, _threat("unknown")),
    # Over.
    Report("declined", 70, Answers(subject="unknown")),
    Report("withdrawn", 130, _self("16_17")),
    Report("reopened", 140, _self(posted="yes"), "It came back.", has_code=True),
    Report("refused", 100, _self("16_17", posted="yes")),
    *(
        Report("blocked", 150 + 37 * number, _self("16_17" if number % 3 else "13_15", posted="yes"))
        for number in range(10)
    ),
    Report("old", 24 * 95, _self(), "Thank you."),
)


def oldest_first() -> Iterator[tuple[int, Report]]:
    yield from sorted(enumerate(REPORTS), key=lambda numbered: -numbered[1].hours_ago)
