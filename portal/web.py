"""How gunicorn serves the portal: `gunicorn -c python:portal.web portal.wsgi`."""

from __future__ import annotations

import os
from typing import Any

from portal.leash import end_with

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
threads = int(os.environ.get("WEB_THREADS") or 32)
control_socket_disable = True
# Gunicorn believes nobody's word about scheme and path, or whoever comes through a proxy of this machine could choose
# them. Django reads what BEHIND_PROXY allows.
forwarded_allow_ips = ""
forwarder_headers = ""
# An access log would be a list of addresses with their times.
accesslog = None
logger_class = "portal.logs.GunicornLogger"
graceful_timeout = 5
timeout = 60
# Nothing is written to a disk that may be slow or full only to say that a worker lives.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112 - Memory, not a place for files.
proc_name = "reclaim-web"


def post_fork(_server: Any, worker: Any) -> None:
    # The kernel's promise is not inherited through a fork, so each worker asks for its own.
    end_with(worker.ppid)
