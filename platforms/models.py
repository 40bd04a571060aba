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
