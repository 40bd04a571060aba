"""A push service and a browser of our own: what arrives is opened as a browser would open it."""

from __future__ import annotations

import base64
import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from nudges.services import Browser


@dataclass(frozen=True)
class OwnBrowser:
    """Holds the keys that never leave a browser."""

    address: Browser
    key: ec.EllipticCurvePrivateKey
    auth: bytes

    def opens(self, body: bytes) -> str:
        """RFC 8291 from the receiver's side, written from the RFC and not from our sender."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.key.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        )
        about = b"WebPush: info\x00" + point_of(self.key) + sender
        root = HKDF(SHA256(), 32, self.auth, about).derive(shared)
        key = HKDF(SHA256(), 16, salt, b"Content-Encoding: aes128gcm\x00").derive(root)
        nonce = HKDF(SHA256(), 12, salt, b"Content-Encoding: nonce\x00").derive(root)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")[:-1].decode()


def make_browser(endpoint: str) -> OwnBrowser:
    key, auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
    return OwnBrowser(Browser(endpoint, text_of(point_of(key)), text_of(auth)), key, auth)


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class PushService:
    """Answers each request with the next status, the last one for ever."""

    url: str
    answers: list[int]
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextlib.contextmanager
def push_service(*answers: int) -> Iterator[PushService]:
    service = PushService("", list(answers or (201,)))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(service.answers.pop(0) if len(service.answers) > 1 else service.answers[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}/push/abc"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
