"""Every environment variable is looked at before the portal starts; a bad one stops it and says what to do."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured

from nudges.push_post import read_key
from portal.logs import LEVELS
from portal.surfaces import SURFACES

TAG = "environment"
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_BROKERS = ("memory", "amqp", "amqps", "redis", "rediss")
_URLS = ("SITE_URL", "STAFF_URL", "MEMBER_URL")
# What may be none at all, and what makes no sense below one.
_NOT_NEGATIVE = (
    "LADDER_BATCH_HOURS",
    "WITHDRAWAL_DELAY_HOURS",
    "WITHDRAWAL_DELAY_THREATENED_HOURS",
    "REPORTS_PER_HOUR_BEFORE_PROOF",
    "REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF",
    "PROOF_WAIT_SECONDS",
    "LETTER_DELAY_HOURS",
    "MESSAGE_RETENTION_DAYS",
    "NUDGE_DELAY_HOURS",
)
_POSITIVE = (
    "MEDIA_PER_REPORT",
    "MEDIA_PER_CASE",
    "FINGERPRINTS_PER_MEDIA",
    "REPORT_MAX_BYTES",
    "WRONG_CODES_PER_SELECTOR",
    "WRONG_CODES_PER_CLIENT",
    "CODES_PER_CLIENT",
    "PROOF_OF_WORK_COST",
    "MESSAGES_PER_DAY",
    "LOCATIONS_PER_CASE",
    "FEED_STAMP_SECONDS",
    "MATCH_MEDIA_MAX_BYTES",
    "MATCH_MEDIA_MAX_PIXELS",
    "MATCH_MEDIA_SECONDS",
    "MATCH_MEDIA_AT_ONCE",
    "MATCH_MEDIA_PER_MINUTE",
    "PICTURES_PER_CLIENT_HOUR",
    "SUBMIT_HASHES_PER_HOUR",
)

Finding = Iterator[CheckMessage]


def _error(number: int, text: str, hint: str) -> Error:
    return Error(text, hint=hint, id=f"reclaim.E{number:03d}")


def _warning(number: int, text: str, hint: str) -> Caution:
    return Caution(text, hint=hint, id=f"reclaim.W{number:03d}")


def unreadable_values() -> Finding:
    for name, kind in sorted(settings.ENVIRONMENT.unreadable.items()):
        yield _error(1, f"{name} can't be read.", f"{name} must be {kind}. Correct it, or leave it out.")


def secret_key() -> Finding:
    try:
        key = settings.SECRET_KEY
    except ImproperlyConfigured:
        # Django refuses to hand out an empty one.
        key = ""
    if not key:
        yield _error(
            2,
            "SECRET_KEY is missing.",
            "Set SECRET_KEY to 50 or more random characters; `make run` makes one.",
        )
    elif len(key) < 50 or len(set(key)) < 5:
        yield _error(
            3, "SECRET_KEY is too easily guessed.", "Set SECRET_KEY to 50 or more random characters."
        )


def pepper() -> Finding:
    hint = "Set ACCESS_CODE_PEPPER to 64 hex digits (python3 -c 'import secrets; print(secrets.token_hex(32))') and keep it for ever: without it no access code opens anything."
    text = settings.ACCESS_CODE_PEPPER
    if not text:
        yield _error(4, "ACCESS_CODE_PEPPER is missing.", hint)
    elif not _is_hex(text) or len(text) < 64:
        yield _error(5, "ACCESS_CODE_PEPPER is no 32 bytes of hex.", hint)


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdefABCDEF" for letter in text)


def addresses() -> Finding:
    for name in _chosen_urls():
        if not _is_address(getattr(settings, name)):
            yield _error(
                6,
                f"{name} is no address.",
                f"Set {name} to scheme and host, with no path: https://reclaim.example",
            )


def _chosen_urls() -> list[str]:
    """SITE_URL, and those of the others that aren't taken from it: a mistake is told where it was made."""
    return [name for name in _URLS if name == "SITE_URL" or getattr(settings, name) != settings.SITE_URL]


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_reachable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_reachable and not (parts.path or parts.query or parts.fragment or parts.username)


def public_addresses_are_encrypted() -> Finding:
    for name in _chosen_urls():
        url = getattr(settings, name)
        if _is_address(url) and urlsplit(url).scheme == "http" and _is_public(url):
            yield _error(
                7,
                f"{name} is a public address without encryption.",
                f"Set {name} to an https:// address; a code typed on it could be read on the way.",
            )
    if len({urlsplit(url).scheme for name in _URLS if _is_address(url := getattr(settings, name))}) > 1:
        yield _error(
            8,
            "SITE_URL, STAFF_URL and MEMBER_URL do not agree on https.",
            "Give all three the same scheme: secure cookies and redirects follow from it.",
        )


