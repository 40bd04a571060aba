"""What all anonymous endpoints share: who may call, how much may come, and how a proof of work is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import clients, errors, proof
from cases.media_fields import StrictSerializer
from cases.permissions import FromOurOwnPages
from cases.services import OpenedCase, open_case

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="22 to 128 characters of [A-Za-z0-9_-], random. The same key and body give the same answer for 24 hours.",
)
PROOF_OF_WORK = OpenApiParameter(
    "X-Proof-Of-Work",
    str,
    OpenApiParameter.HEADER,
    description="Base64 of the solved challenge of a 428 answer.",
)


_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class NoSuchReport(APIException):
    status_code = status.HTTP_404_NOT_FOUND
    default_detail = _("No report opens with this code. Look at each letter again.")
    default_code = "no_such_report"


class KeyReused(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("This Idempotency-Key was used for another request. Make a new key for a new request.")
    default_code = "idempotency_key_reused"


class Busy(APIException):
    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_detail = _("Many requests at once came from here. Please try again in a few seconds.")
    default_code = "busy"
    wait = 3


class ProofOfWorkNeeded(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = _("Solve the challenge, or wait, and send this again with X-Proof-Of-Work.")
    default_code = "proof_of_work_needed"


class AnonymousEndpoint(APIView):
    """Reads no cookie, asks for no account, and stores nothing about who calls."""

    authentication_classes = ()
    permission_classes = (FromOurOwnPages,)
    purpose: str

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.REPORT_MAX_BYTES:
            limit = settings.REPORT_MAX_BYTES
            raise TooLarge(
                {
                    "media": [
                        str(_("This is more than {limit} bytes. Send fewer files at once.")).format(
                            limit=limit
                        )
                    ]
                }
            )

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, ProofOfWorkNeeded):
            response.data["challenge"] = proof.challenge(purpose=self.purpose)
            response["Retry-After"] = str(settings.PROOF_WAIT_SECONDS)
        return response

    def client(self, request: Request) -> str:
        return clients.bucket(request)

    def has_proof(self, request: Request) -> bool:
        header = request.headers.get("X-Proof-Of-Work", "")
        return bool(header) and proof.is_good(header, purpose=self.purpose, client=self.client(request))


class CodeInput(StrictSerializer):
    access_code = serializers.CharField(max_length=64)


class CodeEndpoint(AnonymousEndpoint):
    """Opens one case, with the code that stands in the body beside whatever else is told."""

    purpose = "code"
    Input: type[StrictSerializer] = CodeInput

    def told(self, request: Request) -> tuple[OpenedCase, dict[str, Any]]:
        """The case, and what was told about it."""
        told = self.Input(data=request.data)
        told.is_valid(raise_exception=True)
        code = told.validated_data["access_code"]
        with answered():
            opened = open_case(code=code, client=self.client(request), has_proof=self.has_proof(request))
        return opened, told.validated_data


_ANSWERS: dict[type[Exception], type[APIException]] = {
    errors.NoSuchCase: NoSuchReport,
    errors.KeyUsedForAnotherBody: KeyReused,
    errors.LineTooLong: Busy,
    errors.ProofNeeded: ProofOfWorkNeeded,
}


@contextmanager
def answered() -> Iterator[None]:
    """Turn what a service raises into what a client reads."""
    try:
        yield
    except tuple(_ANSWERS) as outcome:
        raise _ANSWERS[type(outcome)] from outcome


def idempotency_key(request: Request) -> str:
    """Raises ValidationError that names the header."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        told = _("Send 22 to 128 characters of A-Z, a-z, 0-9, _ and -, made at random for this request.")
        raise ValidationError({"Idempotency-Key": [told]})
    return key


def canonical_body(request: Request) -> str:
    return json.dumps(request.data, sort_keys=True, separators=(",", ":"))
