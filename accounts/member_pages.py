"""How a member's page is answered: in their own time zone, and with what kept them from doing something."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import MemberRequest
from accounts.services import AccountFacts


def page(
    request: MemberRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    with timezone.override(_zone_of(request.member)):
        return render(request, template, dict(context), status=status)


def _zone_of(member: AccountFacts) -> ZoneInfo:
    try:
        return ZoneInfo(member.time_zone or "UTC")
    except (KeyError, ValueError, OSError):
        # The platform's word for it is no zone of ours.
        return ZoneInfo("UTC")
