"""What she reads: plain enough for somebody of eleven, without blame, and not a word about who tried what."""

from __future__ import annotations

import re

import pytest

from accounts.privacy import SETTINGS
from accounts.services import recommended
from cases import tone
from nudges import catalogue
from nudges.catalogue import Move, card
from nudges.models import Nudge
from nudges.policy import words_of
from tests.servers import ROOT

MOVES = [
    Move(setting, value, advised)
    for band in ("13_15", "16_17")
    for setting, advised in recommended(age_band=band).items()
    for value in SETTINGS[setting].values
    if SETTINGS[setting].strength(value) < SETTINGS[setting].strength(advised)
]
CARDS = [
    (kind, moves)
    for kind in Nudge.Kind.values
    for moves in [*([move] for move in MOVES), MOVES[:3], *([[]] if words_of(kind) != "settings" else [])]
]
ALL = sorted({card(kind=kind, moves=moves).as_text(moves).text for kind, moves in CARDS})
# What the pages say around the cards.
_MARKED = re.compile(r'translate "([^"]+)"|trimmed %}(.+?){% (?:plural|endblock)', re.DOTALL)
PAGES = [
    " ".join((one or other).split())
    for path in sorted((ROOT / "templates" / "nudges").glob("*.html"))
    for one, other in _MARKED.findall(path.read_text())
]
ALL_TEXTS = [
    *(text for text in PAGES if len(text.split()) >= 8),
    *ALL,
    catalogue.banner(locale="en").text,
    catalogue.push(locale="en"),
]


@pytest.mark.parametrize("text", ALL_TEXTS)
def test_a_text_is_for_somebody_of_eleven_and_blames_nobody(text: str) -> None:
    assert tone.school_years(text) < 5
    assert tone.findings(text, known=tone.Known()) == []


@pytest.mark.parametrize("text", ALL_TEXTS)
def test_no_text_frightens_scolds_or_tells_of_anybody(text: str) -> None:
    words = set(re.findall(r"[a-z]+", text.lower()))
    assert not words & {
        "adult", "attempt", "danger", "dangerous", "flag", "flagged", "he", "him", "his", "man", "must",
        "suspicious", "stranger", "risk", "tried", "warning", "wrote", "parent", "guardian",
    }  # fmt: skip


def test_every_value_of_every_setting_has_a_sentence() -> None:
    for setting in SETTINGS.values():
        sentences = [catalogue.sentence(setting.key, value) for value in setting.values]
        assert len(set(sentences)) == len(sentences)
        assert all(one.endswith(".") for one in sentences)


def test_what_a_stranger_set_off_reads_like_any_tip_about_that_setting() -> None:
    """Byte for byte, so that a card doesn't say that somebody tried: she may not have been shown the attempt."""
    for move in MOVES:
        assert card(kind="stranger", moves=[move]) == card(kind="below", moves=[move])


def test_a_card_says_what_is_and_what_becomes() -> None:
    moves = [Move("message", "everyone", "friends"), Move("private", before=False, after=True)]
    told = card(kind="stranger", moves=moves).as_text(moves)
    assert told.key == "settings.message"
    assert told.text == (
        "Want fewer messages from people you don't know? One tap does it. You can change it back later. "
        "Right now: Anyone can message you. After one tap: Only friends can message you. "
        "Right now: Anyone can see your posts. After one tap: Only friends can see your posts."
    )


def test_keys_tell_a_platform_which_words_to_use_and_not_what_set_them_off() -> None:
    keys = {card(kind=kind, moves=moves).key for kind, moves in CARDS}
    assert not [key for key in keys if "stranger" in key or "below" in key]
    assert {key.partition(".")[0] for key in keys} == {"settings", "after_block", "after_report", "feature"}
