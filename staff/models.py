"""Who works here, what waits for a second person, and the chain of what was done."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff. Reporters and members of platforms are never users."""

    class Role(models.TextChoices):
        NONE = "", _("No role")
        TRIAGER = "triager", _("Triager")
        SENIOR = "senior", _("Senior")
        LIAISON = "liaison", _("Law-enforcement liaison")
        PLATFORM_MANAGER = "platform_manager", _("Platform manager")
        SAFETY_REVIEWER = "safety_reviewer", _("Safety reviewer")
        AUDITOR = "auditor", _("Auditor")
        ADMINISTRATOR = "administrator", _("Administrator")

    role = models.CharField(max_length=20, choices=Role.choices, blank=True, default=Role.NONE)
    # The desk's keyboard shortcuts; one switch turns them off.
    uses_shortcuts = models.BooleanField(default=True)


class AuditRow(models.Model):
    """Who did what to what, and when. Only ever added to; each row's hash covers the one before."""

    # Given by the chain, without gaps, so that a missing row shows.
    position = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True, default="")
    object_id = models.CharField(max_length=64, blank=True, default="")
    # Ids and choices only, never what somebody wrote.
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="audit_of_an_object"),
            models.Index(fields=["actor", "act", "at"], name="audit_of_a_person"),
        ]


class AuditHead(models.Model):
    """One row: where the chain ends. Whoever holds its lock adds the next row."""

    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_audit_head")]


class HeldAction(models.Model):
    """Something that takes two people: one asks, another lets it go or refuses. Nobody releases their own."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RELEASED = "released"
        REFUSED = "refused"
        TAKEN_BACK = "taken_back"

    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True, default="")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=Q(state="waiting"),
                name="one_waiting_action_an_object",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | ~Q(decided_by=F("asked_by")),
                name="nobody_releases_their_own",
            ),
        ]
