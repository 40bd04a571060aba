"""The list for platforms that can't hash: a picture in, a verdict out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from hashes import services
from hashes.api import Match
from hashes.errors import HashingBusy, MediaNotUsable
from hashes.media_parsers import AnythingElse, PictureBody, PictureForm, require_few_bytes
from hashes.models import Entry
from platforms.access import PlatformEndpoint
from platforms.problems import FOR_PLATFORMS, problem, rate_limit_headers
from platforms.services import Limit


class MatchMedia(PlatformEndpoint):
    scopes = ("match",)
    parser_classes = (PictureForm, PictureBody, AnythingElse)

    @extend_schema_serializer(component_name="MatchMediaRequest")
    class Documented(serializers.Serializer[None]):
        media = serializers.FileField(help_text="One picture. It is hashed in memory and forgotten.")

    @extend_schema_serializer(component_name="MatchMediaAnswer")
    class Output(Match.Output.Result):
        algorithms = serializers.ListField(
            child=serializers.ChoiceField(Entry.Algorithm.choices),
            help_text="The kinds of hash that were asked about. A picture without detail has exact ones only.",
        )

    @extend_schema(
        operation_id="match_media",
        summary="Whether a picture is on the list, for whoever can't hash it",
        request={"multipart/form-data": Documented, "image/*": OpenApiTypes.BINARY},
        parameters=rate_limit_headers(200, 429),
        responses={
            200: Output,
            **FOR_PLATFORMS,
            **problem(413, "The picture has too many bytes."),
            **problem(415, "The body is no picture and no form."),
            **problem(
                429,
                "The key's quota for this minute is used up, or as many pictures as may be looked at at once are; Retry-After says how long to wait.",
            ),
        },
    )
    def post(self, request: Request) -> Response:
        caller, content = self.caller(request), _picture(request)
        self.spend(request, limit=_pictures_a_minute(), cost=1)
        try:
            found = services.match_media(
                platform_id=caller.platform_id,
                content=content,
                with_entries="feed" in caller.scopes,
                key=caller.prefix,
            )
        except MediaNotUsable as problem:
            raise ValidationError({"media": [problem.detail]}, code=problem.code) from None
        except HashingBusy:
            raise Throttled(wait=1, detail=_("Too many pictures at once.")) from None
        return Response(_answer(found))


def _pictures_a_minute() -> Limit:
    return Limit("pictures", "request", settings.MATCH_MEDIA_PER_MINUTE)


def _picture(request: Request) -> bytes:
    sent: Any = request.data
    media = sent.get("media")
    content = media.read() if isinstance(media, UploadedFile) else media
    if not isinstance(content, bytes) or not content:
        told = _("Send one picture, as the body or in the form's field media.")
        raise ValidationError({"media": [told]}, code="required")
    require_few_bytes(len(content))
    return content


def _answer(found: services.PictureResult) -> dict[str, object]:
    answer: dict[str, object] = {"verdict": found.result.verdict, "review": found.result.review}
    if found.result.hits is not None:
        answer["matches"] = [hit._asdict() for hit in found.result.hits]
    return {**answer, "algorithms": list(found.algorithms)}
