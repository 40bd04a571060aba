"""What is meant for one browser, sealed so that only it can read it: RFC 8291, in one record of RFC 8188."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_RECORD = 4_096
_SALT = 16
# Says that the record is the last one.
_END = b"\x02"


def seal(
    text: bytes,
    *,
    receiver: bytes,
    auth: bytes,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """For the browser with the public point `receiver` and the secret `auth`. Raises ValueError if that is no point."""
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(_SALT)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), receiver))
    root = _derived(shared, salt=auth, about=b"WebPush: info\0" + receiver + point, length=32)
    key = _derived(root, salt=salt, about=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(root, salt=salt, about=b"Content-Encoding: nonce\0", length=12)
    head = salt + _RECORD.to_bytes(4, "big") + len(point).to_bytes(1, "big") + point
    return head + AESGCM(key).encrypt(nonce, text + _END, None)


def _derived(secret: bytes, *, salt: bytes, about: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=about).derive(secret)
