"""What comes by the thousand is checked by plain loops, and its shapes are here for the API's description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.settings import api_settings

from safety.answers import ACTIONS, DECISIONS
from safety.intake import KINDS, LABELS
from safety.questions import Asked, asked_by, wrong_with
from safety.refusals import detail
from safety.services import DECISION_BATCH, EVENT_BATCH

Codes = Mapping[str, str]


class EventRow(serializers.Serializer[None]):
    id = serializers.CharField(max_length=128, help_text="Yours. A repeat is known by it.")
    kind = serializers.ChoiceField(KINDS)
    actor = serializers.CharField(max_length=128)
    target = serializers.CharField(
        max_length=128, required=False, allow_null=True, help_text="Only listed_hash_attempt goes without."
    )
    occurred_at = serializers.DateTimeField(help_text="ISO 8601 with its offset, best in UTC.")
    mutuals = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    labels = serializers.ListField(child=serializers.ChoiceField(LABELS), required=False, allow_null=True)


class EventBatch(serializers.Serializer[None]):
    events = serializers.ListField(child=EventRow(), min_length=1, max_length=EVENT_BATCH)


class QuestionRow(serializers.Serializer[None]):
    action = serializers.ChoiceField(ACTIONS)
    actor = serializers.CharField(max_length=128)
    target = serializers.CharField(max_length=128)
    mutuals = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    connected = serializers.BooleanField(
        required=False, allow_null=True, help_text="Left out: what your events said last."
    )


class QuestionBatch(serializers.Serializer[None]):
    decisions = serializers.ListField(child=QuestionRow(), min_length=1, max_length=DECISION_BATCH)


class Text(serializers.Serializer[None]):
    key = serializers.CharField()
    text = serializers.CharField()


class DecisionRow(serializers.Serializer[None]):
    decision = serializers.ChoiceField(DECISIONS)
    ttl = serializers.IntegerField()
    decision_id = serializers.CharField()
    to_actor = Text(allow_null=True)
    to_target = Text(allow_null=True)


class DecisionsInOrder(serializers.Serializer[None]):
    results = DecisionRow(many=True)


def read_list(body: object, field: str, *, most: int) -> list[object]:
    """The list that a batch consists of. Raises ValidationError."""
    value = _object(body).get(field)
    if not isinstance(value, list):
        raise ValidationError({field: [ErrorDetail(_("This must be a list."), code="not_a_list")]})
    if not 1 <= len(value) <= most:
        told = _("Send 1 to {most} at once.").format(most=most)
        raise ValidationError({field: [ErrorDetail(told, code="length")]})
    return value


def read_question(body: object) -> Asked:
    """Raises ValidationError."""
    raw = _object(body)
    if codes := wrong_with(raw):
        raise ValidationError(_details(codes))
    return asked_by(raw)


def read_questions(body: object) -> list[Asked]:
    """Raises ValidationError, which names each wrong field with its place."""
    rows = read_list(body, "decisions", most=DECISION_BATCH)
    wrong = [_wrong(row) for row in rows]
    if any(wrong):
        raise ValidationError({"decisions": wrong})
    return [asked_by(row) for row in rows if isinstance(row, Mapping)]


def _wrong(row: object) -> Any:
    if not isinstance(row, Mapping):
        return [ErrorDetail(detail("", "not_an_object"), code="not_an_object")]
    return _details(wrong_with(row))


def _details(codes: Codes) -> dict[str, list[ErrorDetail]]:
    return {field: [ErrorDetail(detail(field, code), code=code)] for field, code in codes.items()}


def _object(body: object) -> Mapping[str, object]:
    if not isinstance(body, Mapping):
        told = ErrorDetail(_("Send an object."), code="not_an_object")
        raise ValidationError({api_settings.NON_FIELD_ERRORS_KEY: [told]})
    return body
