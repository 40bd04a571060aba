"""What the desk writes: plain enough for somebody of eleven, and without a word of blame."""

from __future__ import annotations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from cases import tone
from cases.message_templates import BY_SLUG, TEMPLATES
from cases.services.desk_messages import check_words

KNOWN = tone.Known(hosts={"reclaim.example"}, numbers={"08001111"})


def kinds(text: str) -> list[str]:
    return [finding.kind for finding in tone.findings(text, known=KNOWN)]


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_a_prepared_text_is_for_somebody_of_eleven_and_blames_nobody(slug: str) -> None:
    text = BY_SLUG[slug].in_language("en")
    assert tone.school_years(text) < 5
    assert check_words(text, language="en") == []


def test_no_prepared_text_names_another_report_or_says_too_much() -> None:
    for template in TEMPLATES:
        text = template.in_language("en").lower()
        assert not [
            word for word in ("linked", "another report", "no longer listed", "guarantee") if word in text
        ]
        assert len(text.split()) < 75


def test_the_measure_tells_plain_words_from_official_ones() -> None:
    assert kinds("Take your time. You can stop at any time. We are here for you.") == []
    assert kinds("Notwithstanding applicable regulations, notification of the platform is obligatory.") == [
        "grade"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "You should have told somebody.",
        "You shouldn't have sent it.",
        "Why did you send it?",
        "It was your fault.",
        "It was your own mistake.",
        "That was careless.",
        "You were silly to send it.",
        "You let him keep it.",
        "Next time, don't send one.",
        "If this is true, we help.",
        "Please calm down.",
        "At least it was only one.",
        "It's just a picture.",
    ],
)
def test_words_that_blame_or_doubt_are_found(text: str) -> None:
    assert kinds(text) == ["blame"]


@pytest.mark.parametrize(
    "text",
    [
        "It is not your fault.",
        "It isn't your fault.",
        "It isn\u2019t your fault, and it never was.",  # As phones write it.
        "You did the right thing.",
        "You can let us know.",
        "What happened is a crime.",
        "It was on 20/11/2026, and it takes 48 hours.",
    ],
)
def test_kind_words_pass(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Another girl was hurt by him.",
        "It is the same picture as before.",
        "There is a similar case.",
        "Somebody else reported him.",
    ],
)
def test_that_reports_are_linked_is_never_said_unwarned(text: str) -> None:
    assert "linking" in kinds(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Look at https://reclaim.example/help/", []),
        ("Look at https://www.reclaim.example/help/", []),
        ("Look at https://reclaim.example.evil.test/help/", ["link"]),
        ("Look at https://reclaim.example@evil.test/help/", ["link"]),
        ("Look at evil.com now", ["link"]),
        ("Call 0800 1111", []),
        ("Call 0800-1112", ["number"]),
        ("Call +44 7700 900123", ["number"]),
        ("Write to me@desk.example", ["email"]),
    ],
)
def test_a_link_or_a_number_that_is_not_ours_is_found(text: str, found: list[str]) -> None:
    assert kinds(text) == found


def test_our_own_pages_and_help_lines_are_known() -> None:
    assert check_words(f"Go to {settings.SITE_URL}/help/ or call 116 111.", language="en") == []
    assert [one.kind for one in check_words("Call 116 119 111.", language="en")] == ["number"]


def test_the_measure_is_for_english_and_links_are_for_all() -> None:
    hard = (
        "Ungeachtet anwendbarer Vorschriften benachrichtigen wir https://evil.example unverzüglich darüber."
    )
    assert [one.kind for one in check_words(hard, language="de")] == ["link"]


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    for finding in tone.findings(text, known=KNOWN):
        assert finding.kind in {"grade", "blame", "linking", "link", "email", "number"}
