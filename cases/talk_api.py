"""Where the reporter writes: messages, and where copies are. The access code stands in the body, never in an address."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

import platforms.services
from cases import errors, services
from cases.endpoint import (
    IDEMPOTENCY_KEY,
    PROOF_OF_WORK,
    CodeEndpoint,
    CodeInput,
    Conflict,
    answered,
    canonical_body,
    idempotency_key,
)
from cases.media_fields import StrictSerializer
from cases.services import NewPlace, OpenedCase
from cases.status_answer import StatusOutput, status_answer

# What turns the direction of writing can make a text read as another one.
_TURNS_WRITING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class WrittenField(serializers.CharField):
    """Text as people write it; line ends of every kind become one."""

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data).replace("\r\n", "\n").replace("\r", "\n")
        if any(_is_control(letter) for letter in text):
            raise serializers.ValidationError(
                _("There is a sign in it that can't be shown. Type the words again."),
                code="control_character",
            )
        return text


def _is_control(letter: str) -> bool:
    return letter in _TURNS_WRITING or (unicodedata.category(letter) == "Cc" and letter not in "\n\t")


class SendMessage(CodeEndpoint):
    class Input(CodeInput):
        text = WrittenField(max_length=4_000)
        danger = serializers.BooleanField(default=False)

    @extend_schema(
        operation_id="send_message",
        request=Input,
        responses={201: StatusOutput},
        parameters=[IDEMPOTENCY_KEY, PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        key = idempotency_key(request)
        opened, told = self.told(request)
        self._send(request, opened=opened, key=key, told=told)
        return status_answer(opened, code=status.HTTP_201_CREATED)

    def _send(self, request: Request, *, opened: OpenedCase, key: str, told: dict[str, Any]) -> None:
        try:
            with answered():
                services.send_message(
                    opened=opened,
                    key=key,
                    body=canonical_body(request),
                    text=told["text"],
                    says_danger=told["danger"],
                    now=timezone.now(),
                )
        except errors.CaseIsOver:
            raise Conflict(_("This report is over, so nobody reads messages here any more.")) from None
        except errors.TooManyMessages:
            raise Conflict(
                _("You have written as many messages as fit in one day. Tomorrow you can write again.")
            ) from None


class TellLocations(CodeEndpoint):
    class Input(CodeInput):
        class Place(StrictSerializer):
            platform = serializers.CharField(max_length=80, allow_null=True, default=None)
            where = WrittenField(max_length=500)

        locations: Any = serializers.ListSerializer(child=Place(), max_length=20)
        authorised = serializers.BooleanField(default=False)

        def validate_locations(self, told: list[dict[str, Any]]) -> list[NewPlace]:
            known = {one.slug: one.pk for one in platforms.services.participating(on=timezone.now().date())}
            if any(one["platform"] and one["platform"] not in known for one in told):
                raise serializers.ValidationError(
                    _("No platform of this name takes part. Send null for another place."),
                    code="unknown_platform",
                )
            return [
                NewPlace(known[one["platform"]] if one["platform"] else None, one["where"]) for one in told
            ]

    @extend_schema(
        operation_id="tell_locations",
        request=Input,
        responses={201: StatusOutput},
        parameters=[IDEMPOTENCY_KEY, PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        key = idempotency_key(request)
        opened, told = self.told(request)
        self._tell(request, opened=opened, key=key, told=told)
        return status_answer(opened, code=status.HTTP_201_CREATED)

    def _tell(self, request: Request, *, opened: OpenedCase, key: str, told: dict[str, Any]) -> None:
        try:
            with answered():
                services.tell_places(
                    opened=opened,
                    key=key,
                    body=canonical_body(request),
                    places=told["locations"],
                    is_authorised=told["authorised"],
                    now=timezone.now(),
                )
        except errors.CaseIsOver:
            raise Conflict(_("This report is over, so no notice can be made for it any more.")) from None
        except errors.NoPlaceToAuthorise:
            raise ValidationError({"locations": [_("Say at least one place.")]}, code="required") from None
        except errors.TooManyLocations:
            full = _("This report holds as many places as it can.")
            raise ValidationError({"locations": [full]}, code="too_many") from None
