"""A long list is read in few requests: their clients ask one after the other, and one of them backs off from pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree as ET

from django.utils import timezone

from hashes.exchange.ncmec_xml import written
from hashes.json_lines import ListRow
from hashes.services import import_rows
from platforms.services import NewKey
from tests.exchange.conftest import NAMESPACE, NCMEC, Clients

MANY = 50_000
MOST_REQUESTS = 5


def test_a_first_sync_of_fifty_thousand_takes_few_requests(
    clients: Clients, platform: NewKey, publish_at: Callable[[datetime], None], earlier: datetime
) -> None:
    rows = [ListRow("image", "pdq", secrets.token_hex(32)) for _ in range(MANY)]
    import_rows(platform_id=platform.platform.pk, rows=rows)
    publish_at(earlier)
    values = {row.value for row in rows}
    assert values <= _by_stopncii(clients)
    assert values <= _by_ncmec(clients)


def _by_stopncii(clients: Clients) -> set[str]:
    seen: set[str] = set()
    token = "0"
    for _request in range(MOST_REQUESTS):
        # Their client asks for 800 at a time.
        page = clients.stopncii("FetchHashes", startTimestamp=10, pageSize=800, nextPageToken=token).json()
        seen |= {one["hashValue"] for one in page["hashRecords"]}
        if not page["hasMoreRecords"]:
            return seen
        token = page["nextPageToken"]
    raise AssertionError("It takes too many requests.")


def _by_ncmec(clients: Clients) -> set[str]:
    seen: set[str] = set()
    link = f"/v2/entries?from=1970-01-01T00:00:00Z&to={written(timezone.now())}"
    for _request in range(MOST_REQUESTS):
        answer = clients.http.get(NCMEC + link, headers={"authorization": clients.basic})
        root = ET.fromstring(answer.content)
        seen |= {str(one.text) for one in root.iter(f"{NAMESPACE}pdq")}
        link = root.findtext(f"{NAMESPACE}paging/{NAMESPACE}next") or ""
        if not link:
            return seen
    raise AssertionError("It takes too many requests.")
