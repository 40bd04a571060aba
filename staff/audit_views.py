"""For the auditor: what was done, searched and taken along."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from staff import services
from staff.access import actor, requires
from staff.forms import AuditSearch
from staff.models import AuditRow
from staff.services import auditing

COLUMNS = ("position", "at", "who", "act", "kind", "object", "detail", "previous_hash", "hash")


@require_GET
@requires("audit.view")
def search(request: HttpRequest) -> HttpResponseBase:
    return _page(request, AuditSearch(request.GET))


@require_POST
@requires("audit.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """Everything that the search finds, as it is read. Taking it along is itself written down, first."""
    form = AuditSearch(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    now = timezone.now()
    services.record(actor=actor(request), act="audit.export", at=now, detail=form.kept())
    name = f"audit-{now:%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _lines(auditing.rows(form.sought())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(request: HttpRequest, form: AuditSearch, *, status: int = 200) -> HttpResponseBase:
    page = auditing.page(form.sought()) if form.is_valid() else None
    context: dict[str, object] = {"form": form, "page": page, "kept": form.kept()}
    if page is not None and page.older_than is not None:
        context["older"] = urlencode({**form.kept(), "before": page.older_than})
    return render(request, "staff/audit.html", context, status=status)


class _Echo:
    """What a csv writer writes to: it hands the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterator[AuditRow]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow(auditing.as_cells(row))
