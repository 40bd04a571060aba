"""The words: short enough for a child of eleven, and none missing that a script asks for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from cases import policy
from cases.models import Case, Rung
from hashes.models import Feedback
from portal.help_lines import help_lines
from tests.cases.page_source import Source
from tests.makers import make_platform

pytestmark = pytest.mark.django_db
SCRIPTS = Path(__file__).parents[2] / "cases" / "static" / "cases"
# School years, by Flesch and Kincaid: somebody of eleven is in the sixth.
YEARS = 5.0
_SPOKEN = {"p", "li", "h1", "h2", "h3", "dt", "dd", "legend", "label", "button"}


def _syllables(word: str) -> int:
    bare = re.sub(r"(es|ed|e)$", "", word.lower()) if len(word) > 3 else word.lower()
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def school_years(text: str) -> float:
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _spoken(path: str) -> str:
    page = Source(Client().get(path).content.decode())
    texts = [" ".join(element.text.split()) for element in page.elements if element.name in _SPOKEN]
    return " ".join(text if text.endswith((".", "!", "?", ":")) else f"{text}." for text in texts if text)


def test_the_measure_tells_plain_words_from_official_ones() -> None:
    assert school_years("Take your time. You can stop at any time.") < 2
    assert school_years("Notwithstanding applicable regulations, notification is obligatory.") > 15


@pytest.mark.parametrize("path", ["/", "/report/", "/status/", "/help/", "/privacy/", "/transparency/"])
def test_a_child_of_eleven_can_read_it(path: str, settings: Settings, tmp_path: Path) -> None:
    # Names of help lines in thirty languages aren't ours to simplify: any other country's are few.
    elsewhere = json.dumps({"countries": help_lines()[-1:]})
    settings.HELP_LINES_FILE = tmp_path / "help.json"
    settings.HELP_LINES_FILE.write_text(elsewhere)
    make_platform("Loopfeed")
    assert school_years(_spoken(path)) < YEARS


@pytest.mark.parametrize("path", ["/", "/report/", "/status/", "/help/", "/privacy/", "/transparency/"])
def test_nothing_promises_what_a_fingerprint_cannot_keep(path: str) -> None:
    text = _spoken(path).lower()
    assert not re.search(r"can't be turned back|cannot be reversed|no longer listed|100 ?%|guarantee", text)


def _sentences_asked_for(script: str, seen: set[str]) -> set[str]:
    if script in seen:
        return set()
    seen.add(script)
    text = (SCRIPTS / script).read_text()
    asked = set(re.findall(r'\bsay\("([\w-]+)"', text)) | set(re.findall(r'#tell\("([\w-]+)"', text))
    for name in re.findall(r'\bsayCount\("([\w-]+)"', text):
        asked.add(f"{name}-other")
    for imported in re.findall(r'from "\./([\w-]+\.js)"', text):
        asked |= _sentences_asked_for(imported, seen)
    return asked


def _sentences_of(path: str) -> set[str]:
    page = Source(Client().get(path).content.decode())
    return {element.attributes["data-say"] for element in page.elements if "data-say" in element.attributes}


@pytest.mark.parametrize(("path", "script"), [("/report/", "report.js"), ("/status/", "status.js")])
def test_the_page_has_every_sentence_that_its_scripts_ask_for(path: str, script: str) -> None:
    asked = _sentences_asked_for(script, set())
    assert len(asked) > 5
    assert asked - _sentences_of(path) == set()


def test_the_status_page_has_words_for_all_that_the_server_may_say() -> None:
    told = _sentences_of("/status/")
    assert {f"state-{state}" for state in Case.Status} <= told
    assert {f"rung-{rung}" for rung in Rung.Kind} | {f"rung-{rung}-why" for rung in Rung.Kind} <= told
    # A withdrawal has words of its own, on every place.
    assert {f"news-{rung}" for rung in Rung.Kind if rung != Rung.Kind.WITHDRAWN} <= told
    assert {f"reason-{reason}" for reason in Feedback.Reason} <= told
    assert {f"declined-{reason}" for reason in policy.DECLINE_REASONS} <= told


def test_what_never_reaches_us_is_told_apart_from_what_is_not_kept() -> None:
    sections = Source(Client().get("/privacy/").content.decode()).all("section")
    [never] = [one.text for one in sections if one.attributes["aria-labelledby"] == "never"]
    [not_kept] = [one.text for one in sections if one.attributes["aria-labelledby"] == "not-kept"]
    for words in ("internet address", "kind of phone", "time of day"):
        assert words not in never
        assert words in not_kept
    assert "your picture or video" in never


def test_the_words_leave_no_riddles() -> None:
    for path in ("/", "/report/", "/status/", "/help/", "/privacy/", "/nowhere/"):
        assert not re.search(r"\b(slip|symbols?)\b", _spoken(path)), path


def test_a_link_to_help_says_what_it_opens_in_plain_english() -> None:
    links = {" ".join(one.text.split()) for one in Source(Client().get("/help/").content.decode()).all("a")}
    assert "Open the website (Find a child help line)" in links
    assert not [link for link in links if link.startswith("Open Find")]
