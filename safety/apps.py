from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "safety"

    def ready(self) -> None:
        # The services need the models, which are there only now.
        guard = import_module("safety.services.holding").require_no_hold
        forget = import_module("safety.services").forget_account
        import_module("accounts.services").register_deletion(guard=guard, forget=forget)
        import_module("safety.services.reviewing").register_held_actions()
