"""A platform's server that hears webhooks: a real one, on this machine."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass
class Heard:
    headers: dict[str, str]
    body: str


@dataclass
class Receiver:
    url: str
    heard: list[Heard] = field(default_factory=list)
    # How it answers, one after the other; 204 when none is left.
    answers: list[int] = field(default_factory=list)
    # While it is shut, no answer comes.
    is_open: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    # What an answer says about where to go on.
    location: str = ""

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.heard]


def self_signed(folder: Path) -> Path:
    """A certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "platform.example")])
    day = timedelta(days=1)
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - day, now + day
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(plain + certificate.public_bytes(Encoding.PEM))
    return file


@contextmanager
def receiver(certificate: Path | None = None) -> Iterator[Receiver]:
    """With a certificate it speaks https."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # The handshake is made where it is answered, so that one that fails ends that answer only.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    # An answer that nobody waits for any more holds nothing up.
    server.daemon_threads = True
    server.block_on_close = True
    running = Receiver(f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}/hook")
    running.is_open.set()
    server.receiver = running  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield running
    finally:
        running.is_open.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_args: object) -> None:
        """A caller who hangs up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        here: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        here.heard.append(Heard({name.lower(): text for name, text in self.headers.items()}, body))
        status = here.answers.pop(0) if here.answers else 204
        here.asked.set()
        here.is_open.wait(60)
        self.send_response(status)
        if here.location:
            self.send_header("Location", here.location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_args: object) -> None:  # noqa: A002 - The library's name.
        """Nothing: a test's output is its own."""
