"""Importing this makes Django ready with a folder of its own: the database in var/ is somebody's."""

from __future__ import annotations

import os
import tempfile

import django as django  # noqa: PLC0414 - Handed on, so that importing it is no accident.

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
