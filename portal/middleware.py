"""What holds for whole groups of addresses: who may be met where, what may be known of whom, and the shape of errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from hashes import asking
from hashes.errors import ListNotReady
from portal import health
from portal.logs import reporters_lines
from portal.problems import CONTENT_TYPE, NotReady, as_problem, details, is_for_programs
from portal.surfaces import Audience, area_of, is_reporters

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ProblemsForPrograms:
    """Every error under /api/ is a problem, also those of Django's own making."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code >= 400 and is_for_programs(request):
            return as_problem(response)
        return response

    def process_exception(self, _request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """A process that has only begun to read the list says so, in plain views too."""
        if not isinstance(problem, ListNotReady):
            return None
        headers = {"Retry-After": str(NotReady.wait)}
        return HttpResponse(NotReady.default_detail, status=NotReady.status_code, headers=headers)


class ReportersAreStrangers:
    """On her addresses no cookie is read or set, and no line says at what time she was here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_reporters(request.path_info):
            return self.get_response(request)
        # Taken away before anybody can look, so that being signed in elsewhere leaves no trace on a report.
        request.META.pop("HTTP_COOKIE", None)
        with reporters_lines():
            response = self.get_response(request)
        response.cookies.clear()
        return response


class ProbesAskByAnyName:
    """Whether the portal lives is told whatever the host and the scheme; it says nothing about anybody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = health.ADDRESSES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


class BodiesHaveALength:
    """A body in chunks would be read as an empty one, and its sender told that every field is missing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_chunked = "Transfer-Encoding" in request.headers and not request.META.get("CONTENT_LENGTH")
        if is_chunked and is_for_programs(request):
            return _length_required()
        return self.get_response(request)


def _length_required() -> HttpResponse:
    told = _("Send the body in one piece, with its Content-Length; chunks are not read here.")
    error = {"field": "Content-Length", "code": "length_required", "detail": told}
    status = HTTPStatus.LENGTH_REQUIRED
    body = json.dumps(details(status=status, detail=told, errors=[error]))
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)


class EachOnTheirHost:
    """Reporters, staff and members are met on their own host only, and a surface that is off is nowhere."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_served_here(request):
            raise Http404
        return self.get_response(request)


class MachinesPassQuickly:
    """What only browsers need (policies for scripts, cookies, languages, frames) costs more than such an answer.

    What is not answered here goes the way of all requests.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = ANSWERED_QUICKLY.get(request.path_info)
        if answer and _is_served_here(request) and (answered := answer(request)):
            return answered
        return self.get_response(request)


ANSWERED_QUICKLY: dict[str, Callable[[HttpRequest], HttpResponse | None]] = {
    "/api/v1/match/": asking.answer,
}


def _is_served_here(request: HttpRequest) -> bool:
    area = area_of(request.path_info)
    return area.is_open(settings.SURFACES) and _is_met_here(area.audience, request)


def _is_met_here(audience: Audience, request: HttpRequest) -> bool:
    if audience is Audience.OPERATOR:
        return True
    home = {Audience.STAFF: settings.STAFF_URL, Audience.MEMBER: settings.MEMBER_URL}.get(
        audience, settings.SITE_URL
    )
    here = _host_in(f"//{request.get_host()}")
    others = {settings.SITE_URL, settings.STAFF_URL, settings.MEMBER_URL} - {home}
    # A host that is nobody else's (a second name of the same machine) is as good as the right one.
    return here == _host_in(home) or here not in {_host_in(url) for url in others}


# Looked at in every request. Hosts that aren't allowed never come here, so there are few.
@lru_cache(maxsize=64)
def _host_in(url: str) -> str | None:
    return urlsplit(url).hostname
