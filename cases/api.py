"""The reporter's endpoints. The access code stands in the body, never in an address."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

import platforms.services
from cases import errors, limits, services
from cases.endpoint import (
    IDEMPOTENCY_KEY,
    PROOF_OF_WORK,
    AnonymousEndpoint,
    CodeEndpoint,
    CodeInput,
    Conflict,
    ProofOfWorkNeeded,
    answered,
    canonical_body,
    idempotency_key,
)
from cases.media_fields import StrictSerializer, media_field
from cases.models import Case
from cases.services import Answers
from cases.status_answer import StatusOutput, status_answer


class SubmitCase(AnonymousEndpoint):
    purpose = "report"

    class Input(StrictSerializer):
        subject = serializers.ChoiceField(choices=Case.Subject.choices, default=Case.Subject.UNKNOWN)
        age_band = serializers.ChoiceField(choices=Case.AgeBand.choices, default=Case.AgeBand.UNKNOWN)
        in_danger = serializers.BooleanField(default=False)
        threatened = serializers.BooleanField(default=False)
        deadline = serializers.ChoiceField(
            choices=Case.Deadline.choices,
            allow_null=True,
            default=None,
            help_text="Until when, if somebody threatens her; taken without `threatened` too.",
        )
        posted = serializers.ChoiceField(choices=Case.Posted.choices, default=Case.Posted.UNKNOWN)
        platforms = serializers.ListField(
            child=serializers.CharField(max_length=80), max_length=500, default=list
        )
        elsewhere = serializers.BooleanField(default=False)
        language = serializers.RegexField(
            r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?\Z", default="en", max_length=10
        )
        media = media_field()

        def validate_platforms(self, slugs: list[str]) -> list[int]:
            known = {one.slug: one.pk for one in platforms.services.participating(on=timezone.now().date())}
            unknown = [slug for slug in slugs if slug not in known]
            if unknown:
                told = str(_("No platform of this name takes part: {slugs}.")).format(
                    slugs=", ".join(unknown)
                )
                raise serializers.ValidationError(told, code="unknown_platform")
            return [known[slug] for slug in slugs]

    class Output(serializers.Serializer[Any]):
        access_code = serializers.CharField()
        received_on = serializers.DateField()

    @extend_schema(
        operation_id="submit_case",
        request=Input,
        responses={201: Output},
        parameters=[IDEMPOTENCY_KEY, PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        key = idempotency_key(request)
        told = self.Input(data=request.data)
        told.is_valid(raise_exception=True)
        client = self.client(request)
        if limits.report_needs_proof(client=client) and not self.has_proof(request):
            raise ProofOfWorkNeeded
        with answered():
            receipt = services.submit_case(
                key=key,
                body=canonical_body(request),
                answers=_answers(told.validated_data),
                pictures=told.validated_data["media"],
                client=client,
                now=timezone.now(),
            )
        limits.note_report(client=client)
        limits.note_pictures(client=client, count=len(told.validated_data["media"]))
        answer = self.Output({"access_code": receipt.code, "received_on": receipt.received_on}).data
        return Response(answer, status=status.HTTP_201_CREATED)


def _answers(told: dict[str, Any]) -> Answers:
    rest = {name: value for name, value in told.items() if name not in {"media", "platforms", "deadline"}}
    return Answers(platform_ids=told["platforms"], deadline=told["deadline"] or "", **rest)


class ReadStatus(CodeEndpoint):
    @extend_schema(
        operation_id="read_status",
        request=CodeInput,
        responses={200: StatusOutput},
        parameters=[PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        opened, _told = self.told(request)
        return status_answer(opened)


class AddMedia(CodeEndpoint):
    class Input(CodeInput):
        media = media_field()

    @extend_schema(
        operation_id="add_media",
        request=Input,
        responses={201: StatusOutput},
        parameters=[IDEMPOTENCY_KEY, PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        key = idempotency_key(request)
        opened, told = self.told(request)
        client = self.client(request)
        try:
            with answered():
                services.add_media(
                    case=opened.case,
                    key=key,
                    body=canonical_body(request),
                    pictures=told["media"],
                    client=client,
                    now=timezone.now(),
                )
        except errors.CaseIsOver:
            raise Conflict(
                _("This report is withdrawn or closed to new pictures. Start a new report.")
            ) from None
        except errors.TooManyPictures:
            full = _("This report holds as many files as it can. Start a new report for the others.")
            raise ValidationError({"media": [full]}, code="too_many") from None
        limits.note_pictures(client=client, count=len(told["media"]))
        return status_answer(opened, code=status.HTTP_201_CREATED)


class Withdraw(CodeEndpoint):
    @extend_schema(
        operation_id="withdraw_case",
        request=CodeInput,
        responses={202: StatusOutput},
        parameters=[PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        opened, _told = self.told(request)
        try:
            services.ask_for_withdrawal(case=opened.case, now=timezone.now())
        except errors.CannotBeWithdrawn:
            raise Conflict(_("This report was not taken on, so there is nothing to withdraw.")) from None
        return status_answer(opened, code=status.HTTP_202_ACCEPTED)


class CancelWithdrawal(CodeEndpoint):
    @extend_schema(
        operation_id="cancel_withdrawal",
        request=CodeInput,
        responses={202: StatusOutput},
        parameters=[PROOF_OF_WORK],
    )
    def post(self, request: Request) -> Response:
        opened, _told = self.told(request)
        try:
            services.cancel_withdrawal(case=opened.case, now=timezone.now())
        except errors.NothingToCancel:
            raise Conflict(_("No withdrawal is waiting, so there is nothing to cancel.")) from None
        return status_answer(opened, code=status.HTTP_202_ACCEPTED)
