"""Flags as they really come about: events are taken, standings read, and a flag opens."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import Account
from platforms.models import Platform
from safety.models import Flag
from safety.services import refresh, take_events
from tests.safety.makers import event, make_account


def hunted(platform: Platform, adult: Account, *, now: datetime, reports: int = 4) -> Flag:
    """The adult writes to a dozen young people; some report him. Read, it is a flag."""
    begun = now - timedelta(days=2)
    rows = []
    for number in range(12):
        teen = make_account(platform, joined_on=begun.date() - timedelta(days=400), community=f"c{number}")
        at = begun + timedelta(hours=number)
        rows.append(event(adult, teen, occurred_at=at.isoformat()))
        if number < reports:
            rows.append(event(teen, adult, "report", occurred_at=(at + timedelta(hours=14)).isoformat()))
    _told(platform, adult, rows, now)
    return Flag.objects.get(account=adult, cause=Flag.Cause.RESTRICTED)


def brigaded(platform: Platform, adult: Account, *, now: datetime) -> Flag:
    """Eight accounts of two days and one device report somebody who never wrote to them, within an hour."""
    begun = now - timedelta(hours=3)
    joined_on = begun.date() - timedelta(days=2)
    fakes = [make_account(platform, joined_on=joined_on, device_cluster="farm") for _ in range(8)]
    rows = [
        event(fake, adult, "report", occurred_at=(begun + timedelta(minutes=place)).isoformat())
        for place, fake in enumerate(fakes)
    ]
    _told(platform, adult, rows, now)
    return Flag.objects.get(account=adult, cause=Flag.Cause.BURST)


def _told(platform: Platform, adult: Account, rows: list[dict[str, object]], now: datetime) -> None:
    taken = take_events(platform_id=platform.pk, rows=rows, now=now)
    assert taken.rejected == ()
    refresh([adult.pk], now)
