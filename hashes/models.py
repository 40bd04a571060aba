"""The list: pictures without a case, their fingerprints, and the append-only feed of what changed."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Picture(models.Model):
    """One file, photo or video, under a random id. Whose it is, this room does not know."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        VIDEO = "video"

    class Status(models.TextChoices):
        WAITING = "waiting"  # Taken, but not yet released to platforms.
        LISTED = "listed"
        QUARANTINED = "quarantined"  # Off the list until a second person restores it.
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    status = models.CharField(max_length=11, choices=Status.choices)
    # The platform that listed it itself; none for what reporters brought.
    source = models.ForeignKey(
        "platforms.Platform", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # People decided about all that platforms had said up to this feedback; only what is said later disputes anew.
    settled_through = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [
            models.Index(fields=["source"], condition=Q(source__isnull=False), name="pictures_of_platforms"),
        ]


class EntryQuerySet(models.QuerySet["Entry"]):
    def listed(self) -> Self:
        return self.filter(status=Entry.Status.LISTED)


class Entry(models.Model):
    """One fingerprint of a picture. Equal values of different pictures are entries of their own, never merged."""

    class Algorithm(models.TextChoices):
        PDQ = "pdq"
        PHASH = "phash"
        MD5 = "md5"
        SHA256 = "sha256"

    class Status(models.TextChoices):
        WAITING = "waiting"
        LISTED = "listed"
        WITHDRAWN = "withdrawn"

    class Review(models.TextChoices):
        """How sure the list is. No picture is ever seen here, so only a platform's reviewer can confirm."""

        UNREVIEWED = "unreviewed"
        CONFIRMED = "confirmed"
        CHECK_FIRST = "check_first"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="entries")
    algorithm = models.CharField(max_length=6, choices=Algorithm.choices)
    value = models.CharField(max_length=64)
    quality = models.PositiveSmallIntegerField(null=True)
    variant = models.CharField(max_length=40, default="original")
    review = models.CharField(max_length=11, choices=Review.choices, default=Review.UNREVIEWED)
    status = models.CharField(max_length=9, choices=Status.choices)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            # A restored fingerprint gets a new entry, so only the living ones are unique.
            models.UniqueConstraint(
                fields=["picture", "algorithm", "value", "variant"],
                condition=~Q(status="withdrawn"),
                name="entry_unique_while_living",
            ),
            models.CheckConstraint(
                condition=Q(value__regex=r"^[0-9a-f]+$"), name="entry_value_is_lower_case_hex"
            ),
        ]
        indexes = [models.Index(fields=["algorithm", "value"], name="entry_by_value")]


class FeedChange(models.Model):
    """One line of the feed. Written without a number in the transaction of the change; numbered after it committed."""

    class Change(models.TextChoices):
        ADDED = "added"
        REVIEWED = "reviewed"
        WITHDRAWN = "withdrawn"

    number = models.BigIntegerField(null=True, unique=True)
    change = models.CharField(max_length=9, choices=Change.choices)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="changes")
    review = models.CharField(max_length=11, choices=Entry.Review.choices)
    # The batch's time, rounded up to FEED_STAMP_SECONDS. Nothing finer is kept.
    stamped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number=None, stamped_at=None) | Q(number__gt=0, stamped_at__isnull=False),
                name="feed_number_and_stamp_come_together",
            ),
        ]
        indexes = [
            # For the publisher, which asks for exactly the rows without a number.
            models.Index(fields=["id"], condition=Q(number=None), name="feed_waiting_for_a_number"),
            # For readers who go by time. Stamps never fall while numbers rise.
            models.Index(fields=["stamped_at", "number"], name="feed_by_time"),
        ]


class FeedCounter(models.Model):
    """One row: the last number given. Whoever holds its lock is the publisher."""

    # Which list this is. A process that follows another list's numbers has to start again.
    list_id = models.UUIDField(default=uuid.uuid4, editable=False)
    last_number = models.BigIntegerField(default=0)
    # A reader who goes by time was told everything before this, and won't ask for that time again.
    told_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_feed_counter")]


