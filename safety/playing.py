"""Plays an invented platform's traffic against the API, as that platform's server would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

from safety.living import Living, Row, happened, traffic

BATCH = 1_000
_TIMEOUT = httpx.Timeout(60.0, connect=5.0)
# What lets an interaction through, so that an event follows.
_LETS_THROUGH = {"allow", "notice", "friction"}
_MAKES_AN_EVENT = {"message", "follow", "comment"}

Tell = Callable[[str, int, int], None]


class PortalRefused(Exception):
    """The portal answered something else than was hoped; the text says what."""


@dataclass
class Played:
    """What the portal made of it."""

    accepted: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    rejected: list[Row] = field(default_factory=list)
    decisions: Counter[tuple[str, str]] = field(default_factory=Counter)


class Platform:
    """A platform's server. Each request may be repeated: accounts are told anew, events have ids."""

    def __init__(self, *, url: str, key: str, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            headers={"Authorization": f"Bearer {key}"},
            timeout=_TIMEOUT,
            transport=transport,
            # The key goes to the portal and to nobody whom an environment variable names.
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def knows(self, external_id: str) -> bool:
        return self._send("GET", f"/api/v1/accounts/{external_id}/").status_code == HTTPStatus.OK

    def ask(self, path: str, body: Row) -> Any:
        answer = self._send("POST", path, json=body)
        if answer.is_error:
            raise PortalRefused(f"{path} answered {answer.status_code}: {answer.text[:300]}")
        return answer.json() if answer.content else {}

    def _send(self, verb: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self._http.request(verb, path, **request)
        except httpx.HTTPError as error:
            raise PortalRefused(f"{path} was not reached: {type(error).__name__}") from error


def play_month(*, platform: Platform, world: Living, tell: Tell) -> Played:
    """Tell the portal who there is, who belongs together, and what happened in the last month."""
    played = Played()
    _tell_all(platform, "accounts", "/api/v1/accounts/batch/", world.accounts, played, tell)
    for pair in world.pairs:
        platform.ask("/api/v1/accounts/pairs/", pair)
    _tell_all(platform, "events", "/api/v1/events/", world.events, played, tell)
    return played


def play_live(
    *, platform: Platform, seed: int, count: int, clock: Callable[[], datetime], played: Played, tell: Tell
) -> None:
    """Ask one by one, and tell what the answer let happen."""
    for number, asked in enumerate(traffic(seed=seed, count=count), start=1):
        decision = str(platform.ask("/api/v1/decisions/", asked)["decision"])
        played.decisions[str(asked["action"]), decision] += 1
        if decision in _LETS_THROUGH and asked["action"] in _MAKES_AN_EVENT:
            event = happened(asked, number=number, now=clock(), seed=seed)
            _count(played, "events", platform.ask("/api/v1/events/", {"events": [event]}), first=0)
        tell("questions", number, count)


def _tell_all(
    platform: Platform, what: str, path: str, rows: Sequence[Row], played: Played, tell: Tell
) -> None:
    tell(what, 0, len(rows))
    for first, batch in _batches(rows):
        _count(played, what, platform.ask(path, {what: batch}), first=first)
        tell(what, first + len(batch), len(rows))


def _batches(rows: Sequence[Row]) -> Iterator[tuple[int, list[Row]]]:
    for first in range(0, len(rows), BATCH):
        yield first, list(rows[first : first + BATCH])


def _count(played: Played, what: str, answer: Any, *, first: int) -> None:
    played.accepted[what] += answer["accepted"]
    played.repeated[what] += answer["repeated"]
    played.rejected += [{"of": what, **one, "index": first + one["index"]} for one in answer["rejected"]]
