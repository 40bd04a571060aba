"""Platforms say which adults belong to a teen's life, and which settings they have at all."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotOfThisAge, UnknownAccount
from accounts.models import Pair
from accounts.privacy import SETTINGS
from accounts.services import KnownAbilities, end_pair, known_abilities, tell_abilities, tell_pair
from platforms.access import PlatformEndpoint
from platforms.problems import FOR_PLATFORMS, problem


class Pairs(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="Pair")
    class Input(serializers.Serializer[None]):
        teen = serializers.CharField(max_length=128, trim_whitespace=False)
        adult = serializers.CharField(max_length=128, trim_whitespace=False)
        kind = serializers.ChoiceField(Pair.Kind.choices)

    @extend_schema(
        operation_id="tell_pair",
        summary="Say that you verified an adult as belonging to a teen's life",
        request=Input,
        responses={201: Input, 200: Input, **FOR_PLATFORMS},
        description="What this adult does towards this teen, and only that, is no sign of anything.",
    )
    def post(self, request: Request) -> Response:
        told = self.Input(data=request.data)
        told.is_valid(raise_exception=True)
        is_new = self._tell(request, told.validated_data)
        return Response(told.validated_data, status=201 if is_new else 200)

    def _tell(self, request: Request, told: dict[str, Any]) -> bool:
        platform_id = self.caller(request).platform_id
        try:
            return tell_pair(platform_id=platform_id, now=timezone.now(), **told)
        except UnknownAccount as unknown:
            words = _("You told of no such account. Tell of it first.")
            raise _wrong(unknown, words, code="unknown_account") from None
        except NotOfThisAge as wrong:
            words = _("The teen must be under 18 and the adult 18 or older, by the age bands that you told.")
            raise _wrong(wrong, words, code="wrong_age") from None


class OnePair(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema(
        operation_id="end_pair",
        summary="Say that two are a pair no more",
        responses={204: None, **FOR_PLATFORMS, **problem(404, "They are no pair.")},
    )
    def delete(self, request: Request, teen: str, adult: str) -> Response:
        try:
            end_pair(platform_id=self.caller(request).platform_id, teen=teen, adult=adult)
        except UnknownAccount:
            raise Http404 from None
        return Response(status=204)


class Abilities(PlatformEndpoint):
    scopes = ("safety",)

    @extend_schema_serializer(component_name="AbilitiesTold")
    class Input(serializers.Serializer[None]):
        settings = serializers.ListField(
            child=serializers.ChoiceField(list(SETTINGS)), max_length=len(SETTINGS), allow_empty=True
        )

    @extend_schema_serializer(component_name="Abilities")
    class Output(serializers.Serializer[None]):
        settings = serializers.ListField(child=serializers.ChoiceField(list(SETTINGS)))
        is_told = serializers.BooleanField(
            help_text="False until you say; then the settings are those that you ever sent."
        )

    @extend_schema(
        operation_id="read_abilities",
        summary="Which settings you have, as far as is known here",
        responses={200: Output, **FOR_PLATFORMS},
    )
    def get(self, request: Request) -> Response:
        return Response(_shown(known_abilities(platform_id=self.caller(request).platform_id)))

    @extend_schema(
        operation_id="tell_abilities",
        summary="Say which settings you have; others are never shown and never advised",
        request=Input,
        responses={200: Output, **FOR_PLATFORMS},
    )
    def put(self, request: Request) -> Response:
        told = self.Input(data=request.data)
        told.is_valid(raise_exception=True)
        known = tell_abilities(
            platform_id=self.caller(request).platform_id,
            settings=set(told.validated_data["settings"]),
            now=timezone.now(),
        )
        return Response(_shown(known))


def _shown(known: KnownAbilities) -> dict[str, object]:
    return {"settings": known.settings, "is_told": known.is_told}


def _wrong(side: Exception, words: str, *, code: str) -> ValidationError:
    return ValidationError({str(side): [ErrorDetail(words, code=code)]})
