"""Log lines hold what happened, and nothing that came from outside."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
import structlog

from portal.logs import logging_config, reporters_lines

SECRET = "what she sent"


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(written: io.StringIO) -> logging.Logger:
    described = logging_config()["formatters"]["json"]
    formatter = structlog.stdlib.ProcessorFormatter(
        **{name: value for name, value in described.items() if name != "()"}
    )
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    log = logging.Logger("django.request")  # noqa: LOG001 - One that no other test shares.
    log.addHandler(handler)
    return log


def line(written: io.StringIO) -> dict[str, Any]:
    assert SECRET not in written.getvalue()
    told: dict[str, Any] = json.loads(written.getvalue())
    return told


def test_what_is_filled_in_is_left_out(log: logging.Logger, written: io.StringIO) -> None:
    log.warning("Not Found: %s", SECRET, extra={"status_code": 404})
    told = line(written)
    assert told["event"] == "Not Found: %s"
    assert told["status"] == 404
    assert "at" in told


def test_an_exception_leaves_its_kind_and_place_but_not_its_words(
    log: logging.Logger, written: io.StringIO
) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError:
        log.exception("Internal Server Error: %s", SECRET)
    told = line(written)
    assert told["exception"] == "builtins.KeyError"
    assert "test_logs.py" in told["frames"][-1]


def test_a_refusal_says_only_which_kind_it_was(log: logging.Logger, written: io.StringIO) -> None:
    log.name = "django.security.DisallowedHost"
    log.error(f"Invalid HTTP_HOST header: {SECRET}")  # noqa: G004 - As Django does.
    assert line(written)["event"] == "refused"


def test_a_reporters_line_has_a_date_and_no_time(log: logging.Logger, written: io.StringIO) -> None:
    with reporters_lines():
        log.error("Internal Server Error: %s", SECRET)
    told = line(written)
    assert "at" not in told
    assert len(told["on"]) == len("2026-11-22")
