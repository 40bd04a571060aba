"""What was released has to reach platforms in time."""

from __future__ import annotations

from datetime import datetime

import hashes.services
from cases.models import Case, Clock
from cases.services import clock_rules, links


def start_push(*, case: Case, now: datetime) -> None:
    """Unless nothing of the case ever reached the feed: what waits for a person is late for no platform."""
    if hashes.services.any_listed(picture_ids=links.picture_ids(case)):
        clock_rules.start(case=case, kind=Clock.Kind.PUSH, now=now)
