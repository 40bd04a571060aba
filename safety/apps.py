from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "safety"

    def ready(self) -> None:
        # The services need the models, which are there only now.
        forget = import_module("safety.services").forget_account
        import_module("accounts.services").register_deletion(forget=forget)
        import_module("safety.services.reviewing").register_held_actions()
