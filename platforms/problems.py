"""How an endpoint's problems stand in the API's description."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class FieldProblem(serializers.Serializer[None]):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[None]):
    """Problem details as in RFC 9457, with what is wrong with each field."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True)  # type: ignore[assignment]  # The name is the wire's; Serializer has a property of it.


def problem(status: int, description: str) -> dict[tuple[int, str], OpenApiResponse]:
    return {(status, "application/problem+json"): OpenApiResponse(Problem, description=description)}


FOR_PLATFORMS = {
    **problem(400, "Each wrong field is named."),
    **problem(401, "The key is missing, wrong, revoked or out of time."),
    **problem(403, "The key lacks a scope, which is named."),
}

RATE_LIMITED = problem(429, "The key's quota for this minute is used up; Retry-After says how long to wait.")


def rate_limit_headers(*statuses: int) -> list[OpenApiParameter]:
    """The headers of answers with these statuses, as the API's description names them."""
    told = {
        "RateLimit-Policy": "The key's quota: how much (q) of what unit (qu) in how many seconds (w).",
        "RateLimit": "What is left of it (r), and seconds until it begins anew (t).",
    }
    return [
        OpenApiParameter(
            name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=text, response=list(statuses)
        )
        for name, text in told.items()
    ]
