"""Flags and appeals for reviewers: each decision its own address and verb."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from safety.errors import AppealMovedOn, FlagMovedOn, OwnDecision, SecondPersonAsked
from safety.forms import Answer, Before, Note, Reason
from safety.models import Appeal, Flag
from safety.services import appeals, letters, measuring, review_pages, reviewing
from staff.access import actor, refused, requires
from staff.errors import AlreadyHeld, MayNot


@require_GET
@requires("flag.review")
def queue(request: HttpRequest) -> HttpResponseBase:
    user = actor(request)
    context = {
        "queue": review_pages.open_flags(user),
        "count": review_pages.count_open(user),
        "appeals": appeals.visible(user).filter(state=Appeal.State.OPEN).count(),
    }
    return render(request, "safety/review/queue.html", context)


@require_GET
@requires("flag.review")
def closed(request: HttpRequest) -> HttpResponseBase:
    form = Before(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    page = review_pages.closed_flags(actor(request), before=before)
    return render(request, "safety/review/closed.html", {"queue": page})


@require_GET
@requires("flag.review")
def flag(request: HttpRequest, flag_id: UUID) -> HttpResponseBase:
    return _flag_page(request, _flag(request, flag_id))


@require_POST
@requires("flag.review")
def uphold(request: HttpRequest, flag_id: UUID) -> HttpResponseBase:
    return _decide(request, flag_id, reviewing.uphold, _("Upheld. The platform is told."))


@require_POST
@requires("flag.review")
def lift(request: HttpRequest, flag_id: UUID) -> HttpResponseBase:
    return _decide(
        request, flag_id, reviewing.lift, _("Lifted. The limit has ended, and the platform is told.")
    )


@require_POST
@requires("flag.review")
def end(request: HttpRequest, flag_id: UUID) -> HttpResponseBase:
    return _decide(request, flag_id, reviewing.end_limit, _("The limit has ended, and the platform is told."))


@require_POST
@requires("flag.sanction")
def sanction(request: HttpRequest, flag_id: UUID) -> HttpResponseBase:
    return _ask(request, flag_id, reviewing.ask_to_sanction)


@require_POST
@requires("flag.refer")
def refer(request: HttpRequest, flag_id: UUID) -> HttpResponseBase:
    return _ask(request, flag_id, reviewing.ask_to_refer)


@require_GET
@requires("flag.review")
def appeal_queue(request: HttpRequest) -> HttpResponseBase:
    theirs = appeals.visible(actor(request))
    context = {
        "waiting": theirs.filter(state=Appeal.State.OPEN).order_by("made_at")[:100],
        "answered": theirs.exclude(state=Appeal.State.OPEN).order_by("-answered_at")[:50],
        "has_unheard": bool(letters.unheard()),
    }
    return render(request, "safety/review/appeals.html", context)


@require_GET
@requires("flag.review")
def appeal(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _appeal_page(request, _appeal(request, pk), Answer())


@require_POST
@requires("flag.review")
def appeal_uphold(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _reply(request, pk, appeals.uphold, _("Answered: the limit stays."))


@require_POST
@requires("flag.review")
def appeal_overturn(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _reply(request, pk, appeals.overturn, _("Answered: the limit is lifted."))


@require_GET
@requires("fairness.view")
def fairness(request: HttpRequest) -> HttpResponseBase:
    return render(request, "safety/review/fairness.html", {"tables": measuring.tables()})


def _flag(request: HttpRequest, flag_id: UUID) -> Flag:
    """Theirs to see, or there is none."""
    return get_object_or_404(reviewing.visible(actor(request)), pk=flag_id)


def _appeal(request: HttpRequest, pk: int) -> Appeal:
    return get_object_or_404(appeals.visible(actor(request)), pk=pk)


def _flag_page(
    request: HttpRequest,
    found: Flag,
    *,
    note: Form | None = None,
    reason: Form | None = None,
    status: int = 200,
) -> HttpResponseBase:
    context = {
        "page": review_pages.flag_page(found),
        "note": note or Note(auto_id="note_%s"),
        "reason": reason or Reason(auto_id="reason_%s"),
    }
    return render(request, "safety/review/flag.html", context, status=status)


def _appeal_page(request: HttpRequest, found: Appeal, form: Answer, *, status: int = 200) -> HttpResponseBase:
    context = {"appeal": found, "form": form, "is_own": found.letter.flag.decided_by_id == actor(request).pk}
    return render(request, "safety/review/appeal.html", context, status=status)


def _decide(request: HttpRequest, flag_id: UUID, verb: Callable[..., None], said: str) -> HttpResponseBase:
    found = _flag(request, flag_id)
    form = Note(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return _flag_page(request, found, note=form, status=400)
    try:
        verb(flag=found, by=actor(request), note=form.cleaned_data["note"], now=timezone.now())
    except FlagMovedOn as moved:
        messages.warning(request, _moved_on(_label(moved), moved))
    except SecondPersonAsked:
        messages.warning(
            request,
            _("A second person was asked about this flag. They decide first, or the request is taken back."),
        )
    else:
        messages.success(request, said)
    return redirect("review:flag", flag_id)


def _ask(request: HttpRequest, flag_id: UUID, verb: Callable[..., None]) -> HttpResponseBase:
    found = _flag(request, flag_id)
    form = Reason(request.POST, auto_id="reason_%s")
    if not form.is_valid():
        return _flag_page(request, found, reason=form, status=400)
    try:
        verb(flag=found, by=actor(request), reason=form.cleaned_data["reason"], now=timezone.now())
    except FlagMovedOn as moved:
        messages.warning(request, _moved_on(_label(moved), moved))
    except AlreadyHeld:
        messages.info(request, _("This waits for a second person already."))
    except MayNot:
        return refused(request)
    else:
        messages.success(request, _("It waits for a second person. Until then nothing changes."))
    return redirect("review:flag", flag_id)


def _reply(request: HttpRequest, pk: int, verb: Callable[..., None], said: str) -> HttpResponseBase:
    found = _appeal(request, pk)
    form = Answer(request.POST)
    if not form.is_valid():
        return _appeal_page(request, found, form, status=400)
    try:
        verb(appeal=found, by=actor(request), answer=form.cleaned_data["answer"], now=timezone.now())
    except AppealMovedOn as moved:
        messages.warning(request, _moved_on(Appeal.State(moved.outcome).label, moved))
    except OwnDecision:
        messages.error(
            request, _("You decided about this flag yourself. Somebody else has to answer the appeal.")
        )
    except SecondPersonAsked:
        messages.warning(
            request,
            _("A second person was asked about this flag. They decide first, or the request is taken back."),
        )
    else:
        messages.success(request, said)
    return redirect("review:appeal", pk)


def _label(moved: FlagMovedOn) -> str:
    return str(Flag.Outcome(moved.outcome).label) if moved.outcome else ""


def _moved_on(outcome: str, moved: FlagMovedOn | AppealMovedOn) -> str:
    if not moved.at:
        return _("Nobody has decided about this yet. Nothing was done.")
    at = date_format(moved.at, "j M Y H:i")
    return _("This was decided by %(who)s at %(when)s: %(outcome)s. Nothing was done twice.") % {
        "who": moved.by,
        "when": at,
        "outcome": outcome.lower(),
    }
