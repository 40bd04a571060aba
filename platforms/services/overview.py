"""What the desk sees of platforms: who they are, what their keys may do, how far they have read, what was done to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Prefetch

from platforms.agreements import Standing
from platforms.models import Platform, PlatformKey
from platforms.services.grants import FEED_GRANT
from platforms.services.keys import KeyState, key_states, living_keys
from platforms.services.vetting import FEED, standing_of
from staff.services import AuditRow, HeldAction, audit_of

SHOWN = 30


@dataclass(frozen=True)
class Reading:
    """How far a platform has read the list."""

    collected: int = 0
    matched: int = 0
    # Changes beyond what it collected; a list's length and no more is counted.
    behind: int = 0
    is_further_behind: bool = False
    canaries: int = 0


Readings = Callable[[Collection[int]], Mapping[int, Reading]]
_readings: list[Readings] = []


class Overview(NamedTuple):
    platform: Platform
    standing: Standing
    scopes: list[str]
    reading: Reading
    waits: bool

    @property
    def reads(self) -> bool:
        return FEED in self.scopes


@dataclass(frozen=True)
class Deed:
    """A line of a platform's history."""

    at: datetime
    who: str
    act: str
    fields: list[str] = field(default_factory=list)
    operated_as: list[str] = field(default_factory=list)
    was_operated_as: list[str] = field(default_factory=list)
    is_of_operator: bool = False


def register_readings(readings: Readings) -> None:
    """For the room of the list, which stands above this one: it knows who has read how far."""
    _readings[:] = [readings]


def everybody(*, now: datetime) -> list[Overview]:
    living = Prefetch("keys", queryset=living_keys(now=now), to_attr="living")
    platforms = list(Platform.objects.prefetch_related(living))
    readings = _read([one.pk for one in platforms])
    waiting = _asked_for()
    return [
        _overview(one, on=now.date(), readings=readings, waits=str(one.pk) in waiting) for one in platforms
    ]


def one_of_them(*, platform_id: int, now: datetime) -> Overview | None:
    living = Prefetch("keys", queryset=living_keys(now=now), to_attr="living")
    platform = Platform.objects.prefetch_related(living).filter(pk=platform_id).first()
    if platform is None:
        return None
    waits = str(platform.pk) in _asked_for()
    return _overview(platform, on=now.date(), readings=_read([platform.pk]), waits=waits)


def keys_of(platform: Platform, *, now: datetime) -> list[KeyState]:
    """The newest first."""
    return key_states(platform, now=now)


def history_of(platform: Platform) -> list[Deed]:
    """What was last done to it, the newest first."""
    rows = list(audit_of(platform).order_by("-position")[:SHOWN])
    named = {pk for row in rows for name in ("was", "operated_as") for pk in row.detail.get(name, ())}
    names = dict(Platform.objects.filter(pk__in=named).values_list("pk", "name"))
    return [_deed(row, names) for row in rows]


def _deed(row: AuditRow, names: Mapping[int, str]) -> Deed:
    def spelled(name: str) -> list[str]:
        return [names[pk] for pk in row.detail.get(name, ()) if pk in names]

    fields = row.detail.get("fields", [])
    return Deed(
        at=row.at,
        who=row.actor.username if row.actor else "",
        act=row.act,
        fields=fields,
        operated_as=spelled("operated_as"),
        was_operated_as=spelled("was"),
        is_of_operator="operator" in fields or row.act == "platform.add",
    )


def _overview(platform: Platform, *, on: date, readings: Mapping[int, Reading], waits: bool) -> Overview:
    keys: list[PlatformKey] = platform.living  # type: ignore[attr-defined]  # Fetched beside it.
    return Overview(
        platform=platform,
        standing=standing_of(platform, on=on),
        scopes=sorted({scope for key in keys for scope in key.scopes}) if platform.is_active else [],
        reading=readings.get(platform.pk, Reading()),
        waits=waits,
    )


def _read(platform_ids: Collection[int]) -> Mapping[int, Reading]:
    return _readings[0](platform_ids) if _readings else {}


def _asked_for() -> set[str]:
    waiting = HeldAction.objects.filter(kind=FEED_GRANT, state=HeldAction.State.WAITING)
    return set(waiting.values_list("object_id", flat=True))
