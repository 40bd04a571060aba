from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

from cases import checks as checks  # noqa: PLC0414 - Registers the system check.


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        # The services need the models, which are there only now.
        import_module("cases.services.held").register()
        import_module("cases.services.escalations").register()
        import_module("cases.services.legal_holds").register()
        import_module("cases.services.list_desk").register()
