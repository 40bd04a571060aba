"""The report's page and the frame in it, as the server gives them out."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from cases.models import Case
from hashes.pixel_policy import PIXEL_POLICY
from platforms.models import Platform
from platforms.services import revoke_keys
from tests.cases.page_source import Source
from tests.makers import make_platform

pytestmark = pytest.mark.django_db
VARIANTS = Path(__file__).parents[2] / "hashes" / "variants.json"


def _platforms_offered() -> list[str]:
    page = Source(Client().get("/report/").content.decode())
    return [box.attributes["value"] for box in page.all("input") if box.attributes.get("name") == "platforms"]


def test_the_frame_is_cut_off_and_may_stand_in_our_own_pages_only(settings: Settings) -> None:
    settings.MEDIA_PER_REPORT = 7
    answer = Client().get("/report/pictures/")
    page = Source(answer.content.decode())
    assert answer["Content-Security-Policy"] == PIXEL_POLICY
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert page.all("body")[0].attributes["data-limit"] == "7"
    [variants] = [script for script in page.all("script") if script.attributes.get("id") == "variants"]
    assert json.loads(variants.text) == json.loads(VARIANTS.read_text())


def test_only_who_takes_part_today_is_offered() -> None:
    for name in ("Loopfeed", "Picturewall", "Formerly"):
        make_platform(name)
    Platform.objects.filter(name="Picturewall").update(is_active=False)
    Platform.objects.filter(name="Formerly").update(expires_on=timezone.now().date() - timedelta(days=1))
    assert _platforms_offered() == ["loopfeed"]


def test_who_can_neither_read_the_list_nor_ask_is_none_of_the_places() -> None:
    make_platform("Loopfeed", scopes=("match",))
    make_platform("Onlooker", scopes=("feedback",))
    make_platform("Former")
    revoke_keys(slug="former")
    assert _platforms_offered() == ["loopfeed"]
    home = Client().get("/").content.decode()
    assert "Loopfeed" in home
    assert "Onlooker" not in home
    assert "Former" not in home


def test_the_status_page_knows_what_each_place_may_do_and_the_names_of_those_that_ended() -> None:
    make_platform("Loopfeed", scopes=("match",))
    make_platform("Former")
    revoke_keys(slug="former")
    told = [one.attributes for one in Source(Client().get("/status/").content.decode()).all("p")]
    scopes = {one["data-slug"]: one["data-scopes"] for one in told if "data-scopes" in one}
    names = {one["data-slug"] for one in told if "data-slug" in one and "data-scopes" not in one}
    assert scopes == {"loopfeed": "match"}
    assert names == {"loopfeed", "former"}


def test_each_platform_says_what_it_really_does() -> None:
    make_platform("Loopfeed")
    Platform.objects.update(
        acts=Platform.Acts.ON_PUBLIC_ONLY, own_report_url="https://loopfeed.example/report"
    )
    page = Client().get("/report/").content.decode()
    assert "Looks for copies in what is public, not in private chats" in page
    assert 'href="https://loopfeed.example/report" rel="noreferrer' in page


def test_without_platforms_she_is_told_so() -> None:
    assert "No place takes part yet." in Client().get("/report/").content.decode()


@pytest.mark.parametrize(("path", "queries"), [("/", 1), ("/report/", 1), ("/status/", 2)])
def test_the_number_of_queries_does_not_grow(
    path: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        make_platform(f"Platform {number}")
    with django_assert_num_queries(queries):
        Client().get(path)


def test_every_answer_that_the_page_offers_is_one_that_the_server_takes() -> None:
    page = Source(Client().get("/report/").content.decode())
    offered: dict[str, set[str]] = {}
    for box in page.all("input"):
        offered.setdefault(box.attributes.get("name", ""), set()).add(box.attributes.get("value", ""))
    # "adult" leads away and is never sent; who doesn't say whose it is leaves the question out.
    assert offered["subject"] == set(Case.Subject) - {"unknown"} | {"adult"}
    assert offered["age_band"] == set(Case.AgeBand)
    assert offered["deadline"] == set(Case.Deadline)
    assert offered["posted"] == set(Case.Posted)
    assert offered["in_danger"] == offered["threatened"] == {"yes", "no"}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("path", ["/", "/report/", "/report/pictures/", "/status/", "/help/", "/privacy/"])
def test_pages_are_only_read(path: str, method: str) -> None:
    assert getattr(Client(), method)(path).status_code == 405
