"""The list as NCMEC's clients read it: one element an entry, in ranges of time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from hashes import services
from hashes.errors import ListBusy, UnknownEntry
from hashes.exchange import ncmec_xml as xml
from hashes.exchange.busy import AskAgain
from hashes.exchange.credentials import UserAndKey
from hashes.models import Feedback
from hashes.services import Page, Row
from platforms.access import PlatformEndpoint

# Their client asks again and again, for shorter and shorter ranges, where a first page has a next one.
PAGE = 60_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Their client writes its local time and calls it UTC. Its zone shows where `to` lies in the future.
_CLOCKS_DIFFER = timedelta(minutes=5)
_QUARTER = timedelta(minutes=15)
_REASONS = {
    str(uuid.uuid5(uuid.NAMESPACE_URL, f"{xml.NAMESPACE}#{one}")): one for one in Feedback.Reason.values
}
_FINGERPRINTS = ("MD5", "PDQ")


class RawXml(BaseParser):
    """The body as it came; a vote is read by who knows what one is."""

    media_type = "application/xml"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:  # noqa: ARG002 - DRF's.
        return bytes(stream.read())


class TextXml(RawXml):
    media_type = "text/xml"


class NcmecEndpoint(PlatformEndpoint):
    authentication_classes = (UserAndKey,)
    parser_classes = (RawXml, TextXml)
    scopes: ClassVar[tuple[str, ...]] = ("feed",)


@extend_schema(exclude=True)
class Status(NcmecEndpoint):
    def get(self, request: Request) -> HttpResponse:
        caller = self.caller(request)
        return _answer("status", xml.member(xml.member_id(caller.platform_id), caller.slug))


@extend_schema(exclude=True)
class Members(NcmecEndpoint):
    """The portal and whoever asks: who else takes part is nobody's business."""

    def get(self, request: Request) -> HttpResponse:
        caller = self.caller(request)
        asking = (xml.member_id(caller.platform_id), caller.slug)
        return _answer("members", "".join(xml.member(*one) for one in (xml.PORTAL, asking)))


@extend_schema(exclude=True)
class Reasons(NcmecEndpoint):
    def get(self, request: Request, fingerprint: str) -> HttpResponse:  # noqa: ARG002 - DRF passes it.
        if fingerprint not in _FINGERPRINTS:
            raise NotFound
        return _answer("feedback", xml.reasons(_REASONS.items()))


@extend_schema(exclude=True)
class Entries(NcmecEndpoint):
    def get(self, request: Request) -> HttpResponse:
        asked = _Range.read(request.query_params.dict())
        since, before = asked.in_utc(now=timezone.now())
        try:
            page = services.entries_by_time(
                platform_id=self.caller(request).platform_id,
                since=since,
                # As asked, also where their clock is ahead by minutes: they go on from there.
                before=before,
                after=asked.start,
                is_first=since <= _EPOCH,
                limit=PAGE,
            )
        except ListBusy:
            raise AskAgain from None
        return _answer("queryResult", _entries(page) + _paging(page, asked))


@extend_schema(exclude=True)
class Vote(NcmecEndpoint):
    scopes = ("feedback", "feed")

    def put(self, request: Request, member: int, entry: uuid.UUID, fingerprint: str) -> HttpResponse:
        if member != xml.PORTAL[0] or fingerprint not in _FINGERPRINTS:
            raise NotFound
        is_affirmative, reason = _vote(request.data)
        self._give(request, entry, outcome="blocked" if is_affirmative else "not_blocked", reason=reason)
        return _answer("feedbackResult", "")

    def _give(self, request: Request, entry: uuid.UUID, *, outcome: str, reason: str | None) -> None:
        try:
            services.take_feedback(
                platform_id=self.caller(request).platform_id,
                entry_id=entry,
                outcome=outcome,
                reason=reason,
                count=1,
                on=timezone.now().date(),
            )
        except UnknownEntry:
            raise NotFound from None


class _Range:
    """What a client asked for, in its own words, so that a next page is asked for in the same."""

    class Input(serializers.Serializer[None]):
        to = serializers.CharField(max_length=40)
        start = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0)

    def __init__(self, *, since: str, before: str, start: int) -> None:
        self.since, self.before, self.start = since, before, start
        self._times = _times(since=since, before=before)

    @classmethod
    def read(cls, query: dict[str, str]) -> _Range:
        asked = cls.Input(data=query)
        asked.is_valid(raise_exception=True)
        # `from` is a word of Python's.
        since = query.get("from") or xml.written(_EPOCH)
        return cls(since=since, before=asked.validated_data["to"], start=asked.validated_data["start"])

    def in_utc(self, *, now: datetime) -> tuple[datetime, datetime]:
        since, before = self._times
        ahead = before - now
        if ahead <= _CLOCKS_DIFFER:
            return since, before
        zone = round(ahead / _QUARTER) * _QUARTER
        return max(since, _EPOCH + zone) - zone, before - zone

    def next_link(self, *, after: int) -> str:
        last = after + PAGE
        asked = {"from": self.since, "to": self.before, "start": after, "size": PAGE, "max": last}
        return f"/v2/entries?{urlencode(asked)}"


def _times(*, since: str, before: str) -> tuple[datetime, datetime]:
    times = []
    for field, text in (("from", since), ("to", before)):
        try:
            times.append(xml.read_time(text))
        except ValueError:
            told = _("Write a time like {example}.").format(example=xml.written(_EPOCH))
            raise ValidationError({field: [told]}, code="not_a_time") from None
    return times[0], times[1]


def _vote(body: object) -> tuple[bool, str | None]:
    try:
        is_affirmative, guid = xml.read_vote(body if isinstance(body, bytes) else b"")
    except xml.NotAVote:
        told = _("Send a feedbackSubmission with affirmative or negative.")
        raise ValidationError({"feedbackSubmission": [told]}, code="not_a_vote") from None
    if guid is not None and guid not in _REASONS:
        raise ValidationError({"guid": [_("Take a reason of the list of reasons.")]}, code="unknown")
    return is_affirmative, None if is_affirmative else _REASONS.get(guid or "", "other")


def _entries(page: Page) -> str:
    return _group("images", "image", page.rows) + _group("videos", "video", page.rows)


def _group(name: str, kind: str, rows: Iterable[Row]) -> str:
    own = [row for row in rows if row.kind == kind]
    latest = max((row.stamped_at for row in own), default=None)
    return xml.group(name, [_element(row) for row in own], latest=latest)


def _element(row: Row) -> str:
    if not row.is_listed:
        return xml.deleted(row.kind, entry=str(row.entry), stamped_at=row.stamped_at)
    return xml.listed(
        row.kind,
        entry=str(row.entry),
        stamped_at=row.stamped_at,
        algorithm=row.algorithm,
        value=row.value,
    )


def _paging(page: Page, asked: _Range) -> str:
    return "" if page.next_after is None else xml.paging(asked.next_link(after=page.next_after))


def _answer(root: str, inner: str) -> HttpResponse:
    return HttpResponse(xml.document(root, inner), content_type="application/xml; charset=utf-8")
