"""Every variable is looked at before the portal starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import CheckMessage, Error

from portal import checks
from portal.variables import Variables
from tests.servers import ROOT

GOOD = {
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ACCESS_CODE_PEPPER": "ab" * 32,
    "SITE_URL": "https://reclaim.example",
    "DATABASE_URL": "postgres://reclaim@db.example/reclaim",
    "CELERY_BROKER_URL": "amqp://broker.example//",
    "CACHE_URL": "redis://cache.example/0",
    "BEHIND_PROXY": "1",
}
# What an operator gets wrong, and which finding says so.
MISTAKES = [
    ("SECRET_KEY", "", "E002"),
    ("SECRET_KEY", "short", "E003"),
    ("ACCESS_CODE_PEPPER", "", "E004"),
    ("ACCESS_CODE_PEPPER", "ab" * 31, "E005"),
    ("ACCESS_CODE_PEPPER", "xy" * 32, "E005"),
    ("SITE_URL", "reclaim.example", "E006"),
    ("SITE_URL", "https://reclaim.example/portal", "E006"),
    ("SITE_URL", "http://reclaim.example", "E007"),
    ("STAFF_URL", "http://127.0.0.1", "E008"),
    ("SURFACES", "takedown,saftey", "E009"),
    ("LADDER_BATCH_HOURS", "-1", "E011"),
    ("WITHDRAWAL_DELAY_HOURS", "-24", "E011"),
    ("FEED_STAMP_SECONDS", "0", "E011"),
    ("PORT", "70000", "E012"),
    ("MEDIA_PER_CASE", "10", "E013"),
    ("WITHDRAWAL_DELAY_THREATENED_HOURS", "1", "E014"),
    ("CELERY_BROKER_URL", "kafka://broker.example", "E015"),
    ("DEMO", "1", "E016"),
    ("DEBUG", "1", "E017"),
    ("LOG_LEVEL", "loud", "E018"),
    ("LOG_LEVEL", "debug", "E019"),
    ("WEB_CONCURRENCY", "some", "E020"),
    ("HELP_LINES_FILE", "/nowhere.json", "E022"),
    ("NUDGE_DELAY_HOURS", "-1", "E011"),
    ("NUDGE_TIME_ZONE", "Europe/Atlantis", "E026"),
    ("VAPID_CONTACT", "http://reclaim.example", "E027"),
    ("VAPID_PRIVATE_KEY_FILE", "/nowhere.key", "W006"),
    ("VAPID_PRIVATE_KEY_FILE", "/etc/hostname", "E028"),
    ("QUICK_EXIT_URL", "weather", "E023"),
    ("EMAIL_URL", "mail.example", "E001"),
    ("EMAIL_URL", "smtp+tls://mail.example:587", "E029"),
    ("LETTER_DELAY_HOURS", "-1", "E011"),
    ("MEDIA_PER_REPORT", "many", "E001"),
    ("RELEASE_AT_ONCE", "ture", "E001"),
    ("DATABASE_URL", "mysql://db.example/reclaim", "E001"),
    ("DATABASE_URL", "db.example", "E001"),
    ("CACHE_URL", "memcached://cache.example", "E001"),
    ("DATABASE_URL", "sqlite:////srv/reclaim.sqlite3", "W002"),
    ("CELERY_BROKER_URL", "memory://", "W003"),
    ("BEHIND_PROXY", "0", "W005"),
]


def findings(var: Path, **variables: str) -> str:
    """What the check says about an environment, asked of a process that has only this one."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), **GOOD, **variables}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


@pytest.mark.real_servers
def test_good_settings_are_not_complained_about(tmp_path: Path) -> None:
    said = set(re.findall(r"reclaim\.\w+", findings(tmp_path)))
    # The keys are made after the settings were looked at.
    assert said <= {"reclaim.W004", "reclaim.W006"}


