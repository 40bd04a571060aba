from __future__ import annotations

from django.apps import AppConfig


class HashesConfig(AppConfig):
    name = "hashes"
