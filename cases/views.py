"""The pages a reporter sees. They hold no answers: those live in her browser's memory."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

import platforms.services
from cases.decline_words import DECLINE_SENTENCES
from cases.services import notices

# Who acts on the list: a platform that can't read it and can't ask about pictures is none of the places she reads of.
ACTING = ("feed", "match")


@require_safe
@cache_control(no_store=True)
def report(request: HttpRequest) -> HttpResponse:
    acting = platforms.services.with_scope(scopes=ACTING, on=timezone.now().date())
    return render(request, "cases/report/report.html", {"platforms": [one.platform for one in acting]})


@require_safe
@cache_control(no_store=True)
def status(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    context = {
        # A place whose keys ended since still has a line in old reports, and that line a name.
        "platforms": platforms.services.participating(on=today),
        "participants": platforms.services.with_scope(scopes=ACTING, on=today),
        "delay_hours": settings.WITHDRAWAL_DELAY_HOURS,
        "delay_hours_threatened": settings.WITHDRAWAL_DELAY_THREATENED_HOURS,
        "batch_hours": settings.LADDER_BATCH_HOURS,
        "notices_are_on": notices.are_switched_on(),
        "kept_days": settings.MESSAGE_RETENTION_DAYS,
        "decline_sentences": DECLINE_SENTENCES,
    }
    return render(request, "cases/status/status.html", context)
