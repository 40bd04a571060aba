"""Who is connected with whom, as far as a minor is one of the two."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from safety.models import Connection, Event
from safety.services.writing import write_rows

Two = tuple[int, int]

_SAYS = {Event.Kind.CONNECT.value: True, Event.Kind.DISCONNECT.value: False}
_LATER_WINS = (
    "ON CONFLICT (one_id, other_id) DO UPDATE SET is_connected = excluded.is_connected,"
    " said_at = excluded.said_at, said_by = excluded.said_by"
    " WHERE (safety_connection.said_at, safety_connection.said_by) < (excluded.said_at, excluded.said_by)"
)


class Said(NamedTuple):
    """An event of a kind between two accounts."""

    kind: str
    two: Two
    at: datetime
    by: str


def two(one: int, other: int) -> Two:
    return (one, other) if one < other else (other, one)


def note_connections(said: Iterable[Said]) -> None:
    """Keep what was said last of each two, whatever order it comes in."""
    last: dict[Two, Said] = {}
    for one in sorted(said, key=lambda one: (one.at, one.by)):
        if one.kind in _SAYS:
            last[one.two] = one
    write_rows(
        Connection,
        ("one", "other", "is_connected", "said_at", "said_by"),
        # In one order everywhere, so that two batches at once never wait for each other.
        [(*pair, _SAYS[one.kind], one.at, one.by) for pair, one in sorted(last.items())],
        on_conflict=_LATER_WINS,
    )


def connected_among(twos: Collection[Two]) -> set[Two]:
    """Those of them that are connected, as the events said last."""
    found = Connection.objects.filter(
        one__in={pair[0] for pair in twos}, other__in={pair[1] for pair in twos}, is_connected=True
    )
    return {*found.values_list("one_id", "other_id")} & {*twos}
