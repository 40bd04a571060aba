"""How pictures arrive: as fingerprints, each checked for what it can be."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hashes.services import HEX_LENGTHS, Fingerprint, NewPicture, variant_names

_HEX = re.compile(r"[0-9a-f]+")
_EXACT = ("md5", "sha256")
# Enough to put a program right; a body of nothing else would be answered with five times its size.
_UNKNOWN_NAMED = 10


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses what it does not know, so that nothing about a person slips in under another name."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, dict) else []
        if unknown:
            raise serializers.ValidationError(
                {name: _("There is no such field; leave it out.") for name in unknown[:_UNKNOWN_NAMED]}
            )
        return super().to_internal_value(data)


class FingerprintInput(StrictSerializer):
    algorithm = serializers.ChoiceField(choices=sorted(HEX_LENGTHS))
    value = serializers.CharField(max_length=64)
    quality = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, default=None)
    variant = serializers.CharField(max_length=40, default="original")

    def validate_variant(self, variant: str) -> str:
        if variant not in variant_names():
            raise serializers.ValidationError(
                _("This is not a variant that the list knows."), code="unknown_variant"
            )
        return variant

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["value"] = attrs["value"].lower()
        length = HEX_LENGTHS[attrs["algorithm"]]
        if len(attrs["value"]) != length or not _HEX.fullmatch(attrs["value"]):
            wrong = _("A {algorithm} value is {length} hexadecimal digits.")
            told = wrong.format(algorithm=attrs["algorithm"], length=length)
            raise serializers.ValidationError({"value": [told]}, code="invalid")
        if attrs["algorithm"] == "pdq" and attrs["quality"] is None:
            raise serializers.ValidationError(
                {"quality": [_("A pdq value comes with its quality.")]}, code="required"
            )
        return attrs


class MediaInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=("image", "video"))
    fingerprints: Any = serializers.ListSerializer(
        child=FingerprintInput(), allow_empty=False, max_length=settings.FINGERPRINTS_PER_MEDIA
    )

    def validate_fingerprints(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A file has one exact hash of a kind; more would be a way to list what nobody has."""
        for algorithm in _EXACT:
            if sum(one["algorithm"] == algorithm for one in found) > 1:
                told = str(_("A file has one {algorithm} value.")).format(algorithm=algorithm)
                raise serializers.ValidationError(told, code="too_many")
        return found

    def to_internal_value(self, data: Any) -> NewPicture:
        read = super().to_internal_value(data)
        if read["kind"] == "video":
            _require_exact(read["fingerprints"])
        found = (Fingerprint(**dict(fingerprint)) for fingerprint in read["fingerprints"])
        return NewPicture(kind=read["kind"], fingerprints=tuple(found))


def _require_exact(found: list[dict[str, Any]]) -> None:
    """What a picture looks like is no fingerprint of a video: it would block a single frame."""
    told = _("A video is compared by md5 and sha256 only.")
    wrong = [{} if one["algorithm"] in _EXACT else {"algorithm": [told]} for one in found]
    if any(wrong):
        raise serializers.ValidationError({"fingerprints": wrong}, code="does_not_fit")


def media_field() -> Any:
    return serializers.ListSerializer(
        child=MediaInput(), allow_empty=False, max_length=settings.MEDIA_PER_REPORT
    )
