"""What a teen is told, when, and what became of it. No row knows who tried to reach her."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Nudge(models.Model):
    """A friendly card about her own settings."""

    class Kind(models.TextChoices):
        STRANGER = "stranger"  # Somebody whom she isn't connected with tried to reach her.
        AFTER_BLOCK = "after_block"
        AFTER_REPORT = "after_report"
        BELOW = "below"  # A setting is below what is recommended for her age.
        FEATURE = "feature"  # The platform has a new setting.

    class State(models.TextChoices):
        WAITING = "waiting"  # Until it is due; what comes meanwhile is merged into it.
        SHOWN = "shown"  # In her inbox.
        APPLIED = "applied"
        DISMISSED = "dismissed"
        # What it advises is done already, a more pressing card took its place, or nobody answered for too long.
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # The settings that one tap puts right: [{"setting", "before", "after"}], as she was shown or as her tap changed them.
    settings = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    # When she first saw it, on any channel.
    seen_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    # `SettingChange.together` of what her tap changed, for Undo.
    applied_as = models.UUIDField(null=True)
    # When she took it back.
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # A second attempt while one waits is merged into it, whoever made it.
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(state="waiting"), name="one_waiting_nudge_a_kind"
            ),
            # Two cards at once would be a wall.
            models.UniqueConstraint(fields=["account"], condition=Q(state="shown"), name="one_open_card"),
        ]
        indexes = [
            # For the worker, which asks for exactly those that are due.
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="nudges_that_wait"),
            models.Index(fields=["account", "-shown_at"], name="nudges_of_an_account"),
        ]

    @property
    def advised(self) -> list[str]:
        return [one["setting"] for one in self.settings]


class Offer(models.Model):
    """A setting that a platform has, as the nightly look found it: what was not there the night before is new."""

    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    setting = models.CharField(max_length=16)
    # None for what the platform had when it was first looked at.
    new_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "setting"], name="offer_once_a_platform")]


class PushAddress(models.Model):
    """A browser that she allowed to show content-free pushes."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField()
    # The digest of the endpoint, which is too long for an index.
    digest = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=128)
    auth = models.CharField(max_length=64)
    allowed_at = models.DateTimeField()


class Push(models.Model):
    """One push: saved before it is tried."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"

    nudge = models.ForeignKey(Nudge, on_delete=models.CASCADE, related_name="pushes")
    address = models.ForeignKey(PushAddress, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    # When the last try began. It counts as a push, whatever became of it: she may have got it.
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["nudge", "address"], name="one_push_an_address")]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="pushes_that_wait"),
        ]
