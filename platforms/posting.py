"""One POST to an address that somebody else chose: checked where it is connected to, hurried, never led on."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore

from platforms.addresses import is_public

# For all of one try: looking up, connecting, sending, and the first line of the answer.
SECONDS = 10.0
NOT_ALLOWED = "address_not_allowed"

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Post:
    url: str
    headers: Mapping[str, str]
    body: str | bytes


@dataclass(frozen=True)
class Outcome:
    """The answer's status, or a short word for what kept it from coming."""

    status: int | None = None
    problem: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class NotAllowed(Exception):
    """The name leads to an address that may not be called."""


def send(
    post: Post, *, allowed_hosts: Collection[str], resolve: Resolve | None = None, seconds: float = SECONDS
) -> Outcome:
    """Send it once. A redirect is an answer like any other; of the answer nothing but its status is read."""
    backend = _CheckedBackend(allowed_hosts, resolve or _resolve, ends_at=time.monotonic() + seconds)
    pool = httpcore.ConnectionPool(ssl_context=_trust(), network_backend=backend)
    headers = [(name.encode(), text.encode()) for name, text in post.headers.items()]
    body = post.body.encode() if isinstance(post.body, str) else post.body
    try:
        with pool, pool.stream("POST", post.url, headers=headers, content=body) as answer:
            return Outcome(status=answer.status)
    except _PROBLEMS as error:
        return Outcome(problem=_word_for(error))


def _word_for(error: Exception) -> str:
    if any(isinstance(inner, ssl.SSLError) for inner in error.args):
        return "tls"
    return next(word for kind, word in _WORDS.items() if isinstance(error, kind))


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to the very address that was checked, so that a name which answers otherwise a moment later is no way in."""

    def __init__(self, allowed_hosts: Collection[str], resolve: Resolve, *, ends_at: float) -> None:
        self.allowed_hosts = allowed_hosts
        self.resolve = resolve
        self.ends_at = ends_at

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - The whole try has one end.
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self.resolve(host, port)
        if host not in self.allowed_hosts and not all(is_public(one) for one in addresses):
            raise NotAllowed(host)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, local_address, socket_options)
            except httpcore.ConnectError:
                continue
        return self._connect(addresses[-1], port, local_address, socket_options)

    def _connect(
        self, address: str, port: int, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        left = _left(self.ends_at)
        stream = super().connect_tcp(address, port, left, local_address, options)
        return _HurriedStream(stream, self.ends_at)


class _HurriedStream(httpcore.NetworkStream):
    """Every read and write ends with the whole try: an answer that trickles in buys no time."""

    def __init__(self, stream: httpcore.NetworkStream, ends_at: float) -> None:
        self.stream = stream
        self.ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self.stream.read(max_bytes, _left(self.ends_at))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self.stream.write(buffer, _left(self.ends_at))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self.stream.start_tls(ssl_context, server_hostname, _left(self.ends_at))
        return _HurriedStream(secured, self.ends_at)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("The time for this try is over.")
    return left


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for _family, _type, _proto, _name, address in found))


# The first that fits counts.
_WORDS: dict[type[Exception], str] = {
    NotAllowed: NOT_ALLOWED,
    httpcore.TimeoutException: "timeout",
    socket.gaierror: "no_such_host",
    UnicodeError: "no_such_host",
    httpcore.NetworkError: "connection",
    OSError: "connection",
    httpcore.ProtocolError: "no_http",
    httpcore.UnsupportedProtocol: "no_http",
}
_PROBLEMS = tuple(_WORDS)


@cache
def _trust() -> ssl.SSLContext:
    return httpcore.default_ssl_context()
