"""Sessions that ended are forgotten, and what was known of their browsers with them."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction


@transaction.atomic
def forget_ended_sessions(*, now: datetime) -> int:
    """How many sessions are gone."""
    Session.objects.filter(expire_date__lt=now).delete()
    living = Session.objects.values("session_key")
    gone, _each = UserSession.objects.exclude(session_key__in=living).delete()
    return int(gone)
