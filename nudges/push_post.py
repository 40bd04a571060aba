"""A push as it goes over the wire: sealed for one browser, signed by us, with nothing to read for anybody in between."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException

from nudges.errors import NotABrowser
from nudges.push_sealing import seal

# After this it is no news any more.
LIVES = timedelta(hours=1)
_SIGNED_FOR = timedelta(hours=12)
_POINT_BYTES = 65
_AUTH_BYTES = 16
_LONGEST_ADDRESS = 2_000


@dataclass(frozen=True)
class Browser:
    """What a browser hands over so that it can be sent to."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Signer:
    """Our key, and how a push service reaches who runs this."""

    key: Vapid02
    contact: str

    @property
    def public_key(self) -> str:
        """As browsers ask for it."""
        point = self.key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def read_key(pem: bytes) -> Vapid02:
    """Raises ValueError for anything but a P-256 key."""
    try:
        key = Vapid02.from_pem(pem.strip())
    except (ValueError, TypeError, IndexError, binascii.Error) as error:
        raise ValueError("no key") from error
    if not isinstance(key.private_key, ec.EllipticCurvePrivateKey) or key.private_key.key_size != 256:
        raise ValueError("no P-256 key")
    # Its own look at the contact refuses addresses with a port.
    key.conf = {"no-strict": True}
    return key


def sealed(text: str, *, browser: Browser) -> bytes:
    """Raises NotABrowser."""
    try:
        receiver, auth = _bytes(browser.p256dh, _POINT_BYTES), _bytes(browser.auth, _AUTH_BYTES)
        return seal(text.encode(), receiver=receiver, auth=auth)
    except ValueError as error:
        raise NotABrowser from error


def headers(*, browser: Browser, signer: Signer, now: datetime) -> dict[str, str]:
    """Raises NotABrowser."""
    claims = {
        "aud": _origin(browser.endpoint),
        "sub": signer.contact,
        "exp": int((now + _SIGNED_FOR).timestamp()),
    }
    try:
        signature = signer.key.sign(claims)
    except VapidException as error:
        raise NotABrowser from error
    return {
        **signature,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(LIVES.total_seconds())),
        "Urgency": "low",
        # A newer one takes the place of an older one that waits.
        "Topic": "privacy-nudge",
    }


def require_browser(browser: Browser, *, plain_hosts: Collection[str] = ()) -> None:
    """Raises NotABrowser unless a push could be sealed for it and sent to it."""
    if not _is_address(browser.endpoint, plain_hosts):
        raise NotABrowser
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(browser.p256dh, _POINT_BYTES))
        _bytes(browser.auth, _AUTH_BYTES)
    except ValueError as error:
        raise NotABrowser from error


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


def _is_address(url: str, plain_hosts: Collection[str]) -> bool:
    """Where a name leads is looked at when it is called; here, whether it can be called at all."""
    try:
        parts = urlsplit(url)
        # What is signed names the host, and a number with colons in it can't be named there.
        is_named = bool(parts.hostname) and ":" not in str(parts.hostname)
        is_whole = is_named and parts.port != 0 and parts.username is None
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST_ADDRESS
    is_open = parts.scheme == "http" and parts.hostname in plain_hosts
    return is_whole and is_plain and (parts.scheme == "https" or is_open)


def _bytes(text: str, count: int) -> bytes:
    found = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if len(found) != count:
        raise ValueError(text)
    return found
