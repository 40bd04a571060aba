"""The list for platforms: read it, ask it, say what was done."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hashes import asking, services
from hashes.errors import OutcomeDoesNotFit, ReasonDoesNotFit, UnknownEntry
from hashes.fields import HashesField, HashQuery
from hashes.models import Entry, Feedback, FeedChange
from platforms.access import PlatformEndpoint
from platforms.problems import FOR_PLATFORMS, RATE_LIMITED, rate_limit_headers


class Feed(PlatformEndpoint):
    scopes = ("feed",)

    class Input(serializers.Serializer[None]):
        after = serializers.IntegerField(
            min_value=0,
            max_value=2**63 - 1,
            default=0,
            help_text="The last number you hold. Asking proves that you hold everything up to it.",
        )
        limit = serializers.IntegerField(min_value=1, max_value=10_000, default=1_000)

    @extend_schema_serializer(component_name="FeedPage")
    class Output(serializers.Serializer[None]):
        class Change(serializers.Serializer[None]):
            number = serializers.IntegerField()
            change = serializers.ChoiceField(FeedChange.Change.choices)
            entry = serializers.UUIDField()
            algorithm = serializers.ChoiceField(Entry.Algorithm.choices)
            value = serializers.CharField()
            review = serializers.ChoiceField(Entry.Review.choices)

        changes = Change(many=True)
        next_after = serializers.IntegerField()
        has_more = serializers.BooleanField()

    @extend_schema(
        operation_id="read_feed",
        summary="What changed on the list, in the order of its numbers",
        parameters=[Input],
        responses={200: Output, **FOR_PLATFORMS},
    )
    def get(self, request: Request) -> Response:
        asked = self.Input(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        platform_id = self.caller(request).platform_id
        services.ensure_canaries(platform_id=platform_id, now=timezone.now())
        page = services.read_feed(platform_id=platform_id, **asked.validated_data)
        changes = [vars(change) for change in page.changes]
        return Response({"changes": changes, "next_after": page.next_after, "has_more": page.has_more})


class Match(PlatformEndpoint):
    """Whatever `hashes.asking` did not answer: what is wrong, and what is right in an unusual way."""

    scopes = ("match",)

    class Input(serializers.Serializer[None]):
        hashes = HashesField()

    @extend_schema_serializer(component_name="MatchRequest")
    class Documented(serializers.Serializer[None]):
        hashes = serializers.ListField(child=HashQuery(), min_length=1, max_length=services.MATCH_BATCH)

    @extend_schema_serializer(component_name="MatchAnswer")
    class Output(serializers.Serializer[None]):
        class Result(serializers.Serializer[None]):
            class Hit(serializers.Serializer[None]):
                entry = serializers.UUIDField()
                algorithm = serializers.ChoiceField(Entry.Algorithm.choices)
                distance = serializers.IntegerField()
                review = serializers.ChoiceField(Entry.Review.choices)

            verdict = serializers.ChoiceField(["match", "review", "none"])
            review = serializers.ChoiceField(Entry.Review.choices, allow_null=True)
            matches = Hit(many=True, required=False, help_text="Only for keys with the scope feed.")

        results = Result(many=True)
        through = serializers.IntegerField(
            required=False,
            help_text="Compared with the list up to this number. Only for keys with the scope feed.",
        )

    @extend_schema(
        operation_id="match",
        summary="Whether hashes are on the list, answered in their order",
        request=Documented,
        parameters=rate_limit_headers(200, 429),
        responses={200: Output, **FOR_PLATFORMS, **RATE_LIMITED},
    )
    def post(self, request: Request) -> Response:
        _require_few_bytes(request)
        asked = self.Input(data=request.data)
        asked.is_valid(raise_exception=True)
        queries, caller = asked.validated_data["hashes"], self.caller(request)
        self.spend(request, limit=asking.hashes_a_minute(), cost=len(queries))
        results = services.match(
            platform_id=caller.platform_id,
            queries=queries,
            with_entries="feed" in caller.scopes,
            key=caller.prefix,
        )
        answer: dict[str, object] = {"results": [_result(one) for one in results]}
        if "feed" in caller.scopes:
            answer["through"] = min(one.through for one in results)
        return Response(answer)


class GiveFeedback(PlatformEndpoint):
    scopes = ("feedback", "feed")

    @extend_schema_serializer(component_name="Feedback")
    class Input(serializers.Serializer[None]):
        entry = serializers.UUIDField()
        outcome = serializers.ChoiceField(Feedback.Outcome.choices)
        reason = serializers.ChoiceField(
            Feedback.Reason.choices, allow_null=True, default=None, help_text="Only with not_blocked."
        )
        count = serializers.IntegerField(min_value=1, max_value=1_000_000, default=1)

    @extend_schema(
        operation_id="give_feedback",
        summary="What you did about a match",
        request=Input,
        responses={201: Input, 200: Input, **FOR_PLATFORMS},
        description="201 for news, 200 for what you said before.",
    )
    def post(self, request: Request) -> Response:
        said = self.Input(data=request.data)
        said.is_valid(raise_exception=True)
        given = self._give(request, said.validated_data)
        kept = given.feedback
        return Response(
            {
                "entry": kept.entry_id,
                "outcome": kept.outcome,
                "reason": kept.reason or None,
                "count": kept.count,
            },
            status=201 if given.is_new else 200,
        )

    def _give(self, request: Request, said: dict[str, Any]) -> services.GivenFeedback:
        try:
            return services.take_feedback(
                platform_id=self.caller(request).platform_id,
                entry_id=said["entry"],
                outcome=said["outcome"],
                reason=said["reason"],
                count=said["count"],
                on=timezone.now().date(),
            )
        except UnknownEntry:
            raise ValidationError({"entry": [_("No such entry was ever listed.")]}, code="unknown") from None
        except ReasonDoesNotFit:
            raise ValidationError(
                {"reason": [_("A reason goes with not_blocked only.")]}, code="does_not_fit"
            ) from None
        except OutcomeDoesNotFit:
            raise ValidationError(
                {"outcome": [_("This goes with a withdrawn entry only; this one is still listed.")]},
                code="does_not_fit",
            ) from None


def _require_few_bytes(request: Request) -> None:
    """Django's limit holds for what is read as a whole; DRF would read on without one."""
    _ = request._request.body  # noqa: SLF001 - It is the plain request's.


def _result(one: services.MatchResult) -> dict[str, object]:
    answer: dict[str, object] = {"verdict": one.verdict, "review": one.review}
    if one.hits is not None:
        answer["matches"] = [hit._asdict() for hit in one.hits]
    return answer
