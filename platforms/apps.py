from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "platforms"

    def ready(self) -> None:
        # The services need the models, which are there only now.
        import_module("platforms.services").register_held_actions()
