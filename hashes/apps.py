from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig
from django.conf import settings

from hashes.compiling import keep_compiled_in


class HashesConfig(AppConfig):
    name = "hashes"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        super().__init__(app_name, app_module)
        # Apps are made before anything of theirs is imported.
        keep_compiled_in(Path(settings.VAR_DIR) / "numba")

    def ready(self) -> None:
        # The services need the models, which are there only now.
        services = import_module("hashes.services")
        services.register_held_actions()
        import_module("staff.navigation").register_waiting(
            "/staff/list/", services.waiting_count, action="list.decide"
        )
        readings = import_module("hashes.services.standing").readings
        import_module("platforms.services").register_readings(readings)
