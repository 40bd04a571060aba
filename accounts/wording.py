"""What is wrong with a row, in words that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.bands import BANDS
from accounts.intake import FIELDS, LENGTHS
from accounts.naming import RESERVED
from accounts.privacy import SETTINGS


def detail(field: str, code: str) -> str:
    """For a `BadRow`."""
    if code in {"invalid", "invalid_choice"}:
        return _what_fits(field)
    told = {
        "required": _("This field is required."),
        "reserved": _("No account can be called {names}.").format(names=", ".join(sorted(RESERVED))),
        "differs": _("The address names another account. Leave this field out."),
        "not_an_object": _("This must be an object."),
        "personal": _(
            "Reclaim keeps no names, birth dates or addresses. Send the age band, and an id that means nothing elsewhere."
        ),
        "unknown_field": _("There is no such field. Known: {names}.").format(names=", ".join(FIELDS)),
        "unknown_setting": _("There is no such setting. Known: {names}.").format(names=", ".join(SETTINGS)),
        "future": _("This is in the future."),
        "max_length": _("At most {most} letters.").format(most=LENGTHS.get(field, 0)),
        "stale": _("The settings were changed since you read them. Read the account again, then send this."),
    }
    return told[code]


def _what_fits(field: str) -> str:
    if field.startswith("settings."):
        values = SETTINGS[field.removeprefix("settings.")].values
        return _one_of(values)
    if field == "age_band":
        return _one_of(BANDS)
    told = {
        "external_id": _("1 to 128 letters, with no slash and no control character."),
        "joined_on": _("A date as in 2026-11-23."),
        "role": _("A word for what somebody does: small letters a to z, digits, _ and -, such as teacher."),
        "locale": _("A language tag as in en or pt-BR."),
        "time_zone": _("A time zone by its name, as in Europe/Berlin."),
        "settings_version": _("The number that you read with the settings."),
    }
    return told.get(field) or _("Text without control characters.")


def _one_of(values: tuple[object, ...]) -> str:
    known = ", ".join(str(value).lower() if isinstance(value, bool) else str(value) for value in values)
    return _("One of: {known}.").format(known=known)
