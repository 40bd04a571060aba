from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from staff.access import actor, requires_second_factor
from staff.navigation import entries_for


@requires_second_factor
def home(request: HttpRequest) -> HttpResponseBase:
    """The first page of one's own work; who has none yet is told whom to ask."""
    entries = entries_for(actor(request).role)
    return redirect(entries[0].path) if entries else render(request, "staff/no_role.html")
