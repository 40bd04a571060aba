from __future__ import annotations

from django.apps import AppConfig

from portal import checks as checks  # noqa: PLC0414 - Registers the system check.
from portal import help_lines as help_lines  # noqa: PLC0414 - Registers the check of the file.


class PortalConfig(AppConfig):
    name = "portal"
