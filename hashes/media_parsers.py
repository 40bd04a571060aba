"""A picture in a request, as a form's field or as the body itself. It stays in memory."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request

# A form's own lines beside the picture.
_FORM_BYTES = 16_384

Context = Mapping[str, Any] | None


class TooManyBytes(ValidationError):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class WrongType(ValidationError):
    status_code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class KeptInMemory(MemoryFileUploadHandler):
    """Django's own goes to a file on disk above a size. The whole body was found small enough before."""

    def handle_raw_input(self, *_: Any, **__: Any) -> None:
        self.activated = True


class PictureForm(MultiPartParser):
    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:
        request = _request(parser_context)
        require_few_bytes(_length(request) - _FORM_BYTES)
        plain = request._request  # noqa: SLF001 - Where Django's upload handlers are chosen.
        plain.upload_handlers = [KeptInMemory(plain)]
        return super().parse(stream, media_type, parser_context)


class PictureBody(BaseParser):
    media_type = "image/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:  # noqa: ARG002 - DRF names them.
        length = _length(_request(parser_context))
        require_few_bytes(length)
        return {"media": stream.read(length)}


class AnythingElse(BaseParser):
    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Context = None) -> Any:  # noqa: ARG002 - DRF names them.
        told = _("Send the picture as image/jpeg or the like, or in the field media of multipart/form-data.")
        raise WrongType({"Content-Type": [told]}, code="unsupported")


def require_few_bytes(length: int) -> None:
    most = settings.MATCH_MEDIA_MAX_BYTES
    if length > most:
        told = _("Send at most {most} bytes: the picture made smaller matches as well.").format(most=most)
        raise TooManyBytes({"media": [told]}, code="too_many_bytes")


def _request(parser_context: Context) -> Request:
    request: Request = (parser_context or {})["request"]
    return request


def _length(request: Request) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
