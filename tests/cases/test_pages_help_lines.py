"""Help lines by country: the operator's file counts, and a broken one stops the start."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django.fixtures import Settings

from portal.help_lines import ANYWHERE, help_lines, help_lines_can_be_read

_COUNTRY: dict[str, Any] = {
    "code": ANYWHERE,
    "name": "Anywhere",
    "emergency": "112",
    "talk": [{"name": "The Listeners", "phone": "0 00"}],
    "report": [{"name": "The Takers", "url": "https://takers.example/"}],
    "adults": [{"name": "The Elders", "url": "https://elders.example/"}],
    "zones": [],
}


def _use(settings: Settings, folder: Path, *countries: dict[str, Any]) -> None:
    settings.HELP_LINES_FILE = folder / "help.json"
    settings.HELP_LINES_FILE.write_text(json.dumps({"countries": countries}))


def test_the_file_that_comes_along_is_sound() -> None:
    countries = help_lines()
    assert help_lines_can_be_read() == []
    assert len({country["code"] for country in countries}) == len(countries) > 20
    for country in countries:
        assert country["emergency"]
        assert country["talk"]
        assert country["report"]
        assert country["adults"]
        assert country["zones"] or country["code"] == ANYWHERE


def test_no_zone_of_the_clock_belongs_to_two_countries() -> None:
    zones = [zone for country in help_lines() for zone in country["zones"]]
    assert len(zones) == len(set(zones))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/help/", "/report/"])
def test_the_operators_own_file_is_shown(path: str, settings: Settings, tmp_path: Path) -> None:
    _use(settings, tmp_path, _COUNTRY)
    page = Client().get(path).content.decode()
    assert "The Listeners" in page
    assert 'href="tel:000"' in page
    assert "Childline" not in page
    assert ("The Elders" in page) is (path == "/report/")


@pytest.mark.parametrize(
    "broken",
    [
        {"talk": [{"name": "Nobody"}]},
        {"report": [{"name": "Unsafe", "url": "http://plain.example/"}]},
        {"emergency": None, "zones": None},
    ],
)
def test_a_broken_file_stops_the_start_and_names_the_variable(
    broken: dict[str, Any], settings: Settings, tmp_path: Path
) -> None:
    _use(settings, tmp_path, _COUNTRY | broken)
    [found] = help_lines_can_be_read()
    assert found.hint
    assert "HELP_LINES_FILE" in found.hint


def test_a_file_without_an_entry_for_any_other_country_stops_the_start(
    settings: Settings, tmp_path: Path
) -> None:
    _use(settings, tmp_path, _COUNTRY | {"code": "XX"})
    assert len(help_lines_can_be_read()) == 1


def test_a_missing_file_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    settings.HELP_LINES_FILE = tmp_path / "missing.json"
    found = [one for one in run_checks() if "HELP_LINES_FILE" in str(one)]
    assert len(found) == 1


def test_the_start_looks_into_the_file(settings: Settings, tmp_path: Path) -> None:
    _use(settings, tmp_path, _COUNTRY | {"talk": [{"name": "Nobody"}]})
    assert [one for one in run_checks() if one.id == "portal.help_lines"]
