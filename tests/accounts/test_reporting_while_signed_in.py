"""A teen who reports a picture is a stranger there, whatever else her browser holds."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services import links
from platforms.services import NewKey
from tests.accounts.makers import make_account

pytestmark = pytest.mark.django_db
REPORTERS = (
    "/",
    "/report/",
    "/report/pictures/",
    "/status/",
    "/help/",
    "/privacy/",
    "/api/v1/cases/",
    "/api/v1/cases/status/",
)


@pytest.fixture
def mia(teller: NewKey) -> Client:
    """Signed in, in a browser that sends its cookie everywhere."""
    make_account("mia", platform_id=teller.platform.pk)
    link = links.make_link(platform_id=teller.platform.pk, external_id="mia", now=timezone.now())
    client = Client()
    assert client.post(f"/teen/enter/{link.secret}/").status_code == 302
    return client


@pytest.mark.parametrize("path", REPORTERS)
def test_nobody_asks_who_she_is(mia: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_may(**_: object) -> None:
        raise AssertionError(f"A session was read on {path}")

    monkeypatch.setattr(links, "who_is_in", nobody_may)
    assert mia.get(path).content == Client().get(path).content
    answer = mia.post(path, {}, content_type="application/json")
    assert not answer.cookies
    with pytest.raises(AssertionError):
        mia.get("/teen/")
