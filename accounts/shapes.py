"""An account as platforms tell of it and read it back, for answers and for the API's description."""

from __future__ import annotations

from datetime import date

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accounts.bands import is_refresh_due
from accounts.intake import LENGTHS
from accounts.models import AgeBand
from accounts.privacy import AUDIENCES
from accounts.services import AccountFacts


class SettingsShape(serializers.Serializer[None]):
    """Those that your platform has. What you leave out stays as it was; null says that you don't know it any more."""

    private = serializers.BooleanField(required=False, allow_null=True)
    message = serializers.ChoiceField(AUDIENCES, required=False, allow_null=True)
    comment = serializers.ChoiceField(AUDIENCES, required=False, allow_null=True)
    friends_list = serializers.ChoiceField(AUDIENCES, required=False, allow_null=True)
    following_list = serializers.ChoiceField(AUDIENCES, required=False, allow_null=True)
    tagged_posts = serializers.ChoiceField(AUDIENCES, required=False, allow_null=True)
    tag_review = serializers.BooleanField(required=False, allow_null=True)
    suggestions = serializers.BooleanField(required=False, allow_null=True)
    location = serializers.BooleanField(required=False, allow_null=True)


def _text(field: str, told: str) -> serializers.CharField:
    return serializers.CharField(
        max_length=LENGTHS[field], required=False, allow_null=True, allow_blank=True, help_text=told
    )


@extend_schema_serializer(component_name="AccountTold")
class ToldShape(serializers.Serializer[None]):
    """What you leave out stays as you told it before; null takes it back. No names, no birth dates."""

    external_id = serializers.CharField(
        max_length=128,
        required=False,
        help_text="Your own id for it; in the address, so it may be left out here.",
    )
    age_band = serializers.ChoiceField(AgeBand.choices)
    joined_on = serializers.DateField(required=False, allow_null=True)
    region = _text("region", "Where the account is used, as coarse as you like.")
    community = _text("community", "Whatever you know a group by: a school, a server, a league.")
    device_cluster = _text("device_cluster", "The same for accounts of one device.")
    role = _text("role", "What they do, if they say so: teacher, coach, creator …")
    locale = _text("locale", "A language tag, such as en or pt-BR.")
    time_zone = _text("time_zone", "A name such as Europe/Berlin. Quiet hours follow it.")
    settings = SettingsShape(required=False, allow_null=True)
    settings_version = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        allow_null=True,
        help_text="As you read it. If the settings were changed since, nothing of this is taken.",
    )


@extend_schema_serializer(component_name="AccountInBatch")
class BatchedShape(ToldShape):
    external_id = serializers.CharField(max_length=128, help_text="Your own id for it.")


@extend_schema_serializer(component_name="Account")
class AccountShape(serializers.Serializer[None]):
    external_id = serializers.CharField()
    age_band = serializers.ChoiceField(AgeBand.choices)
    band_refresh_due = serializers.BooleanField(
        help_text="You said the band more than 13 months ago: say it again."
    )
    joined_on = serializers.DateField(allow_null=True)
    region = serializers.CharField(allow_blank=True)
    community = serializers.CharField(allow_blank=True)
    device_cluster = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    locale = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField(allow_blank=True)
    settings = SettingsShape()
    settings_version = serializers.IntegerField(
        help_text="Rises with every change of a setting, whoever made it."
    )


def shown(account: AccountFacts, *, today: date) -> dict[str, object]:
    return {
        "external_id": account.external_id,
        "age_band": account.age_band,
        "band_refresh_due": is_refresh_due(said_on=account.band_said_on, today=today),
        "joined_on": account.joined_on,
        "region": account.region,
        "community": account.community,
        "device_cluster": account.device_cluster,
        "role": account.role,
        "locale": account.locale,
        "time_zone": account.time_zone,
        "settings": account.settings,
        "settings_version": account.settings_version,
    }