class Reader(models.Model):
    """How far a platform has read. Having asked for what comes after N proves that it holds N."""

    platform = models.OneToOneField(
        "platforms.Platform", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    collected_through = models.BigIntegerField(default=0)
    # It came back after having collected up to here, so it follows the list.
    followed_through = models.BigIntegerField(default=0)
    # It asked for matches while the list stood at this number.
    matched_through = models.BigIntegerField(default=0)
    # Sixty-five times the rows, for whoever compares exactly or has no index of its own.
    wants_variants = models.BooleanField(default=True)


class Canary(models.Model):
    """An invented entry in one platform's list only. Where it turns up elsewhere, the list came from there."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Picture.Kind.choices)
    algorithm = models.CharField(max_length=6, choices=Entry.Algorithm.choices)
    value = models.CharField(max_length=64, unique=True)
    # A number of the feed's own, which other platforms see as a gap.
    number = models.BigIntegerField(unique=True)
    stamped_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["platform", "number"], name="canaries_of_a_platform")]


class Feedback(models.Model):
    """What a platform said about an entry. Only ever added to; the newest row of a platform counts."""

    class Outcome(models.TextChoices):
        PENDING_REVIEW = "pending_review"
        BLOCKED = "blocked"
        NOT_BLOCKED = "not_blocked"
        REMOVED_AFTER_WITHDRAWAL = "removed_after_withdrawal"

    class Reason(models.TextChoices):
        NOT_WHAT_IT_CLAIMS = "not_what_it_claims"
        NOT_THE_SAME = "not_the_same"
        ALLOWED_HERE = "allowed_here"
        OTHER = "other"

    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="feedback")
    outcome = models.CharField(max_length=24, choices=Outcome.choices)
    reason = models.CharField(max_length=18, choices=Reason.choices, default="", blank=True)
    count = models.PositiveIntegerField(default=1)
    given_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["entry", "platform", "-id"], name="feedback_newest_first")]


class Concern(models.Model):
    """Why a person has to look: at a picture of the list, or at how a platform asks. Open until it is ended."""

    class Kind(models.TextChoices):
        DISPUTED = "disputed", _("Two platforms say that it is not what it claims")
        FLOOD = "flood", _("It is found far more often than others")
        BENIGN = "benign", _("It is like a well-known innocent picture")
        COME_BACK = "come_back", _("It is like one that platforms disputed")
        TOO_MUCH = "too_much", _("Its source added more than the limit")
        PROBING = "probing", _("A platform asks about nearly the same picture again and again")

    class Ending(models.TextChoices):
        LEFT = "left", _("Left as it is")
        LISTED = "listed", _("Put on the list by two people")
        TAKEN_OFF = "taken_off", _("Taken off the list for good")

    kind = models.CharField(max_length=9, choices=Kind.choices)
    picture = models.ForeignKey(Picture, null=True, on_delete=models.CASCADE, related_name="concerns")
    # Whose list or whose questions it is about; none for what reporters brought.
    platform = models.ForeignKey(
        "platforms.Platform", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # Counts, ids of platforms and days, as they were when it was raised: what the desk shows as the reason.
    evidence = models.JSONField(default=dict)
    raised_on = models.DateField()
    # When the staff who may decide were written to about it.
    told_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=9, choices=Ending.choices, blank=True, default="")
    ended_by = models.ForeignKey("staff.User", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "picture"],
                condition=Q(ended_on=None, picture__isnull=False),
                name="one_open_concern_a_picture",
            ),
            models.UniqueConstraint(
                fields=["kind", "platform"],
                condition=Q(ended_on=None, picture=None),
                name="one_open_concern_a_platform",
            ),
            models.CheckConstraint(
                condition=Q(picture__isnull=False) | Q(platform__isnull=False),
                name="concern_is_about_something",
            ),
        ]
        indexes = [
            # For the desk's queue, which asks for exactly the open ones.
            models.Index(fields=["id"], condition=Q(ended_on=None), name="concerns_that_are_open"),
        ]


class MatchCount(models.Model):
    """How often a platform found a picture in a day: it asked for matches, or said so."""

    platform = models.ForeignKey("platforms.Platform", on_delete=models.CASCADE, related_name="+")
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")
    counted_on = models.DateField()
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["counted_on", "platform", "picture"], name="one_count_a_day_and_platform"
            )
        ]


class KnownBenign(models.Model):
    """A fingerprint of a well-known innocent picture, as the operator brought it."""

    algorithm = models.CharField(max_length=6, choices=Entry.Algorithm.choices)
    value = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["algorithm", "value"], name="benign_once")]
