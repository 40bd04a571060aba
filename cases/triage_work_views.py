"""Working on cases: whose they are, notes, many at once, taking back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cases import policy
from cases.errors import NobodyElse, ReasonMissing, TooMuchAtOnce
from cases.models import Case
from cases.services import claims, notes, undo
from cases.services.looking import look_at
from cases.services.queue import lines_of
from cases.services.undo import Undoable
from cases.triage_answers import back_to_case, offer_undo, say, take_offer, tells_what_came_of_it
from cases.triage_forms import HandOverForm, HoldForm, NoteForm
from cases.triage_views import colleagues
from staff.access import actor, requires, requires_second_factor
from staff.services import User


@require_POST
@requires("case.claim")
@tells_what_came_of_it
def claim(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    claims.take_case(case=_case(case_id), by=actor(request), now=timezone.now())
    say(request, _("The case is yours for ten minutes; working on it keeps it."))
    return back_to_case(case_id)


@require_POST
@requires("case.claim")
@tells_what_came_of_it
def give_back(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    claims.give_back(case=_case(case_id), by=actor(request), now=timezone.now())
    say(request, _("Given back to the queue."))
    return redirect("triage:queue")


@require_POST
@requires("case.view")
def still_here(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    """The page tells that somebody reads it; where they also worked, their lease goes on."""
    case, now = _case(case_id), timezone.now()
    if request.POST.get("active"):
        claims.renew_claim(case=case, by=actor(request), now=now)
    lookers = look_at(case=case, by=actor(request), now=now)
    words = _("Also looking: %(names)s") % {"names": ", ".join(lookers)} if lookers else ""
    return JsonResponse({"lookers": words})


@require_POST
@requires("case.claim")
@tells_what_came_of_it
def hold(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    form = HoldForm(request.POST)
    if not form.is_valid():
        raise ReasonMissing
    claims.hold_case(case=_case(case_id), by=actor(request), now=timezone.now(), **form.cleaned_data)
    say(request, _("Held for you."))
    return back_to_case(case_id)


@require_POST
@requires("case.hand_over")
@tells_what_came_of_it
def hand_over(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    form = HandOverForm(request.POST, people=colleagues(but=actor(request)))
    if not form.is_valid():
        raise NobodyElse
    kind, _colon, name = form.cleaned_data["to"].partition(":")
    to = get_object_or_404(User, username=name) if kind == "person" else None
    claims.hand_over(
        case=_case(case_id),
        by=actor(request),
        to=to,
        role="" if to else name,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    say(request, _("Handed over."))
    return back_to_case(case_id)


@require_POST
@requires("case.note")
@tells_what_came_of_it
def add_note(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise ReasonMissing
    notes.write_note(
        case=_case(case_id), by=actor(request), text=form.cleaned_data["text"], now=timezone.now()
    )
    say(request, _("Noted."))
    return back_to_case(case_id)


@require_POST
@requires("case.accept")
@tells_what_came_of_it
def preview_accept(request: HttpRequest) -> HttpResponseBase:
    return _preview(request, "accept", _("Accept these cases?"))


@require_POST
@requires("case.close")
@tells_what_came_of_it
def preview_close(request: HttpRequest) -> HttpResponseBase:
    return _preview(request, "close", _("Close these cases?"))


@require_POST
@requires("case.accept")
@tells_what_came_of_it
def accept_many(request: HttpRequest) -> HttpResponseBase:
    return _do_to_many(request, "accept")


@require_POST
@requires("case.close")
@tells_what_came_of_it
def close_many(request: HttpRequest) -> HttpResponseBase:
    return _do_to_many(request, "close")


@require_POST
@requires("case.view")
@tells_what_came_of_it
def take_back(request: HttpRequest) -> HttpResponseBase:
    given_at, offered = take_offer(request)
    now = timezone.now()
    if len(offered) > 1:
        return _take_back_many(request, offered, given_at=given_at, now=now)
    undo.undo(what=offered[0], given_at=given_at, by=actor(request), now=now)
    say(request, _("Taken back."))
    return back_to_case(offered[0].case_id)


@require_POST
@requires_second_factor
def shortcuts_on(request: HttpRequest) -> HttpResponseBase:
    return _switch_shortcuts(request, to=True)


@require_POST
@requires_second_factor
def shortcuts_off(request: HttpRequest) -> HttpResponseBase:
    return _switch_shortcuts(request, to=False)


def _case(case_id: UUID) -> Case:
    return get_object_or_404(Case, pk=case_id)


def _chosen(request: HttpRequest) -> list[UUID]:
    """Raises TooMuchAtOnce if none or too many are chosen, or what was sent are no cases."""
    try:
        chosen = [UUID(text) for text in request.POST.getlist("case")]
    except ValueError:
        raise TooMuchAtOnce from None
    if not 0 < len(chosen) <= policy.AT_MOST_IN_BULK:
        raise TooMuchAtOnce
    return chosen


def _preview(request: HttpRequest, verb: str, question: str) -> HttpResponse:
    lines = lines_of(case_ids=_chosen(request), seen_by=actor(request), now=timezone.now())
    context = {
        "lines": lines,
        "question": question,
        "verb": verb,
        "address": f"triage:{verb}_many",
        "can": [line for line in lines if verb in policy.allowed(line.case.status)],
    }
    return render(request, "cases/triage/bulk.html", context)


def _do_to_many(request: HttpRequest, verb: str) -> HttpResponse:
    now = timezone.now()
    result = undo.do_to_many(verb=verb, case_ids=_chosen(request), by=actor(request), now=now)
    offer_undo(request, result.done, at=now)
    count = len(result.done)
    say(request, ngettext("%(n)s case done.", "%(n)s cases done.", count) % {"n": count})
    if result.passed_over:
        say(request, _left_alone(len(result.passed_over)))
    return redirect("triage:queue")


def _take_back_many(
    request: HttpRequest, offered: Sequence[Undoable], *, given_at: datetime, now: datetime
) -> HttpResponse:
    left = len(undo.undo_many(what=offered, given_at=given_at, by=actor(request), now=now))
    back = len(offered) - left
    if back:
        say(request, ngettext("%(n)s case taken back.", "%(n)s cases taken back.", back) % {"n": back})
    if left:
        say(request, _left_alone(left))
    return redirect("triage:queue")


def _left_alone(count: int) -> str:
    words = ngettext("%(n)s had moved on and was left.", "%(n)s had moved on and were left.", count)
    return words % {"n": count}


def _switch_shortcuts(request: HttpRequest, *, to: bool) -> HttpResponse:
    person = actor(request)
    person.uses_shortcuts = to
    person.save(update_fields=["uses_shortcuts"])
    say(request, _("Keyboard shortcuts are on.") if to else _("Keyboard shortcuts are off."))
    return redirect("triage:queue")
