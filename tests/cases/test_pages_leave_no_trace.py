"""What a page for reporters leaves in a browser, a history and a cache: nothing."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cases.page_source import Source

PAGES = ("/", "/report/", "/status/", "/help/", "/privacy/", "/transparency/", "/nowhere/")
NEED_SCRIPTS = ("/", "/report/", "/status/")

pytestmark = pytest.mark.django_db


def opened(path: str) -> HttpResponse:
    answer = Client().get(path)
    assert isinstance(answer, HttpResponse)
    return answer


def source(path: str) -> Source:
    return Source(opened(path).content.decode())


@pytest.mark.parametrize("path", [*PAGES, "/report/pictures/"])
def test_nothing_is_stored(path: str) -> None:
    answer = opened(path)
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_the_title_says_nothing(path: str) -> None:
    assert [title.text for title in source(path).all("title")] == ["Reclaim"]


@pytest.mark.parametrize("path", PAGES)
def test_the_way_out_comes_first(path: str, settings: Settings) -> None:
    settings.QUICK_EXIT_URL = "https://weather.example/"
    first = source(path).focusable[0]
    assert first.attributes["href"] == "https://weather.example/"
    assert "noreferrer" in first.attributes["rel"]
    assert first.text.strip() == "Leave quickly"


@pytest.mark.parametrize("path", [*PAGES, "/report/pictures/"])
def test_no_style_or_script_stands_in_the_page(path: str) -> None:
    page = source(path)
    scripts = [script for script in page.all("script") if script.attributes.get("type") != "application/json"]
    assert not [script for script in scripts if script.text.strip() or "src" not in script.attributes]
    assert not page.all("style")
    named = {name for element in page.elements for name in element.attributes}
    assert not {name for name in named if name == "style" or name.startswith("on")}


@pytest.mark.parametrize("path", PAGES)
def test_other_sites_are_not_told_where_she_came_from(path: str) -> None:
    links = [link.attributes for link in source(path).all("a")]
    outgoing = [link for link in links if link["href"].startswith("http")]
    assert outgoing
    assert not [link for link in outgoing if "noreferrer" not in link.get("rel", "")]


@pytest.mark.parametrize("path", PAGES)
def test_forms_remember_and_carry_nothing(path: str) -> None:
    page = source(path)
    assert all(form.attributes["autocomplete"] == "off" for form in page.all("form"))
    assert not [field for field in page.all("input") if field.attributes.get("name") == "csrfmiddlewaretoken"]


@pytest.mark.parametrize("path", NEED_SCRIPTS)
def test_without_scripts_it_says_what_is_needed_and_why(path: str) -> None:
    told = " ".join(part.text for part in source(path).all("noscript"))
    assert "switch JavaScript on" in told
    assert "your own phone does that work" in told


def test_links_within_the_portal_leave_no_entry_in_the_history() -> None:
    for path in PAGES:
        inner = [link.attributes for link in source(path).all("a") if link.attributes["href"].startswith("/")]
        assert inner
        # What opens in a tab of its own has a history of its own; without scripts nothing can be replaced.
        left = [link for link in inner if "data-replace" not in link and "target" not in link]
        assert [link["href"] for link in left] in ([], ["/help/"])


def test_a_failure_is_told_kindly_and_still_has_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platforms.services.with_scope", lambda **_: 1 / 0)
    answer = Client(raise_request_exception=False).get("/report/")
    page = Source(answer.content.decode())
    assert answer.status_code == 500
    assert "It isn't your fault." in answer.content.decode()
    assert page.focusable[0].text.strip() == "Leave quickly"
    assert "no-store" in answer["Cache-Control"]
