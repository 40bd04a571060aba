"""What every endpoint answers that opened a case with its code: all that she sees, in one shape."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers, status
from rest_framework.response import Response

from cases import policy, services
from cases.models import Case, Rung
from cases.services import OpenedCase


class WithdrawalOutput(serializers.Serializer[Any]):
    effective_on = serializers.DateField()
    cancellable = serializers.BooleanField()


class RungOutput(serializers.Serializer[Any]):
    platform = serializers.CharField()
    rung = serializers.ChoiceField(choices=Rung.Kind.choices)
    reason = serializers.SerializerMethodField()
    changed_on = serializers.DateField()

    def get_reason(self, rung: services.PlatformRung) -> str | None:
        return rung.reason or None


class ToldPlacesOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    authorised = serializers.BooleanField()


# Made from a dictionary, because `from` can't be the name of an attribute.
_MESSAGES = inline_serializer(
    name="ShownMessage",
    fields={
        "from": serializers.ChoiceField(choices=["you", "desk"], source="sender"),
        "text": serializers.CharField(),
        "sent_on": serializers.DateField(),
        "unread": serializers.BooleanField(),
    },
    many=True,
)


class StatusOutput(serializers.Serializer[Any]):
    received_on = serializers.DateField()
    state = serializers.ChoiceField(choices=Case.Status.choices)
    withdrawal = WithdrawalOutput(allow_null=True)
    pictures = serializers.IntegerField()
    platforms = RungOutput(many=True)
    messages = _MESSAGES
    # These three are left out while there is nothing to say.
    locations = ToldPlacesOutput(required=False)
    messages_deleted_on = serializers.DateField(required=False)
    decline_reason = serializers.ChoiceField(choices=policy.DECLINE_REASONS, required=False)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if not shown["locations"]["count"]:
            del shown["locations"]
        for name in ("messages_deleted_on", "decline_reason"):
            if shown[name] is None:
                del shown[name]
        return shown


def status_answer(opened: OpenedCase, *, code: int = status.HTTP_200_OK) -> Response:
    seen = services.case_status(opened=opened, now=timezone.now())
    return Response(StatusOutput(seen).data, status=code)
