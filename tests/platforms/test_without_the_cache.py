"""What has to hold while the shared cache is away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import ConnectionError as NoRedis

from hashes.models import Canary
from hashes.services import ensure_canaries, take_feedback
from platforms.services import credential, revoke_keys
from tests.makers import make_platform

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def away(*_arguments: Any, **_options: Any) -> None:
        raise NoRedis("Connection refused")

    with monkeypatch.context() as patched:
        for name in ("get", "set", "delete_many"):
            patched.setattr(type(cache._connections[cache._alias]), name, away)  # type: ignore[attr-defined]  # The one in use.
        yield


@pytest.mark.usefixtures("no_cache")
def test_a_key_can_be_revoked() -> None:
    platform = make_platform()
    assert credential(key=platform.key, now=timezone.now())
    assert revoke_keys(slug=platform.platform.slug) == 1
    assert credential(key=platform.key, now=timezone.now()) is None


@pytest.mark.usefixtures("no_cache")
def test_what_is_said_of_a_canary_is_answered() -> None:
    platform, now = make_platform(), timezone.now()
    ensure_canaries(platform_id=platform.platform.pk, now=now)
    canary = Canary.objects.filter(platform=platform.platform).first()
    assert canary is not None
    said = take_feedback(
        platform_id=platform.platform.pk,
        entry_id=canary.pk,
        outcome="blocked",
        reason=None,
        count=1,
        on=now.date(),
    )
    assert said.is_new
