from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self) -> None:
        # Its receivers need the models, which are there only now.
        import_module("staff.signals")


class SuperusersAdminConfig(admin_apps.AdminConfig):
    # Inherited as true, and only one of a room's can be.
    default = False
    default_site = "staff.site.SuperusersSite"
