"""What an access code opens, without the code being stored.

root = Argon2id(code, the case's salt) (RFC 9106); from it HKDF (RFC 5869) makes a key that proves the code and one that
wraps the case key. The first is stored only under an HMAC with a pepper that lives outside the database. The case key is
also sealed for the team (X25519 sealed box), whose private key is a file outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

SALT_LENGTH = 16
# Argon2id: memory in KiB, passes, lanes. About a tenth of a second, and far more for whoever guesses.
MEMORY, PASSES, LANES = 65_536, 3, 1


@dataclass(frozen=True, repr=False)
class Root:
    """What Argon2id makes of a code; 32 bytes that never leave memory."""

    key: bytes

    def derive(self, purpose: str) -> bytes:
        return HKDFExpand(algorithm=SHA256(), length=32, info=purpose.encode()).derive(self.key)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_LENGTH)


def derive_root(*, code: str, salt: bytes) -> Root:
    key = hash_secret_raw(
        secret=code.encode(),
        salt=salt,
        time_cost=PASSES,
        memory_cost=MEMORY,
        parallelism=LANES,
        hash_len=32,
        type=Type.ID,
    )
    return Root(key)


def keyed_digest(*, pepper: bytes, purpose: str, message: bytes) -> bytes:
    return hmac.new(pepper, purpose.encode() + b"\0" + message, hashlib.sha256).digest()


def verifier(*, root: Root, pepper: bytes) -> bytes:
    return keyed_digest(pepper=pepper, purpose="verify", message=root.derive("verify"))


def is_proven(*, root: Root, pepper: bytes, stored: bytes) -> bool:
    return hmac.compare_digest(verifier(root=root, pepper=pepper), stored)


def new_case_key() -> bytes:
    return secrets.token_bytes(SecretBox.KEY_SIZE)


def wrap_for_reporter(*, case_key: bytes, root: Root) -> bytes:
    return bytes(SecretBox(root.derive("wrap")).encrypt(case_key))


def unwrap_for_reporter(*, wrapped: bytes, root: Root) -> bytes:
    """Raises nacl.exceptions.CryptoError if this root did not wrap it."""
    return bytes(SecretBox(root.derive("wrap")).decrypt(wrapped))


def wrap_for_team(*, case_key: bytes, team_public_key: bytes) -> bytes:
    return bytes(SealedBox(PublicKey(team_public_key)).encrypt(case_key))


def unwrap_for_team(*, wrapped: bytes, private_key: bytes) -> bytes:
    """Raises nacl.exceptions.CryptoError if it was not sealed for this key."""
    return bytes(SealedBox(PrivateKey(private_key)).decrypt(wrapped))


def public_half(private_key: bytes) -> bytes:
    return bytes(PrivateKey(private_key).public_key)


def seal(text: str, *, case_key: bytes) -> bytes:
    """Under the case key, so that a dump of the database reads nothing. The length shows, to the byte."""
    return bytes(SecretBox(case_key).encrypt(text.encode()))


def open_sealed(sealed: bytes, *, case_key: bytes) -> str:
    """Raises nacl.exceptions.CryptoError if another key sealed it, or a byte was changed."""
    return SecretBox(case_key).decrypt(bytes(sealed)).decode()


def sealed_length(sealed: bytes) -> int:
    """How many bytes the text has, without opening it."""
    return len(sealed) - SecretBox.NONCE_SIZE - SecretBox.MACBYTES


def key_id(public_key: bytes) -> str:
    """Which team key sealed a case, so that keys can be replaced."""
    return hashlib.sha256(public_key).hexdigest()[:16]
