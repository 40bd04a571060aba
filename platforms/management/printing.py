from __future__ import annotations

import json

from django.core.management.base import OutputWrapper

from platforms.services import NewKey, NewSecret, client_configuration


def print_new_key(stdout: OutputWrapper, new: NewKey, *, as_json: bool) -> None:
    """For a script as one JSON object, for a person with what to do about it."""
    if as_json:
        facts = {"platform": new.platform.slug, "key": new.key, **client_configuration(new)}
        stdout.write(json.dumps(facts))
        return
    stdout.write(f"Platform {new.platform.slug}, may: {', '.join(new.scopes)}")
    stdout.write(f"Key      {new.key}")
    stdout.write("Keep it now: it is shown this once and stored only as a hash.")


def print_new_secret(stdout: OutputWrapper, new: NewSecret, *, as_json: bool) -> None:
    if as_json:
        stdout.write(json.dumps({"webhook": new.endpoint.pk, "secret": new.secret}))
        return
    stdout.write(f"Webhook {new.endpoint.pk}: {new.endpoint.url}")
    stdout.write(f"Secret  {new.secret}")
    stdout.write("Keep it now: it is shown this once.")
