"""How the desk's verbs are answered: what can come of them, in words, and the offer to take it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from cases import policy
from cases.errors import (
    CaseMovedOn,
    MoveNotAllowed,
    NobodyElse,
    NoSuchPicture,
    NotYours,
    ReasonMissing,
    TakenBySomebody,
    TeamKeyMissing,
    TooMuchAtOnce,
    UndoTooLate,
)
from cases.services.undo import Undoable, can_be_undone
from cases.services.verdicts import Done
from staff.errors import AlreadyHeld, MayNot

View = Callable[..., HttpResponseBase]
_UNDO = "desk-undo"
_SAID: dict[type[Exception], Callable[[], str]] = {
    MoveNotAllowed: lambda: _("The case is not in a state in which this can be done."),
    NoSuchPicture: lambda: _("That picture is not in a state in which this can be done."),
    NobodyElse: lambda: _("Choose a colleague or a role to hand it to. Nothing was changed."),
    NotYours: lambda: _("The case isn't yours any more. Nothing was changed."),
    ReasonMissing: lambda: _("A reason is needed. Nothing was changed."),
    TeamKeyMissing: lambda: _("The team's key is not on this machine, so nothing can be sealed."),
    TooMuchAtOnce: lambda: _("Choose between 1 and 100 cases."),
    UndoTooLate: lambda: _("It is too late to take this back, or something else happened since."),
    AlreadyHeld: lambda: _("This waits for a second person already."),
    MayNot: lambda: _("Your role does not do this."),
}


def tells_what_came_of_it(view: View) -> View:
    """Nothing was half done when one of these is raised; the page says what happened instead."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except CaseMovedOn as moved:
            return _conflict(request, _moved_on(moved), case_id=kwargs.get("case_id"))
        except tuple(_SAID) as refused:
            return _conflict(request, _SAID[type(refused)](), case_id=kwargs.get("case_id"))

    return told


def offer_undo(request: HttpRequest, done: Sequence[Done], *, at: datetime) -> None:
    """Keep what was done for half a minute. The session is the person's own, so nobody else can take it back."""
    undoable = [Undoable.of(one) for one in done if can_be_undone(one)]
    if undoable:
        rows = [{**asdict(one), "case_id": str(one.case_id)} for one in undoable]
        request.session[_UNDO] = {"at": at.isoformat(), "done": rows}


def undo_on_offer(request: HttpRequest, *, now: datetime) -> dict[str, object] | None:
    kept = request.session.get(_UNDO)
    if kept is None:
        return None
    left = policy.UNDO_FOR - (now - datetime.fromisoformat(kept["at"]))
    if left.total_seconds() <= 0:
        del request.session[_UNDO]
        return None
    return {"seconds": int(left.total_seconds()), "count": len(kept["done"])}


def take_offer(request: HttpRequest) -> tuple[datetime, list[Undoable]]:
    """Raises UndoTooLate if nothing is on offer."""
    kept = request.session.pop(_UNDO, None)
    if kept is None:
        raise UndoTooLate
    done = [Undoable(**{**row, "case_id": UUID(row["case_id"])}) for row in kept["done"]]
    return datetime.fromisoformat(kept["at"]), done


def say(request: HttpRequest, words: str) -> None:
    messages.success(request, words)


def back_to_case(case_id: UUID) -> HttpResponse:
    return redirect("triage:case", case_id=case_id)


def _moved_on(moved: CaseMovedOn) -> str:
    at = formatted(timezone.localtime(moved.at), "H:i") if moved.at else ""
    if isinstance(moved, TakenBySomebody) and moved.by:
        words = _("%(who)s works on this case, since %(at)s UTC.") if at else _("%(who)s has this case.")
    elif moved.by:
        words = _("%(who)s was first, at %(at)s UTC.")
    else:
        words = _("The case has moved on since this page was opened.")
    return f"{words % {'who': moved.by, 'at': at}} {_('Nothing of yours was done.')}"


def _conflict(request: HttpRequest, words: str, *, case_id: UUID | None) -> HttpResponse:
    context = {"words": words, "case_id": case_id}
    return render(request, "cases/triage/moved_on.html", context, status=409)
