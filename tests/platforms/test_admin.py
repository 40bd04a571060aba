from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from rest_framework_api_key.models import APIKey

from platforms.models import PlatformKey
from platforms.services import NewKey
from staff.models import User
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return User.objects.create_superuser("root", password="only in tests, and long")


def test_platforms_and_keys_can_be_looked_at_and_not_changed(platform: NewKey, superuser: User) -> None:
    client = signed_in(Client(), superuser)
    for address in ("/admin/platforms/platform/", "/admin/platforms/platformkey/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "loopfeed" in page.content.decode().lower()
        assert client.get(f"{address}add/").status_code == 403
    key = PlatformKey.objects.get()
    page = client.get(f"/admin/platforms/platformkey/{key.pk}/change/")
    assert platform.key.partition(".")[2] not in page.content.decode()
    client.post(f"/admin/platforms/platformkey/{key.pk}/delete/", {"post": "yes"})
    assert PlatformKey.objects.filter(revoked=False).count() == 1


def test_the_librarys_own_keys_are_not_offered() -> None:
    assert not admin.site.is_registered(APIKey)


@pytest.mark.usefixtures("platform")
def test_strangers_see_nothing() -> None:
    assert Client().get("/admin/platforms/platformkey/").status_code == 302
