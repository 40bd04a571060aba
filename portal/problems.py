"""One error shape: problem details (RFC 9457) with a list of field errors, whoever refused."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.types import ErrorResponse
from rest_framework.exceptions import APIException, ParseError
from rest_framework.response import Response
from rest_framework.settings import api_settings

from hashes.errors import ListNotReady

CONTENT_TYPE = "application/problem+json"
_AS_A_WHOLE = api_settings.NON_FIELD_ERRORS_KEY


class TooLarge(APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request holds more than this address takes. Send less at once."
    default_code = "too_large"


class NotReady(APIException):
    """This process has only begun to read the list."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    default_detail = "The list is being read; ask again in a moment."
    default_code = "not_ready"
    wait = 2


class ProblemHandler(ExceptionHandler):
    """Errors of DRF's views. An error inside is told as nothing but that."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, ListNotReady):
            return NotReady()
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, BadRequest | SuspiciousOperation | UnreadablePostError):
            return ParseError("The request can't be read.")
        return super().convert_known_exceptions(exc)

    def get_response(self, exc: APIException, data: dict[str, Any]) -> Response:
        response = super().get_response(exc, data)
        response.content_type = CONTENT_TYPE
        return response

    def report_exception(self, exc: APIException, response: Response) -> None:
        # That a process has only begun is no error for whoever runs this.
        if not isinstance(exc, NotReady):
            super().report_exception(exc, response)


class ProblemFormatter(ExceptionFormatter):
    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        errors = [
            {"field": _field(error.attr), "code": error.code, "detail": error.detail}
            for error in error_response.errors
        ]
        return details(
            status=getattr(self.exc, "status_code", 500),
            detail=str(errors[0]["detail"]) if errors else "",
            errors=[error for error in errors if error["field"]],
        )


def _field(attribute: str | None) -> str | None:
    """What is wrong with a list or an object as a whole is told of its field, or of the body."""
    if attribute is None:
        return None
    return attribute.removesuffix(_AS_A_WHOLE).removesuffix(".") or "body"


def details(*, status: int, detail: str = "", errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    title = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": title,
        "status": int(status),
        "detail": detail or title,
        "errors": errors or [],
    }


def is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/exchange/"))


def as_problem(response: HttpResponseBase) -> HttpResponseBase:
    """An error of Django's own or of a plain view, in the API's shape; its headers stay."""
    if response.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        return response
    if not isinstance(response, HttpResponse):
        response = HttpResponse(status=response.status_code)
    response.content = json.dumps(details(status=response.status_code))
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Content-Length"] = str(len(response.content))
    return response
