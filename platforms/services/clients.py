"""What the clients that platforms already have are configured with. One home for the command and the desk."""

from __future__ import annotations

from django.conf import settings

from platforms.services.keys import NewKey, subscription_of


def client_configuration(new: NewKey) -> dict[str, dict[str, str]]:
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
