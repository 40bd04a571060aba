"""JSON from strangers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# What is asked for anywhere is a handful of levels deep.
DEEPEST = 32


class CarefulJSONParser(JSONParser):
    """DRF's, but what no program of ours could store or answer is the sender's mistake and not ours."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            read = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deep.") from None
        _require_ordinary([read], deepest=DEEPEST)
        return read


def _require_ordinary(values: Iterable[Any], *, deepest: int) -> None:
    """Half a surrogate pair can be escaped in JSON and then written nowhere. Raises ParseError."""
    if not deepest:
        raise ParseError("JSON parse error - nested too deep.")
    for value in values:
        if isinstance(value, str):
            _require_text(value)
        elif isinstance(value, dict):
            _require_ordinary(value, deepest=deepest - 1)
            _require_ordinary(value.values(), deepest=deepest - 1)
        elif isinstance(value, list):
            _require_ordinary(value, deepest=deepest - 1)


def _require_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ParseError("JSON parse error - half a surrogate pair is no text.") from None
