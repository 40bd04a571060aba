"""How gunicorn serves the portal: `gunicorn -c python:portal.web portal.wsgi`."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

from hashes.compiling import keep_compiled_in
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


def when_ready(_server: Any) -> None:
    """Before the first worker is forked: what is compiled here, none of them has to compile or keep for itself."""
    if "takedown" not in (os.environ.get("SURFACES") or "takedown"):
        return
    var = os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var"
    keep_compiled_in(Path(var) / "numba")
    # Only now, because it imports what is compiled.
    importlib.import_module("hashes.segments").compile_all()


def post_fork(_server: Any, worker: Any) -> None:
    # The kernel's promise is not inherited through a fork, so each worker asks for its own.
    end_with(worker.ppid)
