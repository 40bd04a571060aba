"""How a text sounds to somebody of eleven who is frightened. A text in, what to look at again out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

# School years, by Flesch and Kincaid; somebody of eleven is in the sixth. Below this many words the measure means nothing.
HARDEST = 6.0
_FEWEST_WORDS = 8

# What puts the blame on her, doubts her, or plays it down, however kindly it was meant.
_BLAME = (
    r"you should(?:n't| not)? have",
    r"you ought to have",
    r"why (?:did|didn't|would) you",
    r"what were you thinking",
    r"you (?:let|allowed|made) (?:him|her|them|it|this)",
    r"you were (?:warned|careless|naive|foolish|stupid|silly|dumb)",
    r"you knew",
    r"(?<!not )(?<!n't )(?<!never )your (?:own )?(?:fault|mistake)",
    r"(?:careless|naive|foolish|stupid|silly|dumb|irresponsible|reckless|naughty|promiscuous)",
    r"next time,? (?:don't|do not|be)",
    r"learn(?:ed)? (?:your|a) lesson",
    r"(?:if|whether) (?:this|that|it|what you say) is (?:really )?true",
    r"(?:prove|your claim|you claim|alleged(?:ly)?)",
    r"calm down",
    r"at least (?:it|he|she|they|you)",
    r"it(?:'s| is) (?:only|just) a (?:picture|photo)",
    r"(?:slut|sexting|child porn(?:ography)?|kiddie porn|revenge porn)",
)
_BLAMING = re.compile(rf"\b(?:{'|'.join(_BLAME)})\b", re.IGNORECASE)
# That two reports are linked is never said outward.
_LINKING = re.compile(
    r"\b(?:other|another|different|second|linked|similar) (?:case|report|reporter|victim|girl|boy|child|young person)s?\b"
    r"|\bsame (?:picture|photo|person|man) (?:in|as|from)\b|\bsomebody else (?:has )?reported\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|io|app|me|ly|co|uk|de|eu)\b\S*", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w{2,}")
_NUMBER = re.compile(r"\+?\d(?:[\s()./-]{0,2}\d){5,14}")
_DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b")


@dataclass(frozen=True)
class Known:
    """What is ours to name: hosts of our pages and of help lines, and their numbers, digits only."""

    hosts: Collection[str] = ()
    numbers: Collection[str] = ()


@dataclass(frozen=True)
class Finding:
    """What to look at again: grade, blame, linking, link or number, and the words that it stands in."""

    kind: str
    words: str = ""


def findings(text: str, *, known: Known, is_english: bool = True) -> list[Finding]:
    found = [*_sound(text)] if is_english else []
    return [*found, *_led_away(text, known)]


def school_years(text: str) -> float:
    words = re.findall(r"[A-Za-z'\u2019]+", text)
    if not words:
        return 0.0
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    bare = re.sub(r"(es|ed|e)$", "", word.lower()) if len(word) > 3 else word.lower()
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def _sound(text: str) -> list[Finding]:
    plain = text.replace("\u2019", "'")
    found = [Finding("blame", hit.group()) for hit in _BLAMING.finditer(plain)]
    found += [Finding("linking", hit.group()) for hit in _LINKING.finditer(plain)]
    if len(plain.split()) >= _FEWEST_WORDS and school_years(plain) > HARDEST:
        found.append(Finding("grade"))
    return found


def _led_away(text: str, known: Known) -> list[Finding]:
    links, rest = _taken_out(_LINK, text)
    emails, rest = _taken_out(_EMAIL, rest)
    bare_links, rest = _taken_out(_BARE_LINK, rest)
    numbers, _ = _taken_out(_NUMBER, _DATE.sub(" ", rest))
    return [
        *(Finding("link", link) for link in [*links, *bare_links] if _host(link) not in known.hosts),
        *(Finding("email", email) for email in emails),
        *(Finding("number", number) for number in numbers if _digits(number) not in known.numbers),
    ]


def _taken_out(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """What the pattern finds, and the text without it, so that nothing is found twice."""
    return [hit.group() for hit in pattern.finditer(text)], pattern.sub(" ", text)


def _host(link: str) -> str:
    bare = re.sub(r"^https?://", "", link.lower())
    # The part before an @ is no host, whatever it looks like.
    host = re.split(r"[/?#\s]", bare)[0].rpartition("@")[2]
    return host.split(":")[0].removeprefix("www.").rstrip(".,;!)")


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
