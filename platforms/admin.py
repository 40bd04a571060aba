"""For looking only: platforms and keys are changed by commands, which say what they did."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from rest_framework_api_key.models import APIKey

from platforms.models import Platform, PlatformKey

# The library's own keys open nothing here.
admin.site.unregister(APIKey)


class _NothingChanges:
    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django names the arguments.
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Platform)
class PlatformAdmin(_NothingChanges, admin.ModelAdmin):  # type: ignore[type-arg]  # Not generic at run time.
    list_display = ("name", "slug", "operator", "contact", "agreed_on", "expires_on", "is_active")


@admin.register(PlatformKey)
class PlatformKeyAdmin(_NothingChanges, admin.ModelAdmin):  # type: ignore[type-arg]  # Not generic at run time.
    list_display = ("prefix", "platform", "scopes", "created", "expiry_date", "revoked")
    fields = ("prefix", "platform", "scopes", "created", "expiry_date", "revoked")