@pytest.mark.parametrize(("name", "value", "finding"), MISTAKES)
def test_a_mistake_is_named(
    name: str, value: str, finding: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for known in Variables.ENVIRON.keys() & {*GOOD, *(mistake[0] for mistake in MISTAKES)}:
        monkeypatch.delenv(known)
    for known, good in {**GOOD, "VAR_DIR": str(tmp_path), name: value}.items():
        monkeypatch.setenv(known, good)
    found = _findings_of(_fresh_settings(), monkeypatch)
    named = [one for one in found if one.id == f"reclaim.{finding}"]
    assert named, [one.id for one in found]
    assert any(name in f"{one.msg} {one.hint}" for one in named)
    assert all(one.hint for one in found)


@pytest.mark.real_servers
def test_several_mistakes_are_told_at_once_and_stop_the_start(tmp_path: Path) -> None:
    said = findings(tmp_path, PORT="abc", SURFACES="none", SECRET_KEY="")
    assert {"reclaim.E001", "reclaim.E002", "reclaim.E009"} <= set(re.findall(r"reclaim\.\w+", said))


@pytest.mark.real_servers
def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    said = findings(tmp_path, SITE_URL="reclaim.example")
    assert re.findall(r"\w+\.E\d+", said) == ["reclaim.E006"]


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("MEDIA_PER_REPORT", "many", "a whole number"),
        ("RELEASE_AT_ONCE", "ture", "yes or no"),
        ("DATABASE_URL", "db.example", "postgres://"),
        ("CACHE_URL", "memcached://cache.example", "redis://"),
    ],
)
def test_the_kind_that_was_expected_is_named(
    name: str, value: str, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for known, good in {**GOOD, "VAR_DIR": str(tmp_path), name: value}.items():
        monkeypatch.setenv(known, good)
    found = _findings_of(_fresh_settings(), monkeypatch)
    assert [one.hint for one in found if one.id == "reclaim.E001" and kind in str(one.hint)]


@pytest.mark.parametrize(("chosen", "is_on"), [("", False), ("1", True)])
def test_the_whole_domain_is_spoken_for_only_if_its_owner_says_so(
    chosen: str, is_on: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for known, good in {**GOOD, "VAR_DIR": str(tmp_path), "HSTS_PRELOAD": chosen}.items():
        monkeypatch.setenv(known, good)
    fresh = _fresh_settings()
    assert fresh["SECURE_HSTS_SECONDS"]
    assert (fresh["SECURE_HSTS_PRELOAD"], fresh["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (is_on, is_on)


@pytest.mark.real_servers
def test_several_processes_need_a_shared_cache(tmp_path: Path) -> None:
    said = findings(tmp_path, WEB_CONCURRENCY="4", CACHE_URL="locmemcache://")
    assert "reclaim.E021" in said


def test_a_value_is_never_repeated_in_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "a-password-in-the-wrong-place")
    variables = Variables()
    assert variables.int("PORT", default=8000) == 8000
    assert "password" not in str(variables.unreadable)


def test_an_empty_value_is_none() -> None:
    variables = Variables()
    variables.ENVIRON = {"PORT": "", "SITE_URL": ""}
    assert variables.int("PORT", default=8000) == 8000
    assert variables.str("SITE_URL", default="http://here") == "http://here"


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda check: check.__name__)
def test_the_tests_own_settings_have_no_error(check: Callable[[], checks.Finding]) -> None:
    assert [one for one in check() if isinstance(one, Error)] == []


def _fresh_settings() -> dict[str, object]:
    """The settings module, read anew with the variables of this moment."""
    namespace: dict[str, object] = {"__file__": str(ROOT / "portal" / "settings.py"), "__name__": "fresh"}
    exec(compile((ROOT / "portal" / "settings.py").read_text(), "settings.py", "exec"), namespace)  # noqa: S102 - Our own file.
    return namespace


def _findings_of(fresh: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> list[CheckMessage]:
    class Settings:
        def __getattr__(self, name: str) -> object:
            return fresh[name]

    monkeypatch.setattr(checks, "settings", Settings())
    return checks.environment()
