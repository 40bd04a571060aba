"""Logs that hold no address, no user agent, no path of a reporter's, and no value that came from outside.

One JSON object a line. The text of a foreign library's line is its template, never filled in: what would be
filled in is where addresses, paths and bodies come from. An exception leaves its kind and its place, not its words.
"""

from __future__ import annotations

import contextlib
import logging
import logging.config
import os
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog
from gunicorn.glogging import Logger
from structlog.typing import EventDict, Processor, WrappedLogger

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# A time of day beside a reporter's line would say when she was here.
_about_reporter: ContextVar[bool] = ContextVar("about_reporter", default=False)


@contextlib.contextmanager
def reporters_lines() -> Iterator[None]:
    """Every line written inside carries a date only."""
    token = _about_reporter.set(True)
    try:
        yield
    finally:
        _about_reporter.reset(token)


def _stamp(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    now = datetime.now(UTC)
    if _about_reporter.get():
        event["on"] = now.date().isoformat()
    else:
        event["at"] = now.isoformat(timespec="milliseconds")
    return event


def _keep_template_only(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """A foreign line: what its author wrote, without what was put in."""
    record: logging.LogRecord | None = event.get("_record")
    if record is None or event.get("_from_structlog") is not False:
        return event
    has_gaps = bool(event.pop("positional_args", None))
    event["event"] = str(record.msg) if has_gaps or not _comes_filled_in(record) else "refused"
    event["logger"] = record.name
    if status := getattr(record, "status_code", None):
        event["status"] = status
    return event


def _comes_filled_in(record: logging.LogRecord) -> bool:
    """Lines about suspicious requests that quote them; the logger's name says which kind it was."""
    return record.name.startswith("django.security") or (
        record.name == "gunicorn.error" and record.levelno >= logging.WARNING
    )


def _place_of_exception(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple) and found[0] is not None:
        event["exception"] = _kind(found[0])
        event["frames"] = _frames(found[2])
    return event


def _kind(kind: type[BaseException]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


_SHARED: list[Processor] = [structlog.stdlib.add_log_level, _stamp]


def logging_config(level: str = "INFO") -> dict[str, Any]:
    """For `logging.config.dictConfig`, in Django and in gunicorn's master alike."""
    # A level that does not exist is told by `portal.checks`, which can only do so if logging works.
    level = level if level in LEVELS else "INFO"
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    _keep_template_only,
                    _place_of_exception,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
                "use_get_message": False,
                "pass_foreign_args": True,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django would write to its own handlers, and mail errors to the administrators.
            "django": {"handlers": [], "level": level, "propagate": True},
            # That a page was not found, or a key was missing, is no news for whoever runs this.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.server": {"handlers": [], "propagate": True, **quiet},
            "gunicorn.error": {"handlers": [], "propagate": True},
            # A line a tick, four times a second, says nothing.
            "celery.worker.strategy": quiet,
            "celery.app.trace": quiet,
            "celery.beat": quiet,
            "kombu.connection": {"level": "ERROR"},
            "httpx": quiet,
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: sets up the standard library's logging and structlog on top of it."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class GunicornLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types.
    """Gunicorn's own lines go the same way; it keeps no handlers of its own and no access log."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        configure(logging_config(os.environ.get("LOG_LEVEL", "INFO").upper()))

    def access(self, *_: Any, **__: Any) -> None:
        """Nothing: an access log is a list of addresses with their times."""
