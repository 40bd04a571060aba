"""Verdicts: one address, one permission, one verb each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.errors import ReasonMissing, TakesTwoPeople
from cases.models import Case
from cases.services import held, verdicts
from cases.services.verdicts import Done
from cases.triage_answers import back_to_case, offer_undo, say, tells_what_came_of_it
from cases.triage_forms import DeclineForm, SeenForm, WhyForm
from staff.access import actor, requires


@require_POST
@requires("case.accept")
@tells_what_came_of_it
def accept(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    return _done(request, case_id, verdicts.accept_case, _("Accepted."))


@require_POST
@requires("case.ask")
@tells_what_came_of_it
def ask(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    return _done(
        request, case_id, verdicts.ask_reporter, _("Waits for the reporter. Write her what you need.")
    )


@require_POST
@requires("case.escalate")
@tells_what_came_of_it
def escalate(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    return _done(request, case_id, verdicts.escalate_case, _("Escalated, and handed to the liaison."))


@require_POST
@requires("case.close")
@tells_what_came_of_it
def close(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    return _done(request, case_id, verdicts.close_case, _("Closed."))


@require_POST
@requires("case.reopen")
@tells_what_came_of_it
def reopen(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    return _done(request, case_id, verdicts.reopen_case, _("Open again."))


@require_POST
@requires("case.decline")
@tells_what_came_of_it
def decline(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        raise ReasonMissing
    case, now = get_object_or_404(Case, pk=case_id), timezone.now()
    told = form.cleaned_data
    try:
        done = verdicts.decline_case(
            case=case, by=actor(request), reason=told["reason"], now=now, seen=told["seen"]
        )
    except TakesTwoPeople:
        return _told_once(
            request, case_id, held.ask_to_decline, _waits(), decline_reason=told["reason"], why=told["why"]
        )
    return _told(request, done, _("Declined, and off the list."), now=now)


@require_POST
@requires("case.withdraw")
@tells_what_came_of_it
def withdraw(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    words = _("The withdrawal has begun. She can cancel it until it takes effect.")
    return _told_once(request, case_id, verdicts.withdraw_on_behalf, words, seen=_seen(request))


@require_POST
@requires("case.quarantine")
@tells_what_came_of_it
def quarantine(request: HttpRequest, *, case_id: UUID, picture_id: UUID) -> HttpResponseBase:
    words = _("The picture is off the list. Putting it back takes two people.")
    what = {"picture_id": picture_id, "seen": _seen(request)}
    return _told_once(request, case_id, verdicts.quarantine_picture, words, **what)


@require_POST
@requires("case.restore_picture")
@tells_what_came_of_it
def restore(request: HttpRequest, *, case_id: UUID, picture_id: UUID) -> HttpResponseBase:
    what = {"picture_id": picture_id, "why": _why(request)}
    return _told_once(request, case_id, held.ask_to_restore, _waits(), **what)


@require_POST
@requires("break_glass.read")
@tells_what_came_of_it
def break_glass(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    return _told_once(request, case_id, held.ask_to_break_glass, _waits(), why=_why(request))


def _done(request: HttpRequest, case_id: UUID, verb: Callable[..., Done], words: str) -> HttpResponse:
    case, now = get_object_or_404(Case, pk=case_id), timezone.now()
    done = verb(case=case, by=actor(request), now=now, seen=_seen(request))
    return _told(request, done, words, now=now)


def _told(request: HttpRequest, done: Done, words: str, *, now: datetime) -> HttpResponse:
    offer_undo(request, [done], at=now)
    say(request, words)
    if "next" in request.POST:
        return redirect(f"{reverse('triage:next')}?not={done.case.pk}")
    return back_to_case(done.case.pk)


def _told_once(
    request: HttpRequest, case_id: UUID, verb: Callable[..., object], words: str, **what: Any
) -> HttpResponse:
    """What can't be taken back with a click: do it, and go back to the case with what came of it."""
    verb(case=get_object_or_404(Case, pk=case_id), by=actor(request), now=timezone.now(), **what)
    say(request, words)
    return back_to_case(case_id)


def _waits() -> str:
    return _("It waits for a second person now.")


def _seen(request: HttpRequest) -> int | None:
    form = SeenForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else None


def _why(request: HttpRequest) -> str:
    form = WhyForm(request.POST)
    if not form.is_valid():
        raise ReasonMissing
    return str(form.cleaned_data["why"])
