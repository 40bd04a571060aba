"""What the reporter and the desk write to each other, under the case key."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cases.models.case import Case


class Message(models.Model):
    """One message, encrypted. A dump of the database reads nothing; the case key opens it for her and for the team."""

    class Sender(models.TextChoices):
        REPORTER = "reporter"
        DESK = "desk"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="messages")
    sender = models.CharField(max_length=8, choices=Sender.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sealed_text = models.BinaryField()
    # She said, by a tick of her own, that she is in danger.
    says_danger = models.BooleanField(default=False)
    sent_on = models.DateField()
    # Read by the other side. Who of the desk read it, and when, stands in the audit.
    read_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="message_in_order")]


class Location(models.Model):
    """Where a copy is, as she told it; encrypted, deleted after the platform's outcome."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="locations")
    platform = models.ForeignKey("platforms.Platform", null=True, on_delete=models.CASCADE, related_name="+")
    sealed_where = models.BinaryField()
    # She lets the operator sign for her, so that she stays anonymous.
    is_authorised = models.BooleanField(default=False)
    told_on = models.DateField()
