"""What every page for reporters needs, so that no room has to ask the portal for it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from portal.help_lines import help_lines


def reporter_pages(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - Django passes it.
    """`help_lines` is handed over uncalled: only a page that shows it reads the file."""
    return {
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "help_lines": help_lines,
        "takes_reports": "takedown" in settings.SURFACES,
    }
