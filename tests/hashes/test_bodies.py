"""Bodies that lie about their length, come slowly or never end, at the server that production runs."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.photographs import PHOTOGRAPHS
from tests.servers import portal

pytestmark = pytest.mark.real_servers
PICTURE = PHOTOGRAPHS[1].read_bytes()
ONE_HASH = b'{"hashes": [{"algorithm": "md5", "value": "%s"}]}' % (b"0" * 32)


class Asked(NamedTuple):
    port: int
    key: str


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    with portal(DEMO="0") as running:
        made = json.loads(running.manage("platform_add", "Asks", "--scope", "match", "--json"))
        yield Asked(int(running.url.rpartition(":")[2]), made["key"])
        log = running.log()
        assert "Traceback" not in log
        assert "exception" not in log


def begin(asked: Asked, path: str, content_type: str, *headers: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", asked.port), timeout=30)
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{asked.port}",
        f"Authorization: Bearer {asked.key}",
        f"Content-Type: {content_type}",
        *headers,
    ]
    line.sendall("\r\n".join([*head, "", ""]).encode())
    return line


def status(line: socket.socket) -> int:
    """Of the first answer; 0 if there is none."""
    read = b""
    while b"\r\n" not in read and (got := line.recv(4_096)):
        read += got
    return int(read.split(b" ", 2)[1]) if read else 0


BODIES = [
    pytest.param("/api/v1/match/", "application/json", ONE_HASH, id="hashes"),
    pytest.param("/api/v1/match/media/", "image/jpeg", PICTURE, id="picture"),
]


@pytest.mark.parametrize(("path", "content_type", "body"), BODIES)
def test_it_is_answered_when_all_is_as_it_should_be(
    asked: Asked, path: str, content_type: str, body: bytes
) -> None:
    with begin(asked, path, content_type, f"Content-Length: {len(body)}") as line:
        line.sendall(body)
        assert status(line) == 200


@pytest.mark.parametrize(("path", "content_type", "body"), BODIES)
def test_less_than_was_promised_is_refused(asked: Asked, path: str, content_type: str, body: bytes) -> None:
    with begin(asked, path, content_type, f"Content-Length: {len(body)}") as line:
        line.sendall(body[: len(body) // 2])
        line.shutdown(socket.SHUT_WR)
        assert status(line) == 400


@pytest.mark.parametrize(("path", "content_type", "body"), BODIES)
def test_more_than_was_promised_is_not_read(asked: Asked, path: str, content_type: str, body: bytes) -> None:
    with begin(asked, path, content_type, f"Content-Length: {len(body) // 2}") as line:
        line.sendall(body)
        assert status(line) == 400


@pytest.mark.parametrize(("path", "content_type", "body"), BODIES)
@pytest.mark.parametrize("length", ["-1", "x", "1e3", "", "5, 6"])
def test_a_length_that_is_no_number_is_refused(
    asked: Asked, path: str, content_type: str, body: bytes, length: str
) -> None:
    with begin(asked, path, content_type, f"Content-Length: {length}") as line:
        line.sendall(body)
        assert status(line) == 400


@pytest.mark.parametrize(("path", "content_type", "body"), BODIES)
def test_a_body_in_chunks_is_told_to_come_in_one_piece(
    asked: Asked, path: str, content_type: str, body: bytes
) -> None:
    with begin(asked, path, content_type, "Transfer-Encoding: chunked") as line:
        line.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert status(line) == 411


def test_too_much_is_refused_before_it_came(asked: Asked) -> None:
    """Nothing of the body is sent, and nobody waits for it."""
    for path, content_type in (
        ("/api/v1/match/", "application/json"),
        ("/api/v1/match/media/", "image/jpeg"),
        ("/api/v1/match/media/", "multipart/form-data; boundary=x"),
    ):
        with begin(asked, path, content_type, "Content-Length: 4000000000") as line:
            assert status(line) == 413


def test_slow_bodies_keep_nobody_else_waiting(asked: Asked) -> None:
    slow = [begin(asked, "/api/v1/match/media/", "image/jpeg", "Content-Length: 50000") for _ in range(8)]
    try:
        for line in slow:
            line.sendall(PICTURE[:100])
        with begin(asked, "/api/v1/match/", "application/json", f"Content-Length: {len(ONE_HASH)}") as line:
            line.sendall(ONE_HASH)
            assert status(line) == 200
    finally:
        for line in slow:
            line.close()
