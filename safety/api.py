"""For platforms: tell what happened, ask before it happens, read where an account stands and what was flagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import UnknownAccount
from platforms.access import PlatformEndpoint
from platforms.problems import FOR_PLATFORMS, problem
from safety import fields, services
from safety.models import Flag
from safety.refusals import detail


class Events(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="EventsTaken")
    class Output(serializers.Serializer[None]):
        @extend_schema_serializer(component_name="RejectedRow")
        class Rejected(serializers.Serializer[None]):
            index = serializers.IntegerField()
            field = serializers.CharField(allow_blank=True)
            code = serializers.CharField()
            detail = serializers.CharField()

        accepted = serializers.IntegerField()
        repeated = serializers.IntegerField()
        rejected = Rejected(many=True)

    @extend_schema(
        operation_id="take_events",
        summary="What happened between accounts; good rows are kept, others are named",
        request=fields.EventBatch,
        responses={200: Output, **FOR_PLATFORMS},
    )
    def post(self, request: Request) -> Response:
        rows = fields.read_list(request.data, "events", most=services.EVENT_BATCH)
        taken = services.take_events(
            platform_id=self.caller(request).platform_id, rows=rows, now=timezone.now()
        )
        rejected = [
            {"index": one.index, "field": one.field, "code": one.code, "detail": detail(one.field, one.code)}
            for one in taken.rejected
        ]
        return Response({"accepted": taken.accepted, "repeated": taken.repeated, "rejected": rejected})


class Decisions(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema(
        operation_id="decide",
        summary="May this happen? One question, or up to a thousand, answered in order",
        request=PolymorphicProxySerializer(
            component_name="Questions",
            serializers=[fields.QuestionRow, fields.QuestionBatch],
            resource_type_field_name=None,
        ),
        responses={
            200: PolymorphicProxySerializer(
                component_name="Decisions",
                serializers=[fields.DecisionRow, fields.DecisionsInOrder],
                resource_type_field_name=None,
            ),
            **FOR_PLATFORMS,
        },
    )
    def post(self, request: Request) -> Response:
        is_batch = isinstance(request.data, Mapping) and "decisions" in request.data
        read = fields.read_questions if is_batch else _one_question
        decided = services.decide(
            platform_id=self.caller(request).platform_id, questions=read(request.data), now=timezone.now()
        )
        results = [_decision(one) for one in decided]
        return Response({"results": results} if is_batch else results[0])


class Standings(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="Standing")
    class Output(serializers.Serializer[services.ShownStanding]):
        @extend_schema_serializer(component_name="StandingReason")
        class Reason(serializers.Serializer[None]):
            rule = serializers.CharField()
            text = serializers.CharField()
            weight = serializers.FloatField()
            expires_on = serializers.DateField()

        @extend_schema_serializer(component_name="StandingFlag")
        class Flagged(serializers.Serializer[None]):
            level = serializers.IntegerField(min_value=0, max_value=3)
            opened_at = serializers.DateTimeField()
            closed_at = serializers.DateTimeField(allow_null=True)
            outcome = serializers.ChoiceField(Flag.Outcome.choices, allow_null=True)

        level = serializers.IntegerField(min_value=0, max_value=3)
        score = serializers.FloatField()
        reasons = Reason(many=True)
        flags = Flagged(many=True)

    @extend_schema(
        operation_id="read_standing",
        summary="Where an account stands and why, for your own trust and safety staff only",
        responses={200: Output, **FOR_PLATFORMS, **problem(404, "You never told of this account.")},
    )
    def get(self, request: Request, external_id: str) -> Response:
        platform_id = self.caller(request).platform_id
        try:
            standing = services.standing_of(
                platform_id=platform_id, external_id=external_id, now=timezone.now()
            )
        except UnknownAccount:
            raise NotFound from None
        return Response(self.Output(standing).data)


class Flags(PlatformEndpoint):
    scopes = ("safety",)

    class Input(serializers.Serializer[None]):
        since = serializers.DateTimeField(
            required=False, default=None, help_text="Only what was opened or closed from then on."
        )
        cursor = serializers.IntegerField(
            min_value=0, max_value=2**63 - 1, default=0, help_text="The last page's `next_cursor`."
        )

    @extend_schema_serializer(component_name="FlagPage")
    class Output(serializers.Serializer[None]):
        @extend_schema_serializer(component_name="Flag")
        class Followed(serializers.Serializer[None]):
            id = serializers.UUIDField()
            account = serializers.CharField(allow_null=True, help_text="Null once you deleted the account.")
            cause = serializers.ChoiceField(Flag.Cause.choices)
            level = serializers.IntegerField(min_value=0, max_value=3)
            state = serializers.ChoiceField(Flag.State.choices)
            outcome = serializers.ChoiceField(Flag.Outcome.choices, allow_null=True)
            opened_at = serializers.DateTimeField()
            closed_at = serializers.DateTimeField(allow_null=True)

        flags = Followed(many=True)
        next_cursor = serializers.IntegerField()
        has_more = serializers.BooleanField()

    @extend_schema(
        operation_id="read_flags",
        summary="What was flagged and what people decided, in the order of its last change",
        parameters=[Input],
        responses={200: Output, **FOR_PLATFORMS},
    )
    def get(self, request: Request) -> Response:
        asked = self.Input(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        page = services.read_flags(platform_id=self.caller(request).platform_id, **asked.validated_data)
        flags = [asdict(one) for one in page.flags]
        return Response({"flags": flags, "next_cursor": page.cursor, "has_more": page.has_more})


def _one_question(body: object) -> list[Any]:
    return [fields.read_question(body)]


def _decision(one: services.Decision) -> dict[str, object]:
    return {
        "decision": one.decision,
        "ttl": one.ttl,
        "decision_id": one.decision_id,
        "to_actor": one.to_actor._asdict() if one.to_actor else None,
        "to_target": one.to_target._asdict() if one.to_target else None,
    }
