"""Is this process alive, and may it be sent people?"""

from __future__ import annotations

import threading
import time

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from hashes import services as the_list

# A batch is numbered every quarter of a second; this long without one means that no worker lives.
LONGEST_WAIT_SECONDS = 15.0


@never_cache
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


@never_cache
@require_GET
def readyz(_request: HttpRequest) -> HttpResponse:
    """Whether the database answers, its tables are those of this code, and what was taken is being published."""
    try:
        found = {"database": True, "migrations": _schema.is_current(), **_publishing.facts()}
    except DatabaseError:
        found = {"database": False}
    is_ready = all(value for value in found.values() if isinstance(value, bool))
    return JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503)


# Asked by address rather than by name, and from inside of what encrypts: `portal.middleware` answers before either counts.
ADDRESSES = {"/healthz": healthz, "/readyz": readyz}


class _Schema:
    """Migrations only ever come to be applied while a process lives, so a yes is asked for once."""

    def __init__(self) -> None:
        self.was_current = False

    def is_current(self) -> bool:
        if not self.was_current:
            executor = MigrationExecutor(connection)
            self.was_current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return self.was_current


class _Publishing:
    """How long the oldest change has waited for its number, as this process saw it: rows keep no time of day."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.oldest: int | None = None
        self.seen_since = 0.0

    def facts(self) -> dict[str, float | bool]:
        oldest, now = the_list.oldest_waiting(), time.monotonic()
        with self.lock:
            if oldest is None or oldest != self.oldest:
                self.oldest, self.seen_since = oldest, now
            waited = 0.0 if oldest is None else now - self.seen_since
        return {"publishing": waited < LONGEST_WAIT_SECONDS, "publish_lag_seconds": round(waited, 1)}


_schema = _Schema()
_publishing = _Publishing()
