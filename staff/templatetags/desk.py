"""For the desk's templates: what this person's role does."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template.context import Context

from staff import policy
from staff.access import actor, has_second_factor
from staff.models import User
from staff.navigation import WAITING, NavigationEntry, current, entries_for, waiting_at
from staff.services import held

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Context, action: str) -> bool:
    """`{% may "case.accept" as can_accept %}`"""
    return policy.may(_role(context), action)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[tuple[NavigationEntry, bool, int]]:
    """The entries of this person's role, each with whether the page belongs to it and how much waits there for them."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or not has_second_factor(request):
        return []
    role = _role(context)
    entries = entries_for(role)
    here = current(entries, request.path)
    waits = {WAITING: held.to_decide(actor(request))}
    return [(entry, entry == here, waits.get(entry) or waiting_at(entry, role)) for entry in entries]


def _role(context: Context) -> str:
    user = context.get("user")
    return user.role if isinstance(user, User) else ""
