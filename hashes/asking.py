"""A match request that is all as it should be, answered without DRF: platforms ask thousands of times a second.

Everything else is left to the endpoint in `hashes.api`, which says what is wrong with it.
"""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from hashes import services
from hashes.errors import ListNotReady
from hashes.fields import read_plainly
from platforms.access import caller_of
from platforms.services import Credential, Limit, take

_JSON = frozenset({"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8"})
_ACCEPTED = frozenset({"*/*", "application/*", "application/json"})
# For whoever asks a process that has only begun to read the list.
_READY_IN_SECONDS = "2"


def hashes_a_minute() -> Limit:
    return Limit("hashes", "hashes", settings.MATCH_HASHES_PER_MINUTE)


def answer(request: HttpRequest) -> HttpResponse | None:
    if not _is_plain(request):
        return None
    caller = caller_of(request.META.get("HTTP_AUTHORIZATION", ""))
    if caller is None or "match" not in caller.scopes:
        return None
    queries = _queries(request)
    if not queries:
        return None
    allowance = take(limit=hashes_a_minute(), key=caller.prefix, cost=len(queries))
    return _answer(caller, queries, allowance.headers()) if allowance.is_granted else None


def _answer(caller: Credential, queries: list[services.Query], headers: dict[str, str]) -> HttpResponse:
    try:
        results = services.match(
            platform_id=caller.platform_id,
            queries=queries,
            with_entries="feed" in caller.scopes,
            key=caller.prefix,
        )
    except ListNotReady:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": _READY_IN_SECONDS})
    body = _written(results)
    headers |= {"Cache-Control": "no-store", "Content-Length": str(len(body))}
    return HttpResponse(body, content_type="application/json", headers=headers)


def _is_plain(request: HttpRequest) -> bool:
    meta = request.META
    return (
        request.method == "POST"
        and meta.get("CONTENT_TYPE", "").lower() in _JSON
        and _takes_json(meta.get("HTTP_ACCEPT", "*/*"))
        and not meta.get("QUERY_STRING")
    )


def _takes_json(accept: str) -> bool:
    """Whether it says so plainly; preferences and parameters are looked at elsewhere."""
    if accept in _ACCEPTED:
        return True
    return ";" not in accept and not _ACCEPTED.isdisjoint(one.strip() for one in accept.split(","))


def _queries(request: HttpRequest) -> list[services.Query] | None:
    try:
        return read_plainly(request.body)
    except RequestDataTooBig:
        return None


def _written(results: list[services.MatchResult]) -> bytes:
    parts = ",".join(map(_result, results))
    # For whoever holds the list, and so has numbers to compare it with.
    through = "" if results[0].hits is None else f',"through":{min(one.through for one in results)}'
    return f'{{"results":[{parts}]{through}}}'.encode()


def _result(one: services.MatchResult) -> str:
    if one.hits is None:
        return _verdict(one.verdict, one.review)
    hits = [{**hit._asdict(), "entry": str(hit.entry)} for hit in one.hits]
    answer = {"verdict": one.verdict, "review": one.review, "matches": hits}
    return json.dumps(answer, separators=(",", ":"))


@cache
def _verdict(verdict: str, review: str | None) -> str:
    return json.dumps({"verdict": verdict, "review": review}, separators=(",", ":"))
