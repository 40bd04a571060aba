from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import django
from django.core.checks import Error, run_checks
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from portal.checks import TAG


class Utf8Request(WSGIRequest):
    """Everything here is UTF-8. Django believes any codec that a client names, `zlib` too, and then fails on it."""

    def _set_content_type_params(self, meta: Mapping[str, str]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    request_class = Utf8Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup(set_prefix=False)
application = Handler()

# `manage.py` looks at the settings before it does anything; a web server started on its own must do so too.
if findings := [finding for finding in run_checks(tags=[TAG]) if isinstance(finding, Error)]:
    sys.stderr.write("\n".join(map(str, findings)) + "\n")
    sys.exit("The portal was not started: the settings above are wrong.")
