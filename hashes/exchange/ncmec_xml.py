"""NCMEC's Hash Sharing v2 on the wire: elements in their namespace, times in whole seconds, hex in lower case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
# The portal itself, as whose everything on the list is told; platforms come after it.
PORTAL = (1, "Reclaim")
_FIRST_PLATFORM = 100
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LONGEST_VOTE = 4_096
_TIME = "%Y-%m-%dT%H:%M:%SZ"


class NotAVote(Exception):
    """The body is no feedbackSubmission."""


def member_id(platform_id: int) -> int:
    return _FIRST_PLATFORM + platform_id


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TIME)


def read_time(text: str) -> datetime:
    """With or without milliseconds. Raises ValueError."""
    seconds = text.removesuffix("Z").partition(".")[0]
    return datetime.strptime(f"{seconds}Z", _TIME).replace(tzinfo=UTC)


def document(root: str, inner: str) -> str:
    return f'{_DECLARATION}<{root} xmlns="{NAMESPACE}">{inner}</{root}>'


def member(number: int, name: str) -> str:
    return f'<member id="{number}">{escape(name)}</member>'


def listed(kind: str, *, entry: str, stamped_at: datetime, algorithm: str, value: str) -> str:
    prints = f"<fingerprints><{algorithm}>{value}</{algorithm}></fingerprints>"
    return f"<{kind}>{member(*PORTAL)}<timestamp>{written(stamped_at)}</timestamp><id>{entry}</id>{prints}</{kind}>"


def deleted(kind: str, *, entry: str, stamped_at: datetime) -> str:
    tag = f"deleted{kind.capitalize()}"
    return f"<{tag}>{member(*PORTAL)}<id>{entry}</id><timestamp>{written(stamped_at)}</timestamp></{tag}>"


def group(name: str, children: Sequence[str], *, latest: datetime | None) -> str:
    if latest is None:
        return f'<{name} count="0"/>'
    return f'<{name} count="{len(children)}" maxTimestamp="{written(latest)}">{"".join(children)}</{name}>'


def paging(link: str) -> str:
    return f"<paging><next>{escape(link)}</next></paging>"


def reasons(known: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f'<reason guid={quoteattr(guid)} name={quoteattr(name)} type="Negative"/>' for guid, name in known
    )
    return f"<availableFeedbackReasons>{rows}</availableFeedbackReasons>"


def read_vote(body: bytes) -> tuple[bool, str | None]:
    """Whether it is affirmative, and the first reason's guid if it is not. Raises NotAVote."""
    # No document type: nothing to expand and nothing to fetch. Nor the zeros of an encoding that would hide it.
    if len(body) > _LONGEST_VOTE or b"<!" in body or b"\0" in body:
        raise NotAVote
    try:
        root = ET.fromstring(body)  # noqa: S314 - Small, and without a document type.
    except (ET.ParseError, LookupError, ValueError):
        # An encoding that is not known, or that the parser doesn't take.
        raise NotAVote from None
    votes = {element.tag.rpartition("}")[2]: element for element in root}
    if root.tag.rpartition("}")[2] != "feedbackSubmission" or len(votes) != 1:
        raise NotAVote
    if "affirmative" in votes:
        return True, None
    if "negative" not in votes:
        raise NotAVote
    guid = next((one.text for one in votes["negative"].iter() if one.tag.rpartition("}")[2] == "guid"), None)
    return False, guid
