"""What happened, one line a happening, for somebody who has to judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from safety.facts import Case, Happening

_TEXTS: Mapping[str, Promise] = {
    "contact": gettext_lazy("%(actor)s wrote to %(target)s"),
    "reply": gettext_lazy("%(actor)s answered %(target)s"),
    "connect": gettext_lazy("%(actor)s connected with %(target)s"),
    "disconnect": gettext_lazy("%(actor)s ended the connection with %(target)s"),
    "follow": gettext_lazy("%(actor)s followed %(target)s"),
    "comment": gettext_lazy("%(actor)s commented on %(target)s"),
    "block": gettext_lazy("%(actor)s blocked %(target)s"),
    "report": gettext_lazy("%(actor)s reported %(target)s"),
    "listed_hash_attempt": gettext_lazy("%(actor)s tried to upload a picture that is on the list"),
}
_LABELS: Mapping[str, Promise] = {
    "off_platform": gettext_lazy("asks to move to another app"),
    "secrecy": gettext_lazy("asks for secrecy"),
    "photo_request": gettext_lazy("asks for pictures"),
    "gift_card": gettext_lazy("asks for gift cards"),
}
_BANDS: Mapping[str, Promise] = {
    "under_13": gettext_lazy("under 13"),
    "13_15": gettext_lazy("13 to 15"),
    "16_17": gettext_lazy("16 or 17"),
    "18_20": gettext_lazy("18 to 20"),
    "21_plus": gettext_lazy("21 or older"),
}
_OBJECTIONS = frozenset({"block", "report", "listed_hash_attempt"})


@dataclass(frozen=True)
class Line:
    at: datetime
    text: str
    # What else is known of it.
    more: str
    is_objection: bool
    # Named by a reason.
    is_evidence: bool


def band(told: str) -> str:
    return str(_BANDS[told])


def lines(case: Case, *, named: frozenset[str]) -> list[Line]:
    """Newest first. `named` are the happenings that reasons rest on."""
    in_order = sorted(case.happenings, key=lambda one: (one.occurred_at, one.id), reverse=True)
    return [_line(one, named=named) for one in in_order]


def _line(one: Happening, *, named: frozenset[str]) -> Line:
    text = str(_TEXTS[one.kind]) % {"actor": one.actor, "target": one.target or ""}
    return Line(one.occurred_at, text, "; ".join(_more(one)), one.kind in _OBJECTIONS, one.id in named)


def _more(one: Happening) -> Iterator[str]:
    if one.mutuals == 0:
        yield _("no friend in common")
    elif one.mutuals:
        yield ngettext("%(count)s friend in common", "%(count)s friends in common", one.mutuals) % {
            "count": one.mutuals
        }
    for label in one.labels:
        if label in _LABELS:
            yield str(_LABELS[label])
