"""The demo: two platforms with their keys, pictures to report, and uploads among which copies of them hide."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from hashes.demo_pictures import UPLOADS, make_originals, make_uploads
from platforms.errors import AgreementOver, NameTaken
from platforms.services import add_platform, credential, participating, revoke_keys, rotate_key

# One reads the list, asks and answers, and has members of its own; the other only asks.
PLATFORMS = {
    "loopfeed": ("Loopfeed", ("feed", "match", "feedback", "safety")),
    "chatterbox": ("Chatterbox", ("feed", "match")),
}
# Tells them from platforms that an operator added.
_OPERATOR = " (demo)"

# Some time ago, so that reports of the last months reached them.
_JOINED = timedelta(days=200)


def seed(*, folder: Path, now: datetime) -> Iterator[str]:
    """Make what is missing; tell what there is. Running it again changes nothing."""
    keys = _keys(folder / "keys.json", now=now)
    for slug in keys:
        name, scopes = PLATFORMS[slug]
        yield f"Platform {name} ({slug}), may: {', '.join(scopes)}"
    yield f"Keys of {len(keys)} platforms: {folder / 'keys.json'}"
    yield from _pictures(folder)


def end(*, now: datetime) -> int:
    """Revoke the demo platforms' keys, which were printed; say how many. An operator's own platforms stay."""
    operators = {name + _OPERATOR for name, _scopes in PLATFORMS.values()}
    ours = [one.slug for one in participating(on=now.date()) if one.operator in operators]
    return sum(revoke_keys(slug=slug) for slug in ours)


def _pictures(folder: Path) -> Iterator[str]:
    try:
        make_originals(folder / "pictures")
        make_uploads(folder / "uploads")
    except (ModuleNotFoundError, FileNotFoundError) as missing:
        yield f"No demo pictures: {missing}. The packages of requirements/demo.txt bring them."
        return
    yield f"Pictures to report: {folder / 'pictures'}"
    yield f"Loopfeed's uploads: {folder / 'uploads'}"
    for name, upload in UPLOADS.items():
        yield f"  {name}  {upload.told}"


def _keys(path: Path, *, now: datetime) -> dict[str, str]:
    """The platforms' keys, kept in a file that only its owner reads: the database has just their hashes."""
    kept = json.loads(path.read_text()) if path.exists() else {}
    keys = {slug: _valid(kept.get(slug, ""), now=now) or _new_key(slug, now=now) for slug in PLATFORMS}
    keys = {slug: key for slug, key in keys.items() if key}
    if keys != kept:
        _write(path, json.dumps(keys, indent=1))
    return keys


def _valid(key: str, *, now: datetime) -> str:
    return key if credential(key=key, now=now) else ""


def _new_key(slug: str, *, now: datetime) -> str:
    """None for a platform that was ended: that was somebody's decision."""
    name, scopes = PLATFORMS[slug]
    try:
        agreed_on = (now - _JOINED).date()
        return add_platform(name=name, scopes=scopes, operator=name + _OPERATOR, agreed_on=agreed_on).key
    except NameTaken:
        with contextlib.suppress(AgreementOver):
            return rotate_key(slug=slug, overlap=timedelta(0), now=now).key
    return ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)
