"""A marked address and a marked browser walk through everything; neither is to be found anywhere afterwards."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import socket
import sqlite3
import time
from collections.abc import Iterator

import httpx
import pytest
from django.conf import settings

from tests.servers import Portal, portal

pytestmark = pytest.mark.real_servers

# The whole of 127/8 is this machine's, so a client can really come from an address of its own.
ADDRESS = "127.83.61.47"
FORWARDED = "203.0.113.201"
BROWSER = "MarkedBrowser/83.61 (walks through everything)"
QUERY = "marked-query-8361"
WORDS = "marked-words-8361 of hers"
MARKS = (ADDRESS, FORWARDED, "MarkedBrowser", QUERY, WORDS)
HEADERS = {"User-Agent": BROWSER, "X-Forwarded-For": FORWARDED, "Referer": f"http://127.0.0.1/?{QUERY}"}


@pytest.fixture(scope="module")
def walked() -> Iterator[Portal]:
    """The portal after she reported, came back and withdrew, once as nobody and once signed in as a superuser."""
    with portal(LOG_LEVEL="INFO", BEHIND_PROXY="1") as running:
        for signed_in in (False, True):
            with contextlib.closing(_stranger(running)) as client:
                if signed_in:
                    _sign_in(running, client)
                _look_around(client)
                _report_and_come_back(client)
                _make_mistakes(client)
        _send_rubbish(running)
        _wait_until_published(running)
        yield running


def _stranger(running: Portal) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=ADDRESS)
    return httpx.Client(base_url=running.url, headers=HEADERS, transport=transport, timeout=30)


def _sign_in(running: Portal, client: httpx.Client) -> None:
    staff = json.loads((running.var / "demo" / "staff.json").read_text())
    assert _send(client, "/staff/sign-in/", login=staff["username"], password=staff["password"]) == 302
    # The half minute of a code may end between reading and sending it.
    answers = (_send(client, "/staff/sign-in/second-step/", code=_code(running)) for _ in range(3))
    assert 302 in answers
    assert client.get("/admin/").status_code == 200


def _code(running: Portal) -> str:
    return running.manage("demo_code").strip()


def _send(client: httpx.Client, path: str, **form: str) -> int:
    client.get(path)
    form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
    return client.post(path, data=form, headers={"Referer": f"{client.base_url}{path}"}).status_code


def _look_around(client: httpx.Client) -> None:
    for path in ("/", "/report/", "/report/pictures/", "/status/", "/help/", "/privacy/"):
        answer = client.get(f"{path}?{QUERY}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


def _report_and_come_back(client: httpx.Client) -> None:
    value = secrets.token_hex(32)
    media = [{"kind": "image", "fingerprints": [{"algorithm": "sha256", "value": value}]}]
    headers = {"Idempotency-Key": secrets.token_urlsafe(24)}
    taken = client.post("/api/v1/cases/", json={"media": media, "threatened": True}, headers=headers)
    assert taken.status_code == 201, taken.text
    assert "Set-Cookie" not in taken.headers
    opened = {"access_code": taken.json()["access_code"]}
    written = {
        "messages": {"text": WORDS, "danger": True},
        "locations": {"locations": [{"platform": None, "where": WORDS}], "authorised": True},
    }
    for path, body in written.items():
        headers = {"Idempotency-Key": secrets.token_urlsafe(24)}
        answer = client.post(f"/api/v1/cases/{path}/", json={**opened, **body}, headers=headers)
        assert answer.status_code == 201, answer.text
        # The whole of it stands in the answer, so a mark that is found elsewhere is a mark that was kept.
        assert path == "locations" or WORDS in answer.text
    for path, status in (("status", 200), ("withdraw", 202), ("withdraw/cancel", 202), ("status", 200)):
        answer = client.post(f"/api/v1/cases/{path}/", json=opened)
        # In the demo a withdrawal takes effect at once, and nothing is left to cancel.
        assert answer.status_code in {status, 409}, answer.text


def _make_mistakes(client: httpx.Client) -> None:
    client.post("/api/v1/cases/status/", json={"access_code": "AAAAA-AAAAA-AAAAA-AAAAA"})
    client.post("/api/v1/cases/", content="{" + QUERY)
    client.get(f"/{QUERY}/")
    client.get(f"/api/v1/{QUERY}/?{QUERY}")
    client.delete("/report/")
    client.get("/report/", headers={"Host": f"{QUERY}.example"})
    client.post("/staff/sign-in/", data={"login": QUERY, "password": QUERY})


def _send_rubbish(running: Portal) -> None:
    """What no browser sends: the web server itself refuses it."""
    port = int(running.url.rpartition(":")[2])
    for line in (
        f"GET /status/?{QUERY} HTTP/9.9",
        f"{QUERY}",
        f"GET /{QUERY} HTTP/1.1\r\nContent-Length: {QUERY}",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(ADDRESS, 0)) as plain:
            plain.sendall(f"{line}\r\nUser-Agent: {BROWSER}\r\n\r\n".encode())
            plain.settimeout(5)
            plain.recv(1024)


def _wait_until_published(running: Portal) -> None:
    deadline = time.monotonic() + 15
    while (
        _rows(running, "SELECT 1 FROM hashes_feedchange WHERE number IS NULL") and time.monotonic() < deadline
    ):
        time.sleep(0.2)


def _rows(running: Portal, query: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(running.var / "reclaim.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_no_table_holds_it(walked: Portal) -> None:
    tables = [str(name) for (name,) in _rows(walked, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert "cases_case" in tables
    told = {table: repr(_rows(walked, f'SELECT * FROM "{table}"')) for table in tables}  # noqa: S608 - Our own tables.
    assert told["cases_case"] != "[]"
    assert [table for table, text in told.items() if any(mark in text for mark in MARKS)] == []


def test_no_file_holds_it_and_no_log_line(walked: Portal) -> None:
    files = [path for path in walked.var.rglob("*") if path.is_file()]
    assert walked.var / "portal.log" in files
    marked = [path.name for path in files for mark in MARKS if mark.encode() in path.read_bytes()]
    assert marked == []


def test_no_log_line_says_where_she_was(walked: Portal) -> None:
    log = walked.log()
    for path in ("/report", "/status", "/api/v1/cases", "/help", "/privacy"):
        assert path not in log.replace(f"{walked.url}{path}/", ""), path


def test_the_web_server_did_write_lines_so_their_silence_means_something(walked: Portal) -> None:
    lines = [json.loads(line) for line in walked.log().splitlines() if line.startswith("{")]
    assert [line for line in lines if line["logger"] == "gunicorn.error"]
    assert [line for line in lines if line["logger"].startswith("django.security")]


# What staff do keeps exact times; the demo has staff at work.
_OF_STAFF = {"cases_claim", "cases_note", "cases_notice", "cases_escalation"}


def test_rows_about_her_hold_no_time_but_of_clocks_by_the_quarter_hour(walked: Portal) -> None:
    tables = [
        str(name)
        for (name,) in _rows(
            walked, "SELECT name FROM sqlite_master WHERE name LIKE 'cases_%' AND type = 'table'"
        )
    ]
    about_her = sorted(set(tables) - _OF_STAFF)
    assert {"cases_case", "cases_message", "cases_location"} <= set(about_her)
    text = "".join(repr(_rows(walked, f'SELECT * FROM "{table}"')) for table in about_her)  # noqa: S608 - Our own tables.
    times = re.findall(r"\d\d:(\d\d:\d\d(?:\.\d+)?)", text)
    assert times, "Replays expire, so there is at least one time to look at."
    assert {time_ for time_ in times if time_ not in {"00:00", "15:00", "30:00", "45:00"}} == set()


def test_nobody_is_mailed_about_errors() -> None:
    assert settings.ADMINS == settings.MANAGERS == []
    assert "mail_admins" not in str(settings.LOGGING)
