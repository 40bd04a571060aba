"""Work on a case at the desk. What staff do keeps exact times."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.models.case import Case


class Clock(models.Model):
    """Something due on a case. `due_at` is rounded up to the quarter hour; the row is deleted when the clock stops."""

    class Kind(models.TextChoices):
        WITHDRAWAL = "withdrawal"
        LADDER = "ladder"
        FIRST_LOOK = "first_look"
        PUSH = "push"
        ACKNOWLEDGE = "acknowledge"
        OUTCOME = "outcome"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Which platform has to do it; none for what is ours to do.
    platform = models.ForeignKey("platforms.Platform", null=True, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    # Its limit has passed; the row stays until what it waits for is done.
    is_broken = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(platform=None), name="one_clock_of_a_kind"
            ),
            models.UniqueConstraint(fields=["case", "kind", "platform"], name="one_clock_a_platform"),
        ]
        # For the worker's sweep, which asks for what is due and has not rung yet.
        indexes = [models.Index(fields=["kind", "due_at"], condition=Q(is_broken=False), name="clock_due")]


class ClockRecord(models.Model):
    """How a clock ended, in whole hours. The clock itself is gone."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clock_records")
    kind = models.CharField(max_length=12, choices=Clock.Kind.choices)
    platform = models.ForeignKey("platforms.Platform", null=True, on_delete=models.CASCADE, related_name="+")
    was_kept = models.BooleanField()
    hours = models.PositiveIntegerField()
    ended_on = models.DateField()


class Claim(models.Model):
    """Who works on a case now. A lease: it ends by itself unless activity renews it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="claim")
    # A person, or everybody of a role that the case was handed to.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20, blank=True, default="")
    expires_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    held_because = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="claim_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False, expires_at__isnull=False) | ~Q(role=""),
                name="claim_is_a_persons_or_a_roles",
            ),
        ]


class Note(models.Model):
    """What staff write for each other about a case: encrypted under the case key, never shown to the reporter."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sealed_text = models.BinaryField()


class CaseLink(models.Model):
    """Two cases that hold the same or nearly the same picture. Known inside only; never said outward."""

    class Kind(models.TextChoices):
        SAME = "same"
        NEAR = "near"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    found_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="one_link_a_pair"),
            models.CheckConstraint(condition=~Q(case=models.F("other")), name="no_case_is_linked_to_itself"),
        ]
