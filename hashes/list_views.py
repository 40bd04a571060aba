"""The list's desk: what waits for a person, and one address for each thing that can be decided."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hashes import services
from hashes.errors import ConcernMovedOn, NotOffTheList, WhyMissing
from hashes.list_forms import QueueFilter, Seen, Why
from hashes.models import Concern, Picture
from hashes.services import concerns
from hashes.services.picture_page import asked, picture_page
from staff.access import actor, requires
from staff.errors import AlreadyHeld, CannotBeDone

View = Callable[..., HttpResponseBase]


def tells_what_came_of_it(view: View) -> View:
    """Nothing was half done when one of these is raised; the page says what happened instead."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ConcernMovedOn as moved:
            words = _moved_on(moved)
        except NotOffTheList:
            words = _("The picture is not off the list any more. Nothing was changed.")
        except WhyMissing:
            words = _("The second person has to read why. Nothing was changed.")
        except AlreadyHeld:
            words = _("This waits for a second person already.")
        except CannotBeDone as reason:
            words = str(reason)
        context = {"words": words, "picture_id": kwargs.get("picture_id")}
        return render(request, "hashes/list/moved_on.html", context, status=409)

    return told


@require_GET
@requires("list.view")
def queue(request: HttpRequest) -> HttpResponseBase:
    form = QueueFilter(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    page = concerns.queue_page(kind=kind, after=concerns.Place.read(request.GET.get("after", "")))
    context: dict[str, object] = {
        "form": form,
        "kind": kind,
        "waiting": [asked(one) for one in page.concerns],
        "counts": [(Concern.Kind(one).label, count) for one, count in concerns.counts().items()],
    }
    if page.after:
        context["next_address"] = "?" + urlencode({"kind": kind, "after": page.after})
    return render(request, "hashes/list/queue.html", context)


@require_GET
@requires("list.view")
def picture(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    found = get_object_or_404(Picture.objects.select_related("source"), pk=picture_id)
    context = {"page": picture_page(picture=found), "why": Why()}
    return render(request, "hashes/list/picture.html", context)


@require_GET
@requires("list.view")
def concern(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Concern.objects.select_related("platform", "ended_by"), pk=pk)
    if found.picture_id:
        return redirect("hashes:list_picture", found.picture_id)
    return render(request, "hashes/list/concern.html", {"asked": asked(found)})


@require_POST
@requires("list.decide")
@tells_what_came_of_it
def leave(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    get_object_or_404(Picture, pk=picture_id)
    form = Seen(request.POST)
    if not form.is_valid():
        raise ConcernMovedOn
    services.leave_picture(
        picture_id=picture_id, by=actor(request), seen=form.cleaned_data["seen"], now=timezone.now()
    )
    messages.success(request, _("Left as it is. It asks for nothing any more."))
    return redirect("hashes:list_picture", picture_id)


@require_POST
@requires("list.decide")
@tells_what_came_of_it
def take_off(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    get_object_or_404(Picture, pk=picture_id)
    services.take_off_for_good(picture_id=picture_id, by=actor(request), now=timezone.now())
    messages.success(request, _("Off the list for good. Platforms are told."))
    return redirect("hashes:list_picture", picture_id)


@require_POST
@requires("list.restore")
@tells_what_came_of_it
def put_back(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    get_object_or_404(Picture, pk=picture_id)
    form = Why(request.POST)
    if not form.is_valid():
        raise WhyMissing
    services.ask_to_put_back(
        picture_id=picture_id, by=actor(request), why=form.cleaned_data["why"], now=timezone.now()
    )
    messages.success(request, _("It waits for a second person now."))
    return redirect("hashes:list_picture", picture_id)


@require_POST
@requires("list.decide")
@tells_what_came_of_it
def leave_concern(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Concern, pk=pk, picture=None)
    services.leave_concern(concern=found, by=actor(request), now=timezone.now())
    messages.success(request, _("Left as it is. It asks for nothing any more."))
    return redirect("hashes:list_concern", pk)


def _moved_on(moved: ConcernMovedOn) -> str:
    words = _("It asks for nothing any more.")
    if moved.by and moved.at:
        words = _("%(who)s was first, at %(at)s UTC.") % {
            "who": moved.by,
            "at": date_format(moved.at, "j M Y H:i"),
        }
    return f"{words} {_('Nothing of yours was done.')}"
