"""The list as StopNCII's clients read it: one row a value, by the time of its last change.

The names on the wire are theirs; `docs/partners.md` says what each client can't do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hashes import services
from hashes.errors import ListBusy, NotListable, TooMuchAdded
from hashes.exchange.busy import AskAgain
from hashes.exchange.credentials import FunctionKey
from hashes.json_lines import ListRow
from hashes.services import Page, Row
from platforms.access import PlatformEndpoint

# What a client asks for is a hint: few large pages serve everybody better.
PAGE = 20_000
# "From the beginning", as their client says it.
_BEGINNING = 10
_LAST_SECOND = 2**33
_SIGNAL_TYPES = {("image", "pdq"): "ImagePDQ", ("video", "md5"): "VideoMD5"}
_KINDS = {name: key for key, name in _SIGNAL_TYPES.items()}
# Their client once wrote the name of the enumeration before its value.
_ENUM = "StopNCIISignalType."
_OUTWARD = {"confirmed": "Blocked", "unreviewed": "None", "check_first": "PendingReview"}
_OUTCOMES = {
    "Blocked": "blocked",
    "PendingReview": "pending_review",
    "NotBlocked": "not_blocked",
    "Withdrawn": "removed_after_withdrawal",
    "Deleted": "removed_after_withdrawal",
}
_IGNORED = ("None", "Unknown", "QualityUnknown")
_REASONS = ("not_what_it_claims", "not_the_same", "allowed_here", "other")
_MOST = 10_000


class TooMuchThisHour(APIException):
    status_code = HTTPStatus.TOO_MANY_REQUESTS
    default_code = "too_much"

    def __init__(self, over: TooMuchAdded) -> None:
        told = _(
            "You may add {limit} new hashes an hour, and {left} are left of this one. None of these was kept:"
            " send at most {left} now, or wait as long as Retry-After says."
        )
        super().__init__(told.format(limit=over.limit, left=over.left))
        self.wait = over.seconds


class StopNciiEndpoint(PlatformEndpoint):
    authentication_classes = (FunctionKey,)


class Asked(NamedTuple):
    """What a request asks for. A first sync goes on as of the second in which its first page was asked for."""

    start: int
    after: int
    first_as_of: int | None

    @classmethod
    def read(cls, *, start: int, token: str) -> Asked:
        after, _dash, as_of = token.partition("-")
        if start > _BEGINNING:
            return cls(start, int(after), None)
        now = _seconds(timezone.now())
        return cls(start, int(after), min(now, int(as_of)) if as_of else now)

    def token(self, page: Page) -> str | None:
        if page.next_after is None:
            return None
        return f"{page.next_after}" if self.first_as_of is None else f"{page.next_after}-{self.first_as_of}"

    def checkpoint(self, page: Page) -> int:
        """Kept as where to go on, without the token: it never goes back, and what changed since is told from there."""
        last = max([self.start, *(_seconds(row.stamped_at) for row in page.rows[-1:])])
        if self.first_as_of is None:
            return last
        return self.first_as_of if page.next_after is None else min(last, self.first_as_of)


@extend_schema(exclude=True)
class FetchHashes(StopNciiEndpoint):
    scopes = ("feed",)

    class Input(serializers.Serializer[None]):
        startTimestamp = serializers.IntegerField(min_value=0, max_value=_LAST_SECOND, default=_BEGINNING)  # noqa: N815 - Theirs.
        pageSize = serializers.IntegerField(min_value=1, default=PAGE)  # noqa: N815 - Theirs.
        nextPageToken = serializers.RegexField(  # noqa: N815 - Theirs.
            r"^[0-9]{1,18}(-[0-9]{1,10})?\Z",
            default="0",
            error_messages={
                "invalid": gettext_lazy("Send the last page's nextPageToken as it came, or none.")
            },
        )

    def get(self, request: Request) -> Response:
        given = self.Input(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        values = given.validated_data
        asked = Asked.read(start=values["startTimestamp"], token=values["nextPageToken"])
        try:
            page = services.values_by_time(
                platform_id=self.caller(request).platform_id,
                since=_moment(asked.start),
                now=timezone.now(),
                after=asked.after,
                first_as_of=None if asked.first_as_of is None else _moment(asked.first_as_of),
                limit=max(PAGE, min(values["pageSize"], _MOST)),
            )
        except ListBusy:
            raise AskAgain from None
        return Response(
            {
                "count": len(page.rows),
                "nextPageToken": asked.token(page),
                "nextSetTimestamp": asked.checkpoint(page),
                "hasMoreRecords": page.next_after is not None,
                "hashRecords": [_record(row) for row in page.rows],
            }
        )


@extend_schema(exclude=True)
class SubmitFeedback(StopNciiEndpoint):
    scopes = ("feedback", "feed")

    class Input(serializers.Serializer[None]):
        class Said(serializers.Serializer[None]):
            hashValue = serializers.CharField(max_length=64)  # noqa: N815 - Theirs.
            feedbackValue = serializers.ChoiceField([*_OUTCOMES, *_IGNORED])  # noqa: N815 - Theirs.
            tags = serializers.ListField(child=serializers.CharField(max_length=200), default=list)

        count = serializers.IntegerField(min_value=0, required=False)
        hashFeedbacks = Said(many=True, allow_empty=False, max_length=_MOST)  # type: ignore[call-arg]  # noqa: N815 - Of the list; theirs.

    def post(self, request: Request) -> Response:
        said = self.Input(data=request.data)
        said.is_valid(raise_exception=True)
        platform_id = self.caller(request).platform_id
        known = [
            _give(platform_id=platform_id, said=one)
            for one in said.validated_data["hashFeedbacks"]
            if one["feedbackValue"] in _OUTCOMES
        ]
        # A value that was never listed is no error of the batch's: the rest is kept.
        return Response({"count": sum(known), "unknown": len(known) - sum(known)})


@extend_schema(exclude=True)
class SubmitHashes(StopNciiEndpoint):
    scopes = ("submit",)

    class Input(serializers.Serializer[None]):
        class Record(serializers.Serializer[None]):
            signalType = serializers.CharField(max_length=60)  # noqa: N815 - Theirs.
            hashValue = serializers.CharField(max_length=64)  # noqa: N815 - Theirs.
            CSPFeedbacks = serializers.ListField(child=serializers.DictField(), default=list)

        count = serializers.IntegerField(min_value=0, required=False)
        hashRecords = Record(many=True, allow_empty=False, max_length=_MOST)  # type: ignore[call-arg]  # noqa: N815 - Of the list; theirs.

    def post(self, request: Request) -> Response:
        said = self.Input(data=request.data)
        said.is_valid(raise_exception=True)
        records = said.validated_data["hashRecords"]
        try:
            new = services.submit_rows(
                platform_id=self.caller(request).platform_id,
                rows=[self._row(number, one) for number, one in enumerate(records)],
                now=timezone.now(),
            )
        except TooMuchAdded as over:
            raise TooMuchThisHour(over) from None
        return Response({"count": new.new, "known": len(records) - new.new})

    @staticmethod
    def _row(number: int, record: Mapping[str, Any]) -> ListRow:
        kind = _KINDS.get(record["signalType"].removeprefix(_ENUM))
        if kind is None:
            told = _("Send {types}.").format(types=" or ".join(_KINDS))
            raise ValidationError({f"hashRecords.{number}.signalType": [told]}, code="not_taken")
        blocked = any(one.get("feedbackValue") == "Blocked" for one in record["CSPFeedbacks"])
        try:
            return services.row_of(
                kind=kind[0], algorithm=kind[1], value=record["hashValue"].lower(), is_confirmed=blocked
            )
        except NotListable as wrong:
            raise ValidationError(
                {f"hashRecords.{number}.hashValue": [str(wrong)]}, code="not_a_hash"
            ) from None


def _give(*, platform_id: int, said: Mapping[str, Any]) -> bool:
    """To every picture with the value. Whether there is any; a canary looks as if there were."""
    outcome, value = _OUTCOMES[said["feedbackValue"]], said["hashValue"].lower()
    entries = services.entries_with_value(value=value)
    for entry in entries:
        services.give_feedback_if_it_fits(
            platform_id=platform_id,
            entry_id=entry,
            outcome=outcome,
            reason=_reason(said["tags"]) if outcome == "not_blocked" else None,
            on=timezone.now().date(),
        )
    return bool(entries) or services.is_canary_value(value=value)


def _reason(tags: list[str]) -> str:
    return next((tag for tag in tags if tag in _REASONS), "other")


def _record(row: Row) -> dict[str, Any]:
    status = "Active" if row.is_listed else "Withdrawn"
    return {
        "lastModtimestamp": _seconds(row.stamped_at),
        "signalType": _SIGNAL_TYPES[row.kind, row.algorithm],
        "hashValue": row.value,
        "hashStatus": status,
        # Made of the value alone, so it says nothing about whose it is and links nothing.
        "caseNumbers": {f"R-{hashlib.sha256(row.value.encode()).hexdigest()[:12]}": status},
        "CSPFeedbacks": [{"source": "Reclaim", "feedbackValue": _OUTWARD[row.review], "tags": [row.review]}],
    }


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
