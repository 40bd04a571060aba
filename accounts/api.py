"""Platforms tell of their members, read them back, and ask for links for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import door_of
from accounts.errors import UnderLegalHold, UnknownAccount
from accounts.intake import BadRow, Row, read_row
from accounts.services import Outcome, delete_account, find_accounts, links, tell_accounts
from accounts.shapes import AccountShape, BatchedShape, ToldShape, shown
from accounts.wording import detail
from platforms.access import PlatformEndpoint
from platforms.problems import FOR_PLATFORMS, problem

BATCH = 1_000
_OF_AN_ACCOUNT = {**FOR_PLATFORMS, **problem(404, "You told of no such account.")}


class Conflict(APIException):
    """What was asked fits the rules but not the present state."""

    status_code = 409


class OneAccount(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema(
        operation_id="read_account",
        summary="An account as it is known here, with its settings as they are now",
        responses={200: AccountShape, **_OF_AN_ACCOUNT},
    )
    def get(self, request: Request, external_id: str) -> Response:
        return Response(self._shown(request, external_id))

    @extend_schema(
        operation_id="tell_account",
        summary="Tell of an account",
        request=ToldShape,
        responses={
            200: AccountShape,
            201: AccountShape,
            **FOR_PLATFORMS,
            **problem(409, "The settings were changed since you read them."),
        },
        description="201 for an account that is new here, 200 for one that is known.",
    )
    def put(self, request: Request, external_id: str) -> Response:
        now = timezone.now()
        try:
            row = read_row(request.data, today=now.date(), external_id=external_id)
        except BadRow as wrong:
            raise ValidationError(_as_field(wrong.field, wrong.code)) from None
        (outcome,) = tell_accounts(platform_id=self.caller(request).platform_id, rows=[row], now=now)
        if outcome is Outcome.STALE:
            raise Conflict(_as_field("settings_version", "stale"))
        status = 201 if outcome is Outcome.CREATED else 200
        return Response(self._shown(request, external_id), status=status)

    @extend_schema(
        operation_id="delete_account",
        summary="Forget an account and all that is known of it",
        responses={204: None, **_OF_AN_ACCOUNT, **problem(409, "It must be kept for now, by law.")},
    )
    def delete(self, request: Request, external_id: str) -> Response:
        platform_id = self.caller(request).platform_id
        try:
            delete_account(platform_id=platform_id, external_id=external_id, now=timezone.now())
        except UnknownAccount:
            raise Http404 from None
        except UnderLegalHold:
            told = _("This account must be kept for now, by law. Ask again later.")
            raise Conflict({"external_id": [ErrorDetail(told, code="legal_hold")]}) from None
        return Response(status=204)

    def _shown(self, request: Request, external_id: str) -> dict[str, object]:
        found = find_accounts(platform_id=self.caller(request).platform_id, external_ids=[external_id])
        if external_id not in found:
            raise Http404
        return shown(found[external_id], today=timezone.now().date())


class Batch(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="AccountBatch")
    class Input(serializers.Serializer[None]):
        accounts = serializers.ListField(child=BatchedShape(), min_length=1, max_length=BATCH)

    @extend_schema_serializer(component_name="AccountBatchAnswer")
    class Output(serializers.Serializer[None]):
        @extend_schema_serializer(component_name="RejectedAccount")
        class Rejected(serializers.Serializer[None]):
            index = serializers.IntegerField(help_text="Its place in the batch, from 0.")
            field = serializers.CharField(allow_blank=True)
            code = serializers.CharField()
            detail = serializers.CharField()

        accepted = serializers.IntegerField()
        repeated = serializers.IntegerField(help_text="Nothing of them was new.")
        rejected = Rejected(many=True)

    @extend_schema(
        operation_id="tell_accounts",
        summary="Tell of up to a thousand accounts",
        request=Input,
        responses={200: Output, **FOR_PLATFORMS},
        description="Good rows are taken, in their order, whatever is wrong with others.",
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        good: dict[int, Row] = {}
        rejected: dict[int, BadRow] = {}
        for index, raw in enumerate(_rows_of(request.data)):
            try:
                good[index] = read_row(raw, today=now.date())
            except BadRow as wrong:
                rejected[index] = wrong
        platform_id = self.caller(request).platform_id
        outcomes = tell_accounts(platform_id=platform_id, rows=list(good.values()), now=now)
        for index, outcome in zip(good, outcomes, strict=True):
            if outcome is Outcome.STALE:
                rejected[index] = BadRow("settings_version", "stale")
        return Response(
            {
                "accepted": sum(one in {Outcome.CREATED, Outcome.CHANGED} for one in outcomes),
                "repeated": outcomes.count(Outcome.REPEATED),
                "rejected": [_as_rejected(index, rejected[index]) for index in sorted(rejected)],
            }
        )


class SignIn(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="SignInLink")
    class Output(serializers.Serializer[None]):
        url = serializers.URLField(help_text="Lead the member's browser there. It opens once.")
        expires_at = serializers.DateTimeField()

    @extend_schema(
        operation_id="make_sign_in_link",
        summary="A link by which a member comes to their own pages",
        request=None,
        responses={201: Output, **_OF_AN_ACCOUNT},
        description="Ask when the member taps, in the session in which you know who it is. It lasts ten minutes.",
    )
    def post(self, request: Request, external_id: str) -> Response:
        platform_id = self.caller(request).platform_id
        try:
            link = links.make_link(platform_id=platform_id, external_id=external_id, now=timezone.now())
        except UnknownAccount:
            raise Http404 from None
        path = reverse(f"accounts:enter_{door_of(link.age_band).name}", args=[link.secret])
        return Response({"url": f"{settings.MEMBER_URL}{path}", "expires_at": link.expires_at}, status=201)


def _rows_of(body: Any) -> list[object]:
    rows = body.get("accounts") if isinstance(body, dict) else None
    if not isinstance(rows, list):
        raise ValidationError({"accounts": [ErrorDetail(_("This must be a list."), code="not_a_list")]})
    if not 1 <= len(rows) <= BATCH:
        told = _("Send 1 to {most} accounts.").format(most=BATCH)
        raise ValidationError({"accounts": [ErrorDetail(told, code="length")]})
    return rows


def _as_field(field: str, code: str) -> dict[str, Any]:
    return {field or "body": [ErrorDetail(detail(field, code), code=code)]}


def _as_rejected(index: int, wrong: BadRow) -> dict[str, object]:
    return {
        "index": index,
        "field": wrong.field,
        "code": wrong.code,
        "detail": detail(wrong.field, wrong.code),
    }
