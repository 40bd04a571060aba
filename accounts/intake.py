"""One account as a platform tells of it, read without believing it. What is wrong is said as a field and a code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from zoneinfo import available_timezones

from accounts.bands import BANDS
from accounts.naming import RESERVED, is_possible
from accounts.privacy import SETTINGS

LENGTHS = {
    "region": 32,
    "community": 128,
    "device_cluster": 128,
    "role": 32,
    "locale": 16,
    "time_zone": 64,
}
FIELDS = ("external_id", "age_band", "joined_on", *LENGTHS, "settings", "settings_version")
# What others keep of people and we don't. Whoever sends it is told so, and nothing of it is stored.
PERSONAL = frozenset(
    [
        "name",
        "first_name",
        "last_name",
        "full_name",
        "display_name",
        "nickname",
        "username",
        "user_name",
        "handle",
        "birth_date",
        "birthdate",
        "birthday",
        "date_of_birth",
        "dob",
        "born_on",
        "age",
        "email",
        "e_mail",
        "mail",
        "phone",
        "phone_number",
        "address",
        "ip",
        "ip_address",
        "gender",
        "sex",
        "avatar",
        "picture",
        "photo",
    ]
)
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f]*")
_PATTERNS = {
    # A word for what somebody does, not for who they are.
    "role": re.compile(r"[a-z][a-z0-9_-]*"),
    "locale": re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*"),
}


class BadRow(Exception):
    """The row is not kept; its neighbours are."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field, self.code = field, code


@dataclass(frozen=True, slots=True)
class Row:
    """What was told, and nothing that was left out. In `settings` None says that it is not known any more."""

    external_id: str
    age_band: str
    columns: Mapping[str, object]
    settings: Mapping[str, object]
    settings_version: int | None


def read_row(raw: object, *, today: date, external_id: str | None = None) -> Row:
    """Where the address names the account, the body need not. Raises BadRow."""
    if not isinstance(raw, Mapping):
        raise BadRow("", "not_an_object")
    _require_known(raw)
    return Row(
        external_id=_external_id(raw, external_id),
        age_band=_age_band(raw),
        columns={field: read(raw[field]) for field, read in _columns(today).items() if field in raw},
        settings=_settings(raw.get("settings")),
        settings_version=_version(raw.get("settings_version")),
    )


def _require_known(raw: Mapping[str, object]) -> None:
    for field in raw:
        if field.lower().replace("-", "_") in PERSONAL:
            raise BadRow(field[:64], "personal")
        if field not in FIELDS:
            raise BadRow(field[:64], "unknown_field")


def _external_id(raw: Mapping[str, object], addressed: str | None) -> str:
    told = raw.get("external_id", addressed)
    if told is None:
        raise BadRow("external_id", "required")
    if not isinstance(told, str):
        raise BadRow("external_id", "invalid")
    if told in RESERVED:
        raise BadRow("external_id", "reserved")
    if not is_possible(told):
        raise BadRow("external_id", "invalid")
    if addressed is not None and told != addressed:
        raise BadRow("external_id", "differs")
    return told


def _age_band(raw: Mapping[str, object]) -> str:
    band = raw.get("age_band")
    if band is None:
        raise BadRow("age_band", "required")
    if not isinstance(band, str) or band not in BANDS:
        raise BadRow("age_band", "invalid_choice")
    return band


def _columns(today: date) -> dict[str, Callable[[object], object]]:
    texts = {field: _text_reader(field) for field in LENGTHS}
    return {"joined_on": lambda value: _joined_on(value, today), **texts}


def _joined_on(value: object, today: date) -> date | None:
    if value is None:
        return None
    try:
        joined_on = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        joined_on = None
    if joined_on is None:
        raise BadRow("joined_on", "invalid")
    # Somewhere it is tomorrow already.
    if joined_on > today + timedelta(days=1):
        raise BadRow("joined_on", "future")
    return joined_on


@cache
def _text_reader(field: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
            raise BadRow(field, "invalid")
        if len(value) > LENGTHS[field]:
            raise BadRow(field, "max_length")
        if value and not _fits(field, value):
            raise BadRow(field, "invalid")
        return value

    return read


def _fits(field: str, value: str) -> bool:
    if field == "time_zone":
        return value in _time_zones()
    return field not in _PATTERNS or _PATTERNS[field].fullmatch(value) is not None


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _settings(raw: object) -> Mapping[str, object]:
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise BadRow("settings", "not_an_object")
    for key, value in raw.items():
        if key not in SETTINGS:
            raise BadRow(f"settings.{key[:64]}", "unknown_setting")
        if value is not None and not SETTINGS[key].takes(value):
            raise BadRow(f"settings.{key}", "invalid_choice")
    return dict(raw)


def _version(value: object) -> int | None:
    if value is None or (type(value) is int and 0 <= value < 2**31):
        return value
    raise BadRow("settings_version", "invalid")
