"""What the desk reads about a concern, in words: why it is asked, and what leaving it or putting it back means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = str | Promise

WHY: dict[str, Words] = {
    "disputed": gettext_lazy(
        "Platforms of different operators looked and say that the picture is not intimate, or not of a young person."
    ),
    "flood": gettext_lazy(
        "Far more copies are found than of others. It may be spreading, or it may be a harmless picture that everybody has."
    ),
    "benign": gettext_lazy("It is close to a picture that is known to be harmless."),
    "come_back": gettext_lazy("It is close to a picture that platforms disputed before."),
    "too_much": gettext_lazy("Whoever sent it added more than the limit in a short time."),
    "probing": gettext_lazy(
        "A platform keeps asking about slightly changed forms of one picture. It may be testing what gets past the list."
    ),
}
SAID: dict[str, Words] = {
    "pending_review": gettext_lazy("is looking at it"),
    "blocked": gettext_lazy("blocked it"),
    "not_blocked": gettext_lazy("left it"),
    "removed_after_withdrawal": gettext_lazy("removed it after the withdrawal"),
    "not_what_it_claims": gettext_lazy("not what it claims"),
    "not_the_same": gettext_lazy("not the same picture"),
    "allowed_here": gettext_lazy("allowed there"),
    "other": gettext_lazy("another reason"),
}
TOLD: dict[str, Words] = {
    "added": gettext_lazy("put on the list"),
    "reviewed": gettext_lazy("judged anew"),
    "withdrawn": gettext_lazy("taken off"),
    "unreviewed": gettext_lazy("nobody looked yet"),
    "confirmed": gettext_lazy("confirmed"),
    "check_first": gettext_lazy("check first"),
}
_LABELS: dict[str, Words] = {
    "platforms": gettext_lazy("Platforms"),
    "operators": gettext_lazy("Operators"),
    "days": gettext_lazy("Said on"),
    "is_off": gettext_lazy("Taken off by itself"),
    "count": gettext_lazy("Times"),
    "usual": gettext_lazy("Usually"),
    "kind": gettext_lazy("Kind"),
    "name": gettext_lazy("Known as"),
    "names": gettext_lazy("Known as"),
    "distance": gettext_lazy("Distance"),
    "day": gettext_lazy("Day"),
    "disputed_on": gettext_lazy("Disputed on"),
    "algorithm": gettext_lazy("Kind of fingerprint"),
    "near_misses": gettext_lazy("Nearly the same"),
    "bits": gettext_lazy("Bits apart, at most"),
    "minutes": gettext_lazy("Within minutes"),
    "key": gettext_lazy("Key"),
    "limit": gettext_lazy("Limit"),
    "platform": gettext_lazy("Platform"),
}


def why(kind: str) -> str:
    return str(WHY.get(kind, ""))


def spelled(evidence: Mapping[str, object]) -> list[tuple[str, str]]:
    """Each fact with its name. One that nobody named here is shown under the name that it came with."""
    return [(_label(name), _value(value)) for name, value in evidence.items()]


def _label(name: str) -> str:
    return str(_LABELS.get(name, name.replace("_", " ").capitalize()))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(dict.fromkeys(_value(one) for one in value))
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return _day(str(value))


def _day(text: str) -> str:
    """A day as the pages write it; anything else as it is."""
    try:
        return date_format(date.fromisoformat(text), "j M Y") if _DAY.fullmatch(text) else text
    except ValueError:
        return text


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
