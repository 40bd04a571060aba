"""The queue and the case page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

import platforms.services
from cases import policy
from cases.models import Case
from cases.services.case_page import case_page
from cases.services.looking import look_at
from cases.services.queue import Filters, Place, find_case, queue_page
from cases.triage_answers import undo_on_offer
from cases.triage_forms import DeclineForm, FilterForm, HandOverForm, HoldForm, NoteForm, WhyForm
from staff.access import actor, requires
from staff.policy import ACTIONS, may
from staff.services import User

_DESK_ROLES = (User.Role.TRIAGER, User.Role.SENIOR, User.Role.LIAISON)


@require_GET
@requires("case.view")
def queue(request: HttpRequest) -> HttpResponseBase:
    if "find" in request.GET:
        return _found(request, request.GET["find"])
    now = timezone.now()
    form = FilterForm(request.GET, people=colleagues(), platforms=_platforms())
    after = Place.read(request.GET.get("after", ""))
    page = queue_page(filters=form.filters(), after=after, seen_by=actor(request), now=now)
    context = {
        "form": form,
        "page": page,
        "is_filtered": form.filters() != Filters(),
        "next_address": _next_address(request, page.after),
        "undo": undo_on_offer(request, now=now),
        "at_most": policy.AT_MOST_IN_BULK,
        "may": _may(request),
    }
    return render(request, "cases/triage/queue.html", context)


@require_GET
@requires("case.view")
def next_case(request: HttpRequest) -> HttpResponseBase:
    """The most urgent case that is nobody's."""
    free = Filters(assignee="nobody")
    page = queue_page(filters=free, after=None, seen_by=actor(request), now=timezone.now())
    left = request.GET.get("not", "")
    waiting = [line.case.pk for line in page.lines if str(line.case.pk) != left]
    return redirect("triage:case", case_id=waiting[0]) if waiting else redirect("triage:queue")


@require_GET
@requires("case.view")
def case(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    found = get_object_or_404(Case.objects.select_related("claim__by"), pk=case_id)
    now = timezone.now()
    seen_by = actor(request)
    context = {
        "case": found,
        "page": case_page(case=found, seen_by=seen_by, now=now),
        "lookers": look_at(case=found, by=seen_by, now=now),
        "may": _may(request),
        "undo": undo_on_offer(request, now=now),
        **_forms(seen_by),
    }
    return render(request, "cases/triage/case.html", context)


def colleagues(*, but: User | None = None) -> list[str]:
    """Who can have a case."""
    people = User.objects.filter(is_active=True, role__in=_DESK_ROLES).order_by("username")
    return [name for name in people.values_list("username", flat=True) if but is None or name != but.username]


def _forms(by: User) -> dict[str, object]:
    return {
        "decline_form": DeclineForm(),
        "why_form": WhyForm(),
        "hold_form": HoldForm(),
        "hand_over_form": HandOverForm(people=colleagues(but=by)),
        "note_form": NoteForm(),
    }


def _may(request: HttpRequest) -> dict[str, bool]:
    """For the template: `may.accept`. Actions elsewhere than on a case have their own pages."""
    role = actor(request).role
    on_case = [action for action in ACTIONS if action.startswith("case.")]
    allowed = {action.removeprefix("case."): may(role, action) for action in on_case}
    return {**allowed, "break_glass": may(role, "break_glass.read")}


def _platforms() -> list[tuple[str, str]]:
    return [(one.slug, one.name) for one in platforms.services.participating(on=timezone.now().date())]


def _next_address(request: HttpRequest, after: Place | None) -> str:
    if after is None:
        return ""
    query = request.GET.copy()
    query["after"] = str(after)
    return f"?{query.urlencode()}"


def _found(request: HttpRequest, text: str) -> HttpResponse:
    found = find_case(text=text)
    if found is None:
        messages.warning(request, _("No case has this number, and no code begins with it."))
        return redirect(reverse("triage:queue"))
    return redirect("triage:case", case_id=found.pk)
