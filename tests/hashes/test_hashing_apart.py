"""Pictures of strangers are opened in a process that can be stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from hashes.errors import HashingTookTooLong, PictureTooLarge
from hashes.hashing import fingerprint_file
from hashes.hashing_apart import Hashers
from tests.photographs import PHOTOGRAPHS

PICTURES = [one for one in PHOTOGRAPHS if not one.path.endswith(".npz")][:4]


@pytest.fixture
def hashers() -> Iterator[Hashers]:
    made = Hashers(at_once=2, most_pixels=30_000_000)
    yield made
    made.close()


def large_picture() -> bytes:
    kept = BytesIO()
    Image.effect_noise((5_000, 5_000), 90).convert("RGB").save(kept, "JPEG", quality=95)
    return kept.getvalue()


def pids(hashers: Hashers) -> list[int]:
    return [one._process.pid for one in hashers._idle]


def test_it_says_what_hashing_here_would(hashers: Hashers) -> None:
    for picture in PICTURES:
        content = picture.read_bytes()
        assert hashers.fingerprints(content, seconds=60) == fingerprint_file(content)
    assert len(pids(hashers)) == 1


def test_several_at_once_get_each_their_own(hashers: Hashers) -> None:
    contents = [picture.read_bytes() for picture in PICTURES * 3]
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda content: hashers.fingerprints(content, seconds=60), contents))
    assert found == [fingerprint_file(content) for content in contents]
    assert len(pids(hashers)) <= 2


def test_one_that_takes_too_long_is_killed_and_the_next_is_served(hashers: Hashers) -> None:
    small = PICTURES[0].read_bytes()
    hashers.fingerprints(small, seconds=60)
    (first,) = pids(hashers)
    with pytest.raises(HashingTookTooLong):
        hashers.fingerprints(large_picture(), seconds=0.001)
    assert pids(hashers) == []
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert hashers.fingerprints(small, seconds=60) == fingerprint_file(small)


def test_one_that_was_killed_while_idle_is_replaced(hashers: Hashers) -> None:
    small = PICTURES[0].read_bytes()
    hashers.fingerprints(small, seconds=60)
    (first,) = pids(hashers)
    os.kill(first, signal.SIGKILL)
    hashers._idle[0]._process.wait()
    assert hashers.fingerprints(small, seconds=60) == fingerprint_file(small)


def test_what_is_too_large_is_refused_and_the_process_lives(hashers: Hashers) -> None:
    hashers.fingerprints(PICTURES[0].read_bytes(), seconds=60)
    before = pids(hashers)
    kept = BytesIO()
    Image.new("RGB", (6_000, 6_000)).save(kept, "PNG")
    with pytest.raises(PictureTooLarge):
        hashers.fingerprints(kept.getvalue(), seconds=60)
    assert pids(hashers) == before


def test_the_process_may_write_no_file_and_knows_no_secret(hashers: Hashers) -> None:
    hashers.fingerprints(PICTURES[0].read_bytes(), seconds=60)
    (pid,) = pids(hashers)
    told = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8").splitlines()
    limits = {line[:26].strip(): line[26:].split()[0] for line in told}
    assert (limits["Max file size"], limits["Max core file size"]) == ("0", "0")
    assert limits["Max data size"].isdigit()
    assert b"SECRET" not in Path(f"/proc/{pid}/environ").read_bytes()
