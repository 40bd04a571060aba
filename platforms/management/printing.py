from __future__ import annotations

import json

from django.conf import settings
from django.core.management.base import OutputWrapper

from platforms.services import NewKey, NewSecret, subscription_of


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


def client_configuration(new: NewKey) -> dict[str, dict[str, str]]:
    """What the clients that platforms already have are configured with."""
    exchange = f"{settings.SITE_URL}/exchange"
    return {
        "stopncii": {
            "base_url": f"{exchange}/stopncii/v1",
            "fetch_key": new.key,
            "subscription_key": subscription_of(new.key),
            "feedback_key": new.key,
        },
        # Their client adds the version itself.
        "ncmec": {"base_url": f"{exchange}/ncmec", "user": new.platform.slug, "password": new.key},
    }
