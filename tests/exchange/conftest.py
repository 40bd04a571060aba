"""A platform whose clients sign in in other systems' ways, and a list that was published some time ago."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from hashes.services import publish
from platforms.services import NewKey, subscription_of
from tests.makers import make_platform

STOPNCII, NCMEC = "/exchange/stopncii/v1", "/exchange/ncmec"
NAMESPACE = "{https://hashsharing.ncmec.org/hashsharing/v2}"


@dataclass
class Clients:
    """Both clients of one platform."""

    new: NewKey
    http: Client

    def stopncii(self, call: str, body: Any = None, **query: str | int) -> Any:
        headers = {
            "x-functions-key": self.new.key,
            "ocp-apim-subscription-key": subscription_of(self.new.key),
        }
        path = f"{STOPNCII}/{call}"
        if body is None:
            return self.http.get(path, query, headers=headers)
        return self.http.post(path, body, content_type="application/json", headers=headers)

    def ncmec(self, path: str, **query: str | int) -> Any:
        return self.http.get(f"{NCMEC}{path}", query, headers={"authorization": self.basic})

    def vote(self, path: str, body: str) -> Any:
        return self.http.put(
            f"{NCMEC}{path}", body, content_type="application/xml", headers={"authorization": self.basic}
        )

    @property
    def basic(self) -> str:
        pair = f"{self.new.platform.slug}:{self.new.key}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def values(self, **query: str | int) -> dict[str, str]:
        """Each value on StopNCII's first page with its state, canaries apart."""
        records = self.stopncii("FetchHashes", **query).json()["hashRecords"]
        return {one["hashValue"]: one["hashStatus"] for one in records}

    def entries(self, **query: str | int) -> list[ET.Element]:
        """All elements of a range, images and videos, added and deleted."""
        root = ET.fromstring(self.ncmec("/v2/entries", **query).content)
        return [child for group in root if "count" in group.attrib for child in group]


@pytest.fixture
def clients(db: None) -> Clients:  # noqa: ARG001 - It stands in the database.
    return Clients(make_platform("Loop", scopes=("feed", "feedback", "submit")), Client())


@pytest.fixture
def publish_at() -> Callable[[datetime], None]:
    """Number what waits, as if it were that time; it is told at once where that lies in the past."""

    def at(moment: datetime) -> None:
        with time_machine.travel(moment, tick=False):
            while publish(now=timezone.now()):
                pass

    return at


@pytest.fixture
def earlier() -> datetime:
    return (timezone.now() - timedelta(hours=2)).replace(microsecond=0)
