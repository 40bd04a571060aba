"""The client that platforms have, as it is, reads our list, matches with it, and its feedback reaches the reporter."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import ROOT, Portal, portal

CLIENTS = ROOT / ".clients" / "bin"

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(240), pytest.mark.xdist_group("their clients")]

# Their NCMEC client, given our address: it knows only NCMEC's own otherwise.
NCMEC = """
import json, sys, time
from threatexchange.exchanges.clients.ncmec import hash_api as api
class Ours: value = {base!r}
client = api.NCMECHashAPI({user!r}, {password!r}, Ours)
"""
# Their exchange around it: what it holds is kept between runs as its own command line keeps it.
FETCH = """
from threatexchange.exchanges.impl import ncmec_api as impl
from threatexchange.signal_type.pdq.signal import PdqSignal
collab = impl.NCMECCollabConfig(name="ours", environment=Ours)
exchange = impl.NCMECSignalExchangeAPI(collab, {user!r}, {password!r})
held, checkpoint = json.loads(sys.stdin.read() or "[{{}}, null]")
before = None if checkpoint is None else impl.NCMECCheckpoint(checkpoint)
requests = 0
for delta in exchange.fetch_iter([PdqSignal], before):
    requests += 1
    for key, entry in delta.updates.items():
        kept = exchange.fetch_value_merge(None, entry)
        if kept is None: held.pop(key, None)
        else: held[key] = kept.fingerprints
    before = delta.checkpoint
