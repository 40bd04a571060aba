"""For the desk's templates: what this person's role does."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template.context import Context

from staff import policy
from staff.access import has_second_factor
from staff.models import User
from staff.navigation import NavigationEntry, current, entries_for

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: Context, action: str) -> bool:
    """`{% may "case.accept" as can_accept %}`"""
    return policy.may(_role(context), action)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[tuple[NavigationEntry, bool]]:
    """The entries of this person's role, each with whether the page belongs to it."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or not has_second_factor(request):
        return []
    entries = entries_for(_role(context))
    here = current(entries, request.path)
    return [(entry, entry == here) for entry in entries]


def _role(context: Context) -> str:
    user = context.get("user")
    return user.role if isinstance(user, User) else ""
