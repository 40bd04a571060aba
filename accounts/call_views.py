"""Staff and the teens who ask for help with a guardian. Nothing of it ever reaches the guardian."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import CallMovedOn, NothingSaid
from accounts.forms import AnswerForm
from accounts.models import CallForHelp
from accounts.services import supervision_calls, supervision_course
from staff.access import actor, requires

# More than this at once is a sign that somebody is missing.
SHOWN = 100


@require_GET
@requires("member.help")
def queue(request: HttpRequest) -> HttpResponseBase:
    rows = list(supervision_calls.open_calls(seen_by=actor(request))[: SHOWN + 1])
    return render(
        request, "accounts/calls.html", {"calls": rows[:SHOWN], "has_more": len(rows) > SHOWN, "shown": SHOWN}
    )


@require_GET
@requires("member.help")
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _page(request, _call(request, pk))


@require_POST
@requires("member.help")
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = _call(request, pk)
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise NothingSaid
        supervision_calls.answer(
            call_id=found.pk, by=actor(request), text=form.cleaned_data["text"], now=timezone.now()
        )
    except NothingSaid:
        return _page(request, found, status=400, error=_("Write an answer of 2,000 letters at most."))
    except CallMovedOn:
        messages.warning(request, _("A colleague answered first. Yours was not sent."))
        return redirect("accounts:call", pk=found.pk)
    messages.success(request, _("Answered. The teen reads it on their own page."))
    return redirect("accounts:calls")


@require_POST
@requires("member.help")
def end(request: HttpRequest, pk: int, supervision_id: int) -> HttpResponseBase:
    found = _call(request, pk)
    # One that ended meanwhile is on no list any more, and is as it should be.
    if supervision_calls.supervisions_of(found).filter(pk=supervision_id).exists():
        supervision_course.end_by_staff(supervision_id=supervision_id, by=actor(request), now=timezone.now())
    messages.success(request, _("Supervision has ended. The guardian reads only that it has."))
    return redirect("accounts:call", pk=found.pk)


def _call(request: HttpRequest, pk: int) -> CallForHelp:
    found = supervision_calls.call_for(call_id=pk, seen_by=actor(request))
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, found: CallForHelp, *, status: int = 200, error: str = ""
) -> HttpResponseBase:
    context = {
        "call": found,
        "earlier": supervision_calls.of_teen(teen_id=found.account_id).exclude(pk=found.pk),
        "supervisions": list(supervision_calls.supervisions_of(found)),
        "error": error,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "accounts/call.html", context, status=status)
