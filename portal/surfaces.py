"""Which address is whose: the audience that it is for, and the surface (`SURFACES`) that it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

SURFACES = ("takedown", "safety")


class Audience(StrEnum):
    """Who an address is for; reporters, staff and members may each have a host of their own."""

    REPORTER = "reporter"
    PLATFORM = "platform"
    STAFF = "staff"
    MEMBER = "member"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Area:
    prefix: str
    audience: Audience
    surface: str | None = None

    def is_open(self, surfaces: Collection[str]) -> bool:
        return self.surface is None or self.surface in surfaces


# The longest prefix that fits counts. An address that nobody thought of is treated as a reporter's: the most careful way.
AREAS = (
    Area("/", Audience.REPORTER),
    Area("/report/", Audience.REPORTER, "takedown"),
    Area("/status/", Audience.REPORTER, "takedown"),
    Area("/transparency/", Audience.REPORTER, "takedown"),
    Area("/api/v1/cases/", Audience.REPORTER, "takedown"),
    Area("/api/", Audience.PLATFORM),
    Area("/api/v1/feed/", Audience.PLATFORM, "takedown"),
    Area("/api/v1/match/", Audience.PLATFORM, "takedown"),
    Area("/api/v1/feedback/", Audience.PLATFORM, "takedown"),
    Area("/exchange/", Audience.PLATFORM, "takedown"),
    Area("/api/v1/decisions/", Audience.PLATFORM, "safety"),
    Area("/api/v1/events/", Audience.PLATFORM, "safety"),
    Area("/api/v1/accounts/", Audience.PLATFORM, "safety"),
    Area("/api/v1/abilities/", Audience.PLATFORM, "safety"),
    Area("/api/v1/flags/", Audience.PLATFORM, "safety"),
    Area("/admin/", Audience.STAFF),
    Area("/staff/", Audience.STAFF),
    Area("/staff/list/", Audience.STAFF, "takedown"),
    Area("/triage/", Audience.STAFF, "takedown"),
    # What waits for a second person, and what was done, belong to everybody who works here.
    Area("/triage/held/", Audience.STAFF),
    Area("/triage/audit/", Audience.STAFF),
    Area("/review/", Audience.STAFF, "safety"),
    Area("/teen/", Audience.MEMBER, "safety"),
    Area("/guardian/", Audience.MEMBER, "safety"),
    # By the link in a letter; whoever has it needs no sign-in.
    Area("/appeal/", Audience.MEMBER, "safety"),
    Area("/static/", Audience.OPERATOR),
    Area("/healthz", Audience.OPERATOR),
    Area("/readyz", Audience.OPERATOR),
    Area("/metrics", Audience.OPERATOR),
)
_LONGEST_FIRST = sorted(AREAS, key=lambda area: len(area.prefix), reverse=True)


def area_of(path: str) -> Area:
    # `/report` is the page's address without its slash, and belongs to it.
    return next(area for area in _LONGEST_FIRST if f"{path}/".startswith(area.prefix) or path == area.prefix)


def is_reporters(path: str) -> bool:
    return area_of(path).audience is Audience.REPORTER
