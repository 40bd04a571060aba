from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff.access import actor
from staff.models import User
from staff.services import record


@admin.register(User)
class PeopleAdmin(UserAdmin):  # type: ignore[type-arg]  # Only its stub can be subscripted.
    """For who runs the machine. What is changed here is a row of the chain, as at the desk."""

    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Desk"), {"fields": ("role", "uses_shortcuts")}))
    list_display = ("username", "role", "is_active", "is_superuser")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002 - Django passes them.
        """Accounts are closed; who did something stays known."""
        return False

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        record(actor=actor(request), act="staff.add", on=obj, at=timezone.now(), detail={"role": obj.role})
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Also called when a password is set."""
        record(actor=actor(request), act="staff.change", on=obj, at=timezone.now(), detail=_named(message))
        return super().log_change(request, obj, message)


def _named(message: Any) -> dict[str, object]:
    """The fields that were changed, as Django lists them; a sentence of its own is left out."""
    changes = message if isinstance(message, list) else []
    fields = [field for one in changes for field in one.get("changed", {}).get("fields", [])]
    return {"fields": fields}
