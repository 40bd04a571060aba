"""Clients that follow the list through HTTP, one in each format, and write down all that they were told."""

from __future__ import annotations

import threading
import time
import traceback
from abc import abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import httpx

from tests.exchange.conftest import NAMESPACE, NCMEC, STOPNCII

_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Told:
    """One line of what a client was told: of an entry, or of a value."""

    key: str
    state: str
    # The number, or the second.
    at: int
    review: str = ""


class Follower(threading.Thread):
    """Reads to the end again and again; once it is told to stop, once more."""

    def __init__(self, url: str, key: str) -> None:
        super().__init__()
        self.http = httpx.Client(base_url=url, timeout=60, headers=self.signed(key))
        self.stop = threading.Event()
        self.told: list[Told] = []
        self.failed = ""

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.read_on()
                time.sleep(0.05)
            self.read_on()
        except Exception:  # noqa: BLE001 - The test fails with it.
            self.failed = traceback.format_exc()
        finally:
            self.http.close()

    def get(self, path: str, **query: str | int) -> httpx.Response:
        answer = self.http.get(path, params=query or None)
        answer.raise_for_status()
        return answer

    def last_states(self) -> dict[str, str]:
        return {one.key: one.state for one in self.told}

    @abstractmethod
    def signed(self, key: str) -> dict[str, str]: ...

    @abstractmethod
    def read_on(self) -> None: ...


class Native(Follower):
    after = 0

    def signed(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {key}"}

    def read_on(self) -> None:
        more = True
        while more:
            page = self.get("/api/v1/feed/", after=self.after, limit=13).json()
            self.told += [
                Told(one["entry"], one["change"], one["number"], one["review"]) for one in page["changes"]
            ]
            self.after, more = page["next_after"], page["has_more"]


class StopNcii(Follower):
    """Keeps the time that each page names, as their client does."""

    since = 10

    def signed(self, key: str) -> dict[str, str]:
        return {"x-functions-key": key, "Ocp-Apim-Subscription-Key": key.partition(".")[0]}

    def read_on(self) -> None:
        start, token, more = self.since, "0", True
        while more:
            query: dict[str, str | int] = {"startTimestamp": start, "pageSize": 1, "nextPageToken": token}
            page: dict[str, Any] = self.get(f"{STOPNCII}/FetchHashes", **query).json()
            self.told += [self._told(one) for one in page["hashRecords"]]
            assert page["nextSetTimestamp"] >= self.since
            self.since, token, more = page["nextSetTimestamp"], page["nextPageToken"], page["hasMoreRecords"]

    @staticmethod
    def _told(record: dict[str, Any]) -> Told:
        (said,) = record["CSPFeedbacks"]
        key = f"{record['signalType']} {record['hashValue']}"
        return Told(key, record["hashStatus"], record["lastModtimestamp"], said["tags"][0])


class Ncmec(Follower):
    """Asks for each second once and goes on from where its last range ended."""

    since = datetime(1970, 1, 1, tzinfo=UTC)

    def __init__(self, url: str, key: str, *, slug: str) -> None:
        super().__init__(url, key)
        self.http.auth = httpx.BasicAuth(slug, key)

    def signed(self, key: str) -> dict[str, str]:  # noqa: ARG002 - It signs in with a name and a password.
        return {}

    def read_on(self) -> None:
        # Up to this very second: their client leaves five, which would hide what comes late.
        before = datetime.now(UTC).replace(microsecond=0)
        link = f"/v2/entries?from={self.since.strftime(_TIME)}&to={before.strftime(_TIME)}"
        while link:
            root = ET.fromstring(self.get(NCMEC + link).content)
            self.told += [self._told(one) for group in root if "count" in group.attrib for one in group]
            link = root.findtext(f"{NAMESPACE}paging/{NAMESPACE}next") or ""
        self.since = before

    @staticmethod
    def _told(element: ET.Element) -> Told:
        at = datetime.strptime(element.findtext(f"{NAMESPACE}timestamp") or "", _TIME).replace(tzinfo=UTC)
        state = "deleted" if "deleted" in element.tag else "listed"
        return Told(element.findtext(f"{NAMESPACE}id") or "", state, int(at.timestamp()))
