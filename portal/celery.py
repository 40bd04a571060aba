"""The worker's side. Rows in the database are the store; the broker only wakes somebody up."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("reclaim")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