print(json.dumps([held, before.get_entries_max_ts, requests]))
"""


@dataclass
class Joined:
    """A platform that reads the list with clients of its own."""

    portal: Portal
    home: Path
    facts: dict[str, Any]

    def threatexchange(self, *arguments: str, keys: str | None = None) -> str:
        stopncii = self.facts["stopncii"]
        known = f"{stopncii['fetch_key']},{stopncii['subscription_key']},{stopncii['base_url']}"
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "TX_STOPNCII_KEYS": keys or known}
        done = subprocess.run(
            [CLIENTS / "threatexchange", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def matches(self, value: str) -> bool:
        return "(ours)" in self.threatexchange("match", "-H", "-S", "pdq", "photo", "--", value)

    def python(self, script: str, *, given: str = "", **others: str) -> Any:
        facts = {"user": self.facts["ncmec"]["user"], "password": self.facts["ncmec"]["password"], **others}
        script = script.format(base=self.facts["ncmec"]["base_url"], **facts)
        done = subprocess.run(
            [CLIENTS / "python", "-c", script], input=given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def report(self, *values: str) -> str:
        """Somebody reports pictures with these hashes; gives her code."""
        media = [
            {"kind": "image", "fingerprints": [{"algorithm": "pdq", "value": one, "quality": 100}]}
            for one in values
        ]
        headers = {"Idempotency-Key": secrets.token_urlsafe(24)}
        answer = httpx.post(f"{self.portal.url}/api/v1/cases/", json={"media": media}, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_code"])

    def ask(self, path: str, code: str) -> dict[str, Any]:
        answer = httpx.post(f"{self.portal.url}/api/v1/cases/{path}/", json={"access_code": code})
        assert answer.status_code < 400, answer.text
        return dict(answer.json())

    def wait_until_published(self) -> None:
        """All is numbered, and its stamp has passed."""
        for _ in range(100):
            ready = httpx.get(f"{self.portal.url}/readyz").status_code == 200
            count = "from hashes.models import FeedChange as F; print(F.objects.filter(number=None).count())"
            if ready and self.portal.manage("shell", "-v", "0", "-c", count).strip() == "0":
                # Their clients ask for what is some seconds old.
                time.sleep(8)
                return
        raise AssertionError("The feed was not published.")


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    if not (CLIENTS / "threatexchange").exists():
        missing = "The platforms' client is not here; `make clients` gets it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    delays = {
        "WITHDRAWAL_DELAY_HOURS": "0",
        "WITHDRAWAL_DELAY_THREATENED_HOURS": "0",
        "LADDER_BATCH_HOURS": "0",
    }
    with portal(DEMO="0", FEED_STAMP_SECONDS="1", **delays) as started:
        yield started


@pytest.fixture
def joined(running: Portal, tmp_path: Path) -> Joined:
    name = f"Loop {secrets.token_hex(3)}"
    scopes = [part for one in ("feed", "feedback", "submit") for part in ("--scope", one)]
    return Joined(running, tmp_path, json.loads(running.manage("platform_add", name, *scopes, "--json")))


def a_hash() -> str:
    return secrets.token_hex(32)


def test_stopncii_first_and_next_sync_match_feedback_and_withdrawal(joined: Joined) -> None:
    first, later = a_hash(), a_hash()
    code = joined.report(first)
    joined.wait_until_published()
    joined.threatexchange("config", "collab", "edit", "stop_ncii", "--create", "ours")
    assert "Up to date" in joined.threatexchange("fetch")
    assert joined.matches(first)
    assert not joined.matches(later)

    joined.report(later)
    joined.wait_until_published()
    joined.threatexchange("fetch")
    assert joined.matches(first)
    assert joined.matches(later)

    _say_blocked(joined, first)
    assert "blocked" in json.dumps(joined.ask("status", code))

    joined.ask("withdraw", code)
    joined.wait_until_published()
    # Their client never drops what was withdrawn while it follows; read anew from the start, it is gone.
    joined.threatexchange("fetch", "--clear")
    joined.threatexchange("fetch")
    assert not joined.matches(first)
    assert joined.matches(later)
    # Going on from there doesn't bring it back.
    joined.threatexchange("fetch")
    assert not joined.matches(first)
    assert joined.matches(later)


def _say_blocked(joined: Joined, value: str) -> None:
    stopncii = joined.facts["stopncii"]
    script = (
        "import json\nfrom threatexchange.exchanges.clients.stopncii import api\n"
        "E, V = api.StopNCIIEndpoint, api.StopNCIICSPFeedbackValue\n"
        "client = api.StopNCIIAPI({subscription!r}, {fetch!r}, {{E.SubmitFeedback: {feedback!r}}}, {address!r})\n"
        "client.submit_feedback(api.StopNCIISignalType.ImagePDQ, {value!r}, V.Blocked, {{'t1'}})\n"
        "print(json.dumps('said'))\n"
    )
    joined.python(
        script,
        subscription=stopncii["subscription_key"],
        fetch=stopncii["fetch_key"],
        feedback=stopncii["feedback_key"],
        address=stopncii["base_url"],
        value=value,
    )


def test_stopncii_takes_what_a_platform_lists_itself(joined: Joined) -> None:
    stopncii, value = joined.facts["stopncii"], a_hash()
    script = (
        "import json\nfrom threatexchange.exchanges.clients.stopncii import api\n"
        "client = api.StopNCIIAPI({subscription!r}, {fetch!r}, {{api.StopNCIIEndpoint.SubmitHashes: {fetch!r}}}, {address!r})\n"
        "client.submit_hash(api.StopNCIISignalType.ImagePDQ, {value!r})\n"
        "print(json.dumps('said'))\n"
    )
    for _ in range(2):
        joined.python(
            script,
            subscription=stopncii["subscription_key"],
            fetch=stopncii["fetch_key"],
            address=stopncii["base_url"],
            value=value,
        )
    joined.wait_until_published()
    joined.threatexchange("config", "collab", "edit", "stop_ncii", "--create", "ours")
    joined.threatexchange("fetch")
    assert joined.threatexchange("dataset", "-P", "-s", "pdq").count(value) == 1


def test_stopncii_with_wrong_keys_reads_nothing(joined: Joined) -> None:
    joined.threatexchange("config", "collab", "edit", "stop_ncii", "--create", "ours")
    address = joined.facts["stopncii"]["base_url"]
    for keys in (f"wrong,wrong,{address}", f"{joined.facts['key']},wrong,{address}"):
        assert "failed to fetch" in joined.threatexchange("fetch", keys=keys)


def test_ncmec_first_and_next_sync_and_a_withdrawal_that_is_dropped_on_the_way(joined: Joined) -> None:
    first, later = a_hash(), a_hash()
    code = joined.report(first)
    joined.wait_until_published()
    held, checkpoint, _requests = joined.python(NCMEC + FETCH)
    assert {"pdq": first} in held.values()
    assert {"pdq": later} not in held.values()

    joined.report(later)
    joined.ask("withdraw", code)
    joined.wait_until_published()
    held, _checkpoint, _requests = joined.python(NCMEC + FETCH, given=json.dumps([held, checkpoint]))
    assert {"pdq": later} in held.values()
    assert {"pdq": first} not in held.values()


def test_ncmec_a_vote_reaches_the_reporter(joined: Joined) -> None:
    value = a_hash()
    code = joined.report(value)
    joined.wait_until_published()
    vote = """
found = [one for page in client.get_entries_iter(end_timestamp=int(time.time()) - 1) for one in page.updates]
entry = next(one for one in found if one.fingerprints.get("pdq") == {value!r})
client.submit_feedback(entry.member_id, entry.id, api.FingerprintType.pdq, api.FeedbackType.{kind})
print(json.dumps([client.status().esp_name, len(client.members())]))
"""
    name, _members = joined.python(NCMEC + vote, value=value, kind="upvote")
    assert name == joined.facts["ncmec"]["user"]
    assert "blocked" in json.dumps(joined.ask("status", code))


def test_ncmec_with_a_wrong_password_reads_nothing(joined: Joined) -> None:
    joined.facts["ncmec"]["password"] = "wrong"
    refused = """
import requests
try:
    client.status()
except requests.HTTPError as error:
    print(json.dumps(error.response.status_code))
"""
    assert joined.python(NCMEC + refused) == 401
