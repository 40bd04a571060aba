from __future__ import annotations

import json

from django.core.management.base import OutputWrapper

from platforms.services import NewKey


def print_new_key(stdout: OutputWrapper, new: NewKey, *, as_json: bool) -> None:
    """For a script as one JSON object, for a person with what to do about it."""
    if as_json:
        stdout.write(json.dumps({"platform": new.platform.slug, "key": new.key}))
        return
    stdout.write(f"Platform {new.platform.slug}, may: {', '.join(new.scopes)}")
    stdout.write(f"Key      {new.key}")
    stdout.write("Keep it now: it is shown this once and stored only as a hash.")
