"""How much a platform may add to the list in an hour."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hashes.models import Concern, Entry
from tests.exchange.conftest import Clients


def test_a_platform_adds_so_much_an_hour_and_nothing_by_half(
    clients: Clients, settings: Any, time_machine: Any
) -> None:
    settings.SUBMIT_HASHES_PER_HOUR = 5
    time_machine.move_to(datetime(2026, 11, 23, 9, 40, tzinfo=UTC), tick=False)

    def submitted(first: int, count: int) -> Any:
        values = [f"{number:064x}" for number in range(first, first + count)]
        records = [{"signalType": "ImagePDQ", "hashValue": value} for value in values]
        return clients.stopncii("SubmitHashes", {"count": count, "hashRecords": records})

    assert submitted(0, 3).json() == {"count": 3, "known": 0}
    # What was sent before is no addition.
    assert [submitted(0, 3).json() for _ in "ab"] == [{"count": 0, "known": 3}] * 2

    refused = submitted(0, 6)

    assert (refused.status_code, refused["Retry-After"]) == (429, "1200")
    assert refused["Content-Type"] == "application/problem+json"
    assert "at most 2 now" in refused.json()["detail"]
    assert Entry.objects.count() == 3
    concern = Concern.objects.get()
    assert (concern.kind, concern.platform_id) == ("too_much", clients.new.platform.pk)
    assert (concern.picture_id, concern.evidence) == (None, {"count": 6, "limit": 5})

    assert submitted(0, 5).json() == {"count": 2, "known": 3}
    assert submitted(0, 6).status_code == 429
    assert Concern.objects.count() == 1
    time_machine.move_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), tick=False)
    assert submitted(0, 6).json() == {"count": 1, "known": 5}
