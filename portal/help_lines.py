"""Who helps, by country. The operator may bring a file of their own: the setting HELP_LINES_FILE."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Required, TypedDict

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

ANYWHERE = "ZZ"


class HelpLine(TypedDict, total=False):
    """Somebody to turn to. One of `phone` and `url` at least; `note` is a short sentence."""

    name: Required[str]
    phone: str
    url: str
    note: str


class Country(TypedDict):
    """`emergency` is a number to call. `ZZ` stands for any other country and comes last. The zones let a device find its own country."""

    code: str
    name: str
    emergency: str
    talk: list[HelpLine]
    report: list[HelpLine]
    adults: list[HelpLine]
    zones: list[str]


class HelpLinesUnreadable(Exception):
    """The file is missing, is no JSON or lacks something that the pages show."""


def help_lines() -> list[Country]:
    return _read(Path(settings.HELP_LINES_FILE))


@lru_cache(maxsize=4)
def _read(path: Path) -> list[Country]:
    try:
        countries = json.loads(path.read_text(encoding="utf-8"))["countries"]
        return [_country(entry) for entry in countries]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HelpLinesUnreadable(f"{path}: {error!r}") from error


def _country(entry: dict[str, Any]) -> Country:
    return Country(
        code=entry["code"],
        name=entry["name"],
        emergency=str(entry["emergency"]),
        talk=[_line(line) for line in entry["talk"]],
        report=[_line(line) for line in entry["report"]],
        adults=[_line(line) for line in entry["adults"]],
        zones=list(entry["zones"]),
    )


def _line(line: HelpLine) -> HelpLine:
    if not line.get("phone") and not line.get("url"):
        raise ValueError(f"{line['name']} has neither a phone number nor an address")
    if line.get("url") and not line["url"].startswith("https://"):
        raise ValueError(f"{line['url']} is not an https address")
    return line


@register()
def help_lines_can_be_read(**_: object) -> list[CheckMessage]:
    if not Path(settings.HELP_LINES_FILE).is_file():
        # `portal.checks` says so, with all other variables that name a file.
        return []
    try:
        countries = help_lines()
    except HelpLinesUnreadable as error:
        return [Error(str(error), hint="Mend the file that HELP_LINES_FILE names.", id="portal.help_lines")]
    if not countries or countries[-1]["code"] != ANYWHERE:
        return [
            Error(
                "The help lines end without an entry for any other country.",
                hint=f'Give the file that HELP_LINES_FILE names a last country with the code "{ANYWHERE}".',
                id="portal.help_lines",
            )
        ]
    return []
