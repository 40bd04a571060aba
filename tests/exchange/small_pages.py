"""The portal with pages so small that every reader has to turn them, also for what was numbered in one batch."""

from __future__ import annotations

from portal.wsgi import application as application  # noqa: PLC0414 - Handed on, as gunicorn asks for it.

# Once Django is set up.
from hashes.exchange import ncmec, stopncii  # isort: skip

stopncii.PAGE, ncmec.PAGE = 2, 3
