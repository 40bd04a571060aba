"""What waits for a second person: each answer its own address and verb."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from staff import services
from staff.access import actor, refused, requires
from staff.errors import CannotBeDone, HeldMovedOn, MayNot, OwnActionNotReleasable
from staff.models import HeldAction, User
from staff.services import held as held_actions

_log = logging.getLogger(__name__)

_WAS = {
    HeldAction.State.RELEASED: gettext_lazy("approved"),
    HeldAction.State.REFUSED: gettext_lazy("refused"),
    HeldAction.State.TAKEN_BACK: gettext_lazy("taken back"),
}
# More than this at once is a sign that the second person is missing, and the page says so.
SHOWN = 100


@dataclass(frozen=True)
class Waiting:
    held: HeldAction
    what: str
    page: str
    is_own: bool
    may_decide: bool


@require_GET
@requires("held.view")
def queue(request: HttpRequest) -> HttpResponseBase:
    user = actor(request)
    rows = list(services.waiting_for(user)[: SHOWN + 1])
    waiting = [_waiting(held, user) for held in rows[:SHOWN]]
    return render(request, "staff/held.html", {"waiting": waiting, "has_more": len(rows) > SHOWN})


def _waiting(held: HeldAction, user: User) -> Waiting:
    return Waiting(
        held=held,
        what=services.describe(held),
        page=held_actions.page_of(held, user),
        is_own=held.asked_by_id == user.pk,
        may_decide=held_actions.may_decide(held, user),
    )


@require_POST
@requires("held.release")
def release(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _decide(request, pk, services.release, _("Done: it was approved."))


@require_POST
@requires("held.release")
def refuse(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _decide(request, pk, services.refuse, _("Refused. Nothing was done."))


@require_POST
@requires("held.view")
def take_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _decide(request, pk, services.take_back, _("Taken back. Nothing was done."))


def _decide(request: HttpRequest, pk: int, verb: Callable[..., HeldAction], said: str) -> HttpResponseBase:
    held = get_object_or_404(HeldAction, pk=pk)
    try:
        verb(held=held, by=actor(request), now=timezone.now())
    except MayNot:
        return refused(request)
    except OwnActionNotReleasable:
        messages.error(request, _("You asked for this yourself. Somebody else has to decide."))
    except HeldMovedOn as moved:
        messages.warning(request, _moved_on(moved))
    except CannotBeDone as reason:
        messages.warning(request, str(reason))
    except Exception:  # noqa: BLE001 - What a room did not foresee is taken back as a whole, and the people are told.
        _log.exception("held action %s could not be decided", held.pk)
        messages.error(request, _went_wrong(held))
    else:
        messages.success(request, said)
    return redirect("staff:held")


def _went_wrong(held: HeldAction) -> str:
    return _(
        "Something went wrong and nothing was done. It still waits."
        " Try again in a minute; if it fails again, give number %(number)s to whoever runs the machine."
    ) % {"number": held.pk}


def _moved_on(moved: HeldMovedOn) -> str:
    if moved.state not in _WAS:
        return _overtaken(moved)
    return _("This was %(done)s by %(who)s at %(when)s. Nothing was done twice.") % {
        "done": _WAS[HeldAction.State(moved.state)],
        "who": moved.by,
        "when": _spelled(moved.at),
    }


def _overtaken(moved: HeldMovedOn) -> str:
    what_next = _("It still waits: refuse it, or have it taken back.")
    told = _("What it is about changed meanwhile, so it can't be done.")
    if moved.by:
        told = _("%(who)s changed what it is about, at %(when)s, so it can't be done.") % {
            "who": moved.by,
            "when": _spelled(moved.at),
        }
    return f"{told} {what_next}"


def _spelled(at: datetime | None) -> str:
    return f"{date_format(at, 'j M Y H:i')} UTC" if at else ""
