"""The hashes of a match request: up to a thousand a time, so they are checked by a plain loop."""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from hashes.fingerprints import HEX_LENGTHS
from hashes.models import Entry
from hashes.services import MATCH_BATCH, Query

_HEX = {algorithm: re.compile(f"[0-9a-fA-F]{{{length}}}") for algorithm, length in HEX_LENGTHS.items()}
_QUERY = {"algorithm", "value"}


def read_plainly(body: bytes) -> list[Query] | None:
    """The hashes of a body that holds nothing else and in which nothing is wrong."""
    try:
        sent = json.loads(body.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(sent, dict) or sent.keys() != {"hashes"} or not isinstance(sent["hashes"], list):
        return None
    hashes = sent["hashes"]
    if not 1 <= len(hashes) <= MATCH_BATCH:
        return None
    queries = [Query(one["algorithm"], one["value"].lower()) for one in hashes if _is_plain(one)]
    return queries if len(queries) == len(hashes) else None


def _is_plain(one: Any) -> bool:
    return isinstance(one, dict) and one.keys() == _QUERY and not _wrong_with(one)


class HashQuery(serializers.Serializer[None]):
    """One hash, as the API's description shows it."""

    algorithm = serializers.ChoiceField(Entry.Algorithm.choices)
    value = serializers.RegexField(
        r"^[0-9a-fA-F]+$", help_text="Hex: 64 digits for pdq and sha256, 16 for phash, 32 for md5."
    )


class HashesField(serializers.Field[list[Query], Any, Any, Any]):
    def to_internal_value(self, data: object) -> list[Query]:
        if not isinstance(data, list):
            raise ValidationError(_("This must be a list."), code="not_a_list")
        if not 1 <= len(data) <= MATCH_BATCH:
            raise ValidationError(_("Ask for 1 to {most} hashes.").format(most=MATCH_BATCH), code="length")
        wrong = [_wrong_with(one) for one in data]
        if any(wrong):
            raise ValidationError(wrong)
        return [Query(one["algorithm"], one["value"].lower()) for one in data]

    def to_representation(self, value: object) -> object:
        return value


def _wrong_with(one: object) -> Any:
    """What is wrong with a hash, by field; nothing if all is well."""
    if not isinstance(one, dict):
        return [ErrorDetail(_("This must be an object."), code="not_an_object")]
    algorithm, value = one.get("algorithm"), one.get("value")
    if not isinstance(algorithm, str) or algorithm not in _HEX:
        known = ", ".join(_HEX)
        return {"algorithm": [ErrorDetail(_("One of: {known}.").format(known=known), code="invalid_choice")]}
    if not isinstance(value, str) or not _HEX[algorithm].fullmatch(value):
        digits = HEX_LENGTHS[algorithm]
        return {"value": [ErrorDetail(_("{digits} hex digits.").format(digits=digits), code="invalid")]}
    return {}
