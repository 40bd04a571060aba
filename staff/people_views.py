"""For the administrator: who works here. Each change its own address and verb."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from staff.access import actor, requires
from staff.errors import NameTaken, NotOnesOwn
from staff.forms import NewPerson, RoleChoice
from staff.models import User
from staff.services import people


@require_GET
@requires("staff.manage")
def everybody(request: HttpRequest) -> HttpResponseBase:
    return _page(request, NewPerson())


@require_POST
@requires("staff.manage")
def add(request: HttpRequest) -> HttpResponseBase:
    form = NewPerson(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        user, password = people.add_person(**form.cleaned_data, by=actor(request), now=timezone.now())
    except NameTaken:
        form.add_error("username", _("Somebody of this name works here already."))
        return _page(request, form, status=400)
    return _page(request, NewPerson(), shown=(user, password))


@require_POST
@requires("staff.manage")
def give_role(request: HttpRequest, pk: int) -> HttpResponseBase:
    form = RoleChoice(request.POST)
    if not form.is_valid():
        return _page(request, NewPerson(), status=400)
    role = form.cleaned_data["role"]

    def change(user: User) -> None:
        people.give_role(user=user, role=role, by=actor(request), now=timezone.now())

    return _change(request, pk, change, _("The role is changed."))


@require_POST
@requires("staff.manage")
def close(request: HttpRequest, pk: int) -> HttpResponseBase:
    def change(user: User) -> None:
        people.close_account(user=user, by=actor(request), now=timezone.now())

    return _change(request, pk, change, _("The account is closed."))


@require_POST
@requires("staff.manage")
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    def change(user: User) -> None:
        people.open_account(user=user, by=actor(request), now=timezone.now())

    return _change(request, pk, change, _("The account is open again."))


@require_POST
@requires("staff.manage")
def reset(request: HttpRequest, pk: int) -> HttpResponseBase:
    user = get_object_or_404(User, pk=pk, is_superuser=False)
    try:
        password = people.reset_sign_in(user=user, by=actor(request), now=timezone.now())
    except NotOnesOwn:
        return _own(request)
    return _page(request, NewPerson(), shown=(user, password))


def _change(request: HttpRequest, pk: int, change: Callable[[User], None], said: str) -> HttpResponseBase:
    # Who runs the machine is above the administrator.
    user = get_object_or_404(User, pk=pk, is_superuser=False)
    try:
        change(user)
    except NotOnesOwn:
        return _own(request)
    messages.success(request, said)
    return redirect("staff:people")


def _own(request: HttpRequest) -> HttpResponseBase:
    messages.error(request, _("Nobody changes their own account. Ask another administrator."))
    return redirect("staff:people")


def _page(
    request: HttpRequest, form: NewPerson, *, status: int = 200, shown: tuple[User, str] | None = None
) -> HttpResponseBase:
    """`shown` is somebody and their password, on this page and never again."""
    context = {
        "people": User.objects.filter(is_superuser=False).order_by("-is_active", "username"),
        "roles": User.Role.choices,
        "form": form,
        "shown": shown,
    }
    return render(request, "staff/people.html", context, status=status)
