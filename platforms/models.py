"""Who participates: platforms and their keys."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey


class PlatformQuerySet(models.QuerySet["Platform"]):
    def participating(self, *, on: date) -> Self:
        """Platforms whose agreement has begun and has not run out."""
        begun = Q(agreed_on=None) | Q(agreed_on__lte=on)
        lasting = Q(expires_on=None) | Q(expires_on__gte=on)
        return self.filter(begun, lasting, is_active=True)


class Platform(models.Model):
    """A social network, chat server or game that acts on the list."""

    class Acts(models.TextChoices):
        """What a platform really does with a report; the reporter is told before she starts."""

        ON_FINGERPRINTS = "fingerprints", _("Looks for copies by itself and blocks them")
        ON_PUBLIC_ONLY = "public_only", _("Looks for copies in what is public, not in private chats")

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    operator = models.CharField(max_length=80)
    contact = models.CharField(max_length=200, blank=True)
    acts = models.CharField(max_length=20, choices=Acts.choices, default=Acts.ON_FINGERPRINTS)
    own_report_url = models.URLField(blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)

    objects = PlatformQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PlatformKey(AbstractAPIKey):
    """A key of a platform's: shown once, stored hashed, with its scopes. Two may be valid while one replaces the other."""

    class Scope(models.TextChoices):
        FEED = "feed"
        MATCH = "match"
        FEEDBACK = "feedback"
        SUBMIT = "submit"
        SAFETY = "safety"

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="keys")
    scopes = models.JSONField(default=list)

    class Meta(AbstractAPIKey.Meta):
        abstract = False


class Membership(models.Model):
    """A reviewer who belongs to a platform and sees that platform's flags only."""

    user = models.OneToOneField("staff.User", on_delete=models.CASCADE, related_name="+", primary_key=True)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")


class WebhookEndpoint(models.Model):
    """Where a platform wants to hear of what happened. Its secret is replaced with an overlap."""

    class Off(models.TextChoices):
        ON = ""
        BY_PLATFORM = "by_platform", _("switched off by the platform")
        GONE = "gone", _("the address answered that it is gone for good")
        FAILING = "failing", _("it failed for a whole day")
        FORBIDDEN = "forbidden", _("its address may not be called")

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    url = models.URLField(max_length=500)
    # Empty: all of them.
    events = models.JSONField(default=list)
    # Signed with both while one replaces the other. Encrypted under SECRET_KEY.
    secret = models.CharField(max_length=255)
    previous_secret = models.CharField(max_length=255, blank=True, default="")
    previous_until = models.DateTimeField(null=True)
    off = models.CharField(max_length=11, choices=Off.choices, blank=True, default=Off.ON)
    off_at = models.DateTimeField(null=True)
    # When the platform's contact was written to about it.
    told_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()


class WebhookMessage(models.Model):
    """One thing to tell, written in the transaction of what happened."""

    id = models.CharField(max_length=40, primary_key=True)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=40)
    # The whole body as it is signed and sent, the same at every attempt.
    body = models.TextField()
    made_at = models.DateTimeField(db_index=True)


class WebhookDelivery(models.Model):
    """A message on its way to an endpoint."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        GIVEN_UP = "given_up"

    message = models.ForeignKey(WebhookMessage, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "endpoint"], name="one_delivery_an_endpoint")
        ]
        indexes = [
            # For the worker, which asks for exactly those that are due.
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="deliveries_that_wait"),
        ]


class WebhookAttempt(models.Model):
    """One try: the row stands before the request goes out, so that a crash leaves a trace."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    # A short word for what went wrong; never a body.
    problem = models.CharField(max_length=40, blank=True, default="")
