"""Reports. Nothing here says who she is; rows about her keep dates, never times."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Case(models.Model):
    """One report, opened again only with its access code."""

    class Status(models.TextChoices):
        RECEIVED = "received"
        OPEN = "open"
        DECLINED = "declined"
        CLOSED = "closed"
        WITHDRAWN = "withdrawn"

    class Subject(models.TextChoices):
        SELF_MINOR = "self_minor"
        SELF_NOW_ADULT = "self_now_adult"
        FOR_CHILD = "for_child"
        UNKNOWN = "unknown"

    class AgeBand(models.TextChoices):
        UNDER_13 = "under_13"
        FROM_13_TO_15 = "13_15"
        FROM_16_TO_17 = "16_17"
        UNKNOWN = "unknown"

    class Deadline(models.TextChoices):
        HOURS = "hours"
        TODAY = "today"
        TOMORROW = "tomorrow"
        THIS_WEEK = "this_week"
        UNKNOWN = "unknown"

    class Posted(models.TextChoices):
        YES = "yes"
        NO = "no"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.RECEIVED)
    received_on = models.DateField()

    # What opens it: the code itself is stored nowhere.
    selector = models.CharField(max_length=5, unique=True)
    salt = models.BinaryField(max_length=16)
    verifier = models.BinaryField(max_length=32)
    key_for_reporter = models.BinaryField(max_length=80)
    key_for_team = models.BinaryField(max_length=80)
    team_key_id = models.CharField(max_length=16)

    # Her answers; each may be left out.
    subject = models.CharField(max_length=14, choices=Subject.choices, default=Subject.UNKNOWN)
    age_band = models.CharField(max_length=8, choices=AgeBand.choices, default=AgeBand.UNKNOWN)
    in_danger = models.BooleanField(default=False)
    threatened = models.BooleanField(default=False)
    deadline = models.CharField(max_length=9, choices=Deadline.choices, default="", blank=True)
    posted = models.CharField(max_length=7, choices=Posted.choices, default=Posted.UNKNOWN)
    platforms = models.ManyToManyField("platforms.Platform", related_name="+")
    elsewhere = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")

    # Set while a withdrawal waits, and kept once it took effect.
    withdrawal_effective_on = models.DateField(null=True)

    # What orders the queue: a score from her answers, and whether something passed its limit.
    risk = models.PositiveSmallIntegerField(default=0)
    is_overdue = models.BooleanField(default=False)
    # She was asked something and has not answered.
    awaits_reporter = models.BooleanField(default=False)
    # Which of the prepared sentences she reads when the report was declined.
    decline_reason = models.CharField(max_length=24, blank=True, default="")
    closed_on = models.DateField(null=True)
    # Two people set it; while it is set, nothing of the case is deleted.
    legal_hold = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | Q(withdrawal_effective_on__isnull=False),
                name="withdrawn_case_says_since_when",
            ),
        ]
        indexes = [
            # For the desk's queue: the most urgent first, and of equals the oldest.
            models.Index(
                fields=["-is_overdue", "-risk", "received_on", "id"],
                condition=Q(status__in=["received", "open"]),
                name="case_queue",
            ),
        ]


class CaseEvent(models.Model):
    """What happened to a case, by day. Only ever added to."""

    class Kind(models.TextChoices):
        RECEIVED = "received"
        MEDIA_ADDED = "media_added"
        WITHDRAWAL_ASKED = "withdrawal_asked"
        WITHDRAWAL_CANCELLED = "withdrawal_cancelled"
        WITHDRAWN = "withdrawn"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        CLOSED = "closed"
        REOPENED = "reopened"
        UNDONE = "undone"
        QUARANTINED = "quarantined"
        RESTORED = "restored"
        ASKED = "asked"
        ESCALATED = "escalated"
        NOTICE_MADE = "notice_made"
        LIMIT_PASSED = "limit_passed"
        SAID_DANGER = "said_danger"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    happened_on = models.DateField()


class CasePicture(models.Model):
    """Whose a picture is. Only this room knows."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pictures")
    picture = models.OneToOneField("hashes.Picture", on_delete=models.CASCADE, related_name="+")


class Rung(models.Model):
    """Where a case stands at a platform, as last shown to the reporter."""

    class Kind(models.TextChoices):
        SENT = "sent"
        COLLECTED = "collected"
        WATCHING = "watching"
        CHECKING = "checking"
        BLOCKED = "blocked"
        NOT_BLOCKED = "not_blocked"
        WITHDRAWN = "withdrawn"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rungs")
    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    rung = models.CharField(max_length=11, choices=Kind.choices)
    reason = models.CharField(max_length=18, blank=True, default="")
    changed_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "platform"], name="one_rung_a_platform")]


class Replay(models.Model):
    """That a request was answered: a digest of its key and one of its body, never the answer. Kept for 24 hours."""

    key_digest = models.CharField(max_length=64, primary_key=True)
    body_digest = models.CharField(max_length=64)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    # Rounded up to the quarter hour, as every clock of a reporter's is.
    expires_at = models.DateTimeField(db_index=True)
