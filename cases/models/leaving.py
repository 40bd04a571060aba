"""What leaves the desk: notices to platforms and escalations. Made by staff, so with exact times."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.case import Case


class Notice(models.Model):
    """A written request to a platform under 47 U.S.C. 223a, signed by the operator as the authorised person."""

    class Outcome(models.TextChoices):
        REMOVED = "removed"
        REFUSED = "refused"
        NOT_FOUND = "not_found"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices")
    platform = models.ForeignKey("platforms.Platform", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # What was sent, encrypted under the case key: it holds what she told.
    sealed_body = models.BinaryField()
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    # 48 hours after the platform received it.
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True, default="")
    outcome_at = models.DateTimeField(null=True)
    identical_copies = models.TextField(blank=True, default="")
    is_breach = models.BooleanField(default=False)
    complaint_reference = models.CharField(max_length=80, blank=True, default="")


class Escalation(models.Model):
    """A pack for the authorities, without pictures. Two people; a failure to send stays open and loud."""

    class State(models.TextChoices):
        HELD = "held"
        RELEASED = "released"
        FAILED = "failed"
        FILED = "filed"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="escalations")
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    incident_type = models.CharField(max_length=60)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64)
    # What two people agreed to, encrypted under the case key: what is filed is this and nothing made later.
    sealed_pack = models.BinaryField(default=b"")
    report_number = models.CharField(max_length=40, blank=True, default="")
    failure = models.CharField(max_length=300, blank=True, default="")
    is_test = models.BooleanField(default=False)
    preserve_until = models.DateField(null=True)
