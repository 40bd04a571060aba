"""The API's description: errors are problems everywhere, and what is switched off is not described."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.openapi import AutoSchema

from platforms.problems import Problem
from portal.problems import CONTENT_TYPE
from portal.surfaces import area_of

Endpoint = tuple[str, str, str, Any]


class ProblemSchema(AutoSchema):
    """Every endpoint's description says how any error of it looks."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(Problem, "default", media_types=[CONTENT_TYPE])  # type: ignore[no-untyped-call]  # drf-spectacular's.
        return bodies | {"default": problem | {"description": "Any error."}}

    def get_serializer_name(self, serializer: Any, direction: Literal["request", "response"]) -> str:
        """Shapes are nested in their endpoints, so `Input` alone would name many of them."""
        nested: str = type(serializer).__qualname__
        return (
            nested.replace(".", "")
            if "." in nested
            else str(super().get_serializer_name(serializer, direction))
        )


def open_surfaces_only(endpoints: list[Endpoint]) -> list[Endpoint]:
    return [one for one in endpoints if area_of(one[0]).is_open(settings.SURFACES)]
