"""What happened between accounts, where an adult stands because of it, and what people decided."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q


class Event(models.Model):
    """One thing that happened between two accounts of a platform. Kept for as long as the longest rule looks back."""

    class Kind(models.TextChoices):
        CONTACT = "contact"
        REPLY = "reply"
        CONNECT = "connect"
        DISCONNECT = "disconnect"
        FOLLOW = "follow"
        COMMENT = "comment"
        BLOCK = "block"
        REPORT = "report"
        LISTED_HASH_ATTEMPT = "listed_hash_attempt"

    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    # The platform's own id, by which a repeat is known.
    external_id = models.CharField(max_length=128)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False)
    # None for what has no other side: an upload.
    target = models.ForeignKey(
        "accounts.Account", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    occurred_at = models.DateTimeField()
    mutuals = models.PositiveIntegerField(null=True)
    labels = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "external_id"], name="event_once_a_platform"),
        ]
        indexes = [
            models.Index(fields=["actor", "occurred_at"], name="events_by_actor"),
            models.Index(fields=["target", "occurred_at"], name="events_by_target"),
            models.Index(fields=["occurred_at"], name="events_by_age"),
        ]


class Standing(models.Model):
    """Where an account stands, folded from its events. A new reading raises the version."""

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    level = models.PositiveSmallIntegerField(default=0)
    score = models.FloatField(default=0.0)
    # [{"rule", "weight", "expires_on", "facts": {...}, "events": [ids]}], as the engine gave them.
    reasons = models.JSONField(default=list)
    rule_version = models.CharField(max_length=16)
    # SHA-256 over all that the engine was given.
    inputs_hash = models.CharField(max_length=64)
    # The fold's state after the last event that has left the horizon, to go on from.
    checkpoint = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    as_of = models.DateTimeField()
    # When time alone may change the level.
    stands_until = models.DateTimeField()
    # A burst of reports that looks arranged: the score stays as it was until a person looked.
    frozen_at = models.DateTimeField(null=True)
    # Set by people only: sanctioned, upheld until a day (at least level 2 till then), or lifted until a day.
    sanctioned_at = models.DateTimeField(null=True)
    upheld_until = models.DateTimeField(null=True)
    lifted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__lte=3), name="standing_level_is_known"),
            models.CheckConstraint(
                condition=~Q(level=3) | Q(sanctioned_at__isnull=False), name="only_a_person_sanctions"
            ),
        ]
        indexes = [
            models.Index(
                fields=["stands_until"],
                condition=Q(level__gt=0) | Q(lifted_until__isnull=False),
                name="standings_that_time_changes",
            ),
            # For the few whose devices' other accounts are looked for.
            models.Index(
                fields=["account"], condition=Q(sanctioned_at__isnull=False), name="standings_sanctioned"
            ),
        ]


class Unread(models.Model):
    """Events of this account wait to be folded in: written with them, drained by the worker or by the next decision."""

    account = models.OneToOneField(
        "accounts.Account", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    since = models.DateTimeField(db_index=True)
    # One of them says that a listed picture was uploaded: a person has to look, whatever the score.
    has_listed_hash = models.BooleanField(default=False)


class Connection(models.Model):
    """What the events say last of two accounts, of whom one is a minor: are they connected?

    Kept beyond the events, so that an old friend is no stranger.
    """

    # The smaller id first, so that there is one row for two.
    one = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    is_connected = models.BooleanField()
    # Of the event that said so: an older one that comes late says nothing.
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=128)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="connection_once_of_two"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="connection_smaller_id_first"),
        ]
        indexes = [
            # For the nightly end of those that are over.
            models.Index(fields=["said_at"], condition=Q(is_connected=False), name="connections_over"),
        ]


class StandingChange(models.Model):
    """When and why a level moved. Kept for 90 days, for reviewers of that platform only."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    before = models.PositiveSmallIntegerField()
    after = models.PositiveSmallIntegerField()
    score = models.FloatField()
    version = models.PositiveIntegerField()
    rule_version = models.CharField(max_length=16)
    inputs_hash = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)


class Answer(models.Model):
    """An answer other than `allow`. Kept for 90 days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=16)
    actor = models.ForeignKey("accounts.Account", null=True, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey("accounts.Account", null=True, on_delete=models.CASCADE, related_name="+")
    decision = models.CharField(max_length=8)
    cause = models.CharField(max_length=24)
    standing_version = models.PositiveIntegerField(default=0)
    rule_version = models.CharField(max_length=16)
    at = models.DateTimeField(db_index=True)


class FirstContact(models.Model):
    """Counts the day's first contacts of an account under friction, one row a minor."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "on", "target"], name="first_contact_once_a_day"),
        ]


class Thresholds(models.Model):
    """What a platform tuned, within bounds; the change is in the audit chain."""

    platform = models.OneToOneField(
        "platforms.Platform", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()


class Flag(models.Model):
    """A review item: behaviour that a person has to look at. Nothing is punished by it."""

    class Cause(models.TextChoices):
        RESTRICTED = "restricted"  # The standing reached level 2.
        LISTED_HASH = "listed_hash"  # A picture on the list was uploaded.
        BURST = "burst"  # Reports that look arranged; the score is frozen.

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    class Outcome(models.TextChoices):
        UPHELD = "upheld"
        LIFTED = "lifted"
        SANCTIONED = "sanctioned"
        REFERRED = "referred"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Rises with each opening and closing, so that a platform can follow by cursor.
    number = models.BigIntegerField(unique=True)
    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    # None once the account was deleted; the evidence stays under a pseudonym until the flag is closed.
    account = models.ForeignKey("accounts.Account", null=True, on_delete=models.SET_NULL, related_name="+")
    cause = models.CharField(max_length=11, choices=Cause.choices)
    level = models.PositiveSmallIntegerField()
    score = models.FloatField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    # The engine's inputs under pseudonyms and what it gave, so that it can be played again; wiped with retention.
    evidence = models.JSONField(default=dict)
    rule_version = models.CharField(max_length=16)
    inputs_hash = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=1000, blank=True, default="")
    held_until_reviewed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "cause"], condition=Q(state="open"), name="one_open_flag_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(state="open", outcome="", closed_at=None)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(outcome="")),
                name="flag_closes_with_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["platform", "number"], name="flags_of_a_platform")]


class FlagCounter(models.Model):
    """One row: the last number given to a flag."""

    last_number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_flag_counter")]


class Letter(models.Model):
    """A neutral letter to an adult whose contact is limited: delayed, batched, with a link to a person."""

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    flag = models.OneToOneField(Flag, on_delete=models.CASCADE, related_name="letter")
    # Categories only ("contact_with_younger_people"), never who, what or when.
    reasons = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="letters_that_wait")]


class Appeal(models.Model):
    """The adult asks a person to look again, or says that the age is wrong."""

    class State(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld"
        OVERTURNED = "overturned"

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(blank=True, default="")
    asks_age_review = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True, default="")