def encryption_ends_in_front() -> Finding:
    """Nothing here speaks TLS itself, so an https address is a proxy's."""
    if urlsplit(settings.SITE_URL).scheme == "https" and not settings.BEHIND_PROXY:
        yield _warning(
            5,
            "SITE_URL is https, but BEHIND_PROXY is off.",
            "Set BEHIND_PROXY=1 if the proxy in front sets X-Forwarded-Proto itself; without it every request is redirected to https again and again.",
        )


def _is_public(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host not in _LOOPBACK and not host.endswith((".localhost", ".test"))


def surfaces() -> Finding:
    known = ", ".join(SURFACES)
    unknown = [name for name in settings.SURFACES if name not in SURFACES]
    if unknown:
        yield _error(
            9, f"SURFACES names {', '.join(unknown)}, which is no surface.", f"Choose from: {known}."
        )
    elif not settings.SURFACES:
        yield _error(10, "SURFACES is empty: nothing would be served.", f"Choose from: {known}.")


def numbers() -> Finding:
    for names, least in ((_NOT_NEGATIVE, 0), (_POSITIVE, 1)):
        for name in names:
            if getattr(settings, name) < least:
                yield _error(
                    11, f"{name} is below {least}.", f"Set {name} to {least} or more, or leave it out."
                )
    if not 0 < settings.PORT < 65_536:
        yield _error(12, "PORT is no port.", "Set PORT to a number from 1 to 65535.")


def limits_fit_together() -> Finding:
    if settings.MEDIA_PER_CASE < settings.MEDIA_PER_REPORT:
        yield _error(
            13,
            "MEDIA_PER_CASE is below MEDIA_PER_REPORT.",
            "Raise MEDIA_PER_CASE: one report may bring MEDIA_PER_REPORT files.",
        )
    if settings.WITHDRAWAL_DELAY_THREATENED_HOURS < settings.WITHDRAWAL_DELAY_HOURS:
        yield _error(
            14,
            "WITHDRAWAL_DELAY_THREATENED_HOURS is below WITHDRAWAL_DELAY_HOURS.",
            "Give her who is threatened at least as long to change her mind.",
        )
    if settings.MATCH_HASHES_PER_MINUTE < settings.MATCH_BATCH:
        yield _error(
            30,
            f"MATCH_HASHES_PER_MINUTE is below {settings.MATCH_BATCH}.",
            f"Set MATCH_HASHES_PER_MINUTE to {settings.MATCH_BATCH} or more: one request may ask about as many.",
        )


def broker() -> Finding:
    scheme = urlsplit(settings.CELERY_BROKER_URL).scheme
    if scheme not in _BROKERS:
        yield _error(
            15, "CELERY_BROKER_URL is no broker that is known here.", "Use amqp://, redis:// or memory://."
        )


def demo_stays_at_home() -> Finding:
    if settings.DEMO and any(
        _is_address(getattr(settings, name)) and _is_public(getattr(settings, name)) for name in _URLS
    ):
        yield _error(
            16,
            "DEMO is on at a public address.",
            "Set DEMO=0: the demo withdraws without a delay and its sign-ins are printed.",
        )


def debug_stays_at_home() -> Finding:
    if settings.DEBUG and any(_is_public(getattr(settings, name)) for name in _URLS):
        yield _error(
            17, "DEBUG is on at a public address.", "Leave DEBUG out: its error pages show what was sent."
        )


def log_level() -> Finding:
    if settings.LOG_LEVEL not in LEVELS:
        yield _error(18, "LOG_LEVEL is no level.", f"Set LOG_LEVEL to one of {', '.join(LEVELS)}.")
    elif settings.LOG_LEVEL == "DEBUG" and any(_is_public(getattr(settings, name)) for name in _URLS):
        yield _error(
            19,
            "LOG_LEVEL is DEBUG at a public address.",
            "Libraries write what was sent at this level; use INFO.",
        )


def processes() -> Finding:
    """What several processes must share."""
    for name in ("WEB_CONCURRENCY", "WEB_THREADS"):
        if not (os.environ.get(name) or "1").isdigit() or os.environ.get(name) == "0":
            yield _error(20, f"{name} is no number.", f"Set {name} to 1 or more, or leave it out.")
            return
    workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
    if workers > 1 and "locmem" in settings.CACHES["default"]["BACKEND"]:
        yield _error(
            21,
            "WEB_CONCURRENCY is above 1 while CACHE_URL is local memory.",
            "Set CACHE_URL to a Redis: each process would count wrong codes, and proofs of work, for itself.",
        )
    if workers > 1 and _is_sqlite():
        yield _warning(
            1,
            "WEB_CONCURRENCY is above 1 on SQLite.",
            "SQLite has one writer; set DATABASE_URL to a PostgreSQL before adding processes.",
        )


def production_parts() -> Finding:
    """At a public address the embedded parts are a choice to think about, not a mistake."""
    if not _is_public(settings.SITE_URL):
        return
    if _is_sqlite():
        yield _warning(
            2,
            "SQLite serves a public address.",
            "Fine on one machine with few reports; beyond that set DATABASE_URL=postgres://...",
        )
    if settings.CELERY_BROKER_URL.startswith("memory:"):
        yield _warning(
            3,
            "The broker is the memory of one process.",
            "Run exactly one `manage.py worker`, or set CELERY_BROKER_URL to RabbitMQ or Redis.",
        )


def _is_sqlite() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"))


def files() -> Finding:
    if not Path(settings.HELP_LINES_FILE).is_file():
        yield _error(
            22, "HELP_LINES_FILE is missing.", "Set HELP_LINES_FILE to a file like portal/help_lines.json."
        )
    if not _is_link(settings.QUICK_EXIT_URL):
        yield _error(
            23, "QUICK_EXIT_URL is no https address.", "Set QUICK_EXIT_URL to a page that nobody asks about."
        )


def mail() -> Finding:
    if bool(settings.EMAIL_URL) != bool(settings.MAIL_FROM):
        yield _error(
            29,
            "EMAIL_URL and MAIL_FROM are not both set.",
            "Name the mail server and the sender, or neither.",
        )


def team_key() -> Finding:
    path = Path(settings.TEAM_PUBLIC_KEY_FILE)
    hint = "Run `manage.py team_key`, or set TEAM_PUBLIC_KEY_FILE to the team's public key."
    if not path.is_file():
        # `make run` makes it after it has looked at the settings.
        yield _warning(4, "TEAM_PUBLIC_KEY_FILE is missing: no report can be taken.", hint)
    elif not _is_key(path):
        yield _error(24, "TEAM_PUBLIC_KEY_FILE holds no key: 32 bytes in base64 without a line break.", hint)


def _is_key(path: Path) -> bool:
    try:
        return len(base64.b64decode(path.read_text(), validate=True)) == 32
    except ValueError:
        return False


def nudges() -> Finding:
    try:
        ZoneInfo(settings.NUDGE_TIME_ZONE)
    except (LookupError, ValueError, OSError):
        yield _error(
            26, "NUDGE_TIME_ZONE is no time zone.", "Set NUDGE_TIME_ZONE to a name like Europe/Berlin."
        )
    if not settings.VAPID_CONTACT.startswith(("mailto:", "https://")):
        yield _error(
            27,
            "VAPID_CONTACT is neither a mail address nor a page.",
            "Set VAPID_CONTACT to mailto:you@your.example or to an https:// address.",
        )


def push_key() -> Finding:
    path = Path(settings.VAPID_PRIVATE_KEY_FILE)
    hint = "Run `manage.py push_key`, or set VAPID_PRIVATE_KEY_FILE to the key that signed pushes before."
    if "safety" not in settings.SURFACES:
        return
    if not path.is_file():
        yield _warning(6, "VAPID_PRIVATE_KEY_FILE is missing: no teen can turn on pushes.", hint)
    elif not _signs(path):
        yield _error(28, "VAPID_PRIVATE_KEY_FILE holds no private P-256 key.", hint)


def _signs(path: Path) -> bool:
    try:
        read_key(path.read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname)


CHECKS: tuple[Callable[[], Finding], ...] = (
    unreadable_values,
    secret_key,
    pepper,
    addresses,
    public_addresses_are_encrypted,
    encryption_ends_in_front,
    surfaces,
    numbers,
    limits_fit_together,
    broker,
    demo_stays_at_home,
    debug_stays_at_home,
    log_level,
    processes,
    production_parts,
    files,
    mail,
    team_key,
    nudges,
    push_key,
)


@register(TAG)
def environment(**_: Any) -> list[CheckMessage]:
    return [finding for check in CHECKS for finding in check()]
