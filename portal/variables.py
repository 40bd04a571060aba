"""Reads environment variables, remembers which were asked for, and collects what is wrong instead of failing at the first."""

from __future__ import annotations

import warnings
from typing import Any

import environ

# The class below has methods called `bool` and `str`, as its parent's callers expect.
Flag = bool
Text = str
_KINDS = {int: "a whole number", float: "a number", list: "a list with commas"}


class Variables(environ.Env):  # type: ignore[misc]  # django-environ ships no types.
    """As `environ.Env`, but a value that can't be read becomes a finding of `portal.checks`, and the default holds."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()
        # By name, the kind that was expected.
        self.unreadable: dict[Text, str] = {}

    def get_value(
        self,
        var: Text,
        cast: Any = None,
        default: Any = environ.Env.NOTSET,
        parse_default: Flag = False,  # noqa: FBT002 - The parent's signature.
    ) -> Any:
        self.asked.add(var)
        # `NAME=` in a file or a unit means that nothing was chosen, not that the value is empty.
        if self.ENVIRON.get(var) == "":
            return default
        try:
            return super().get_value(var, cast=cast, default=default, parse_default=parse_default)
        except (ValueError, environ.ImproperlyConfigured):
            return self._refuse(var, default, kind=_KINDS.get(cast, "of another kind"))

    def bool(self, var: Text, *, default: Flag = False) -> Flag:
        """Only the usual words: `ture` must not silently mean no."""
        text = Text(self.str(var, default="on" if default else "off")).strip().lower()
        if text in {"1", "true", "yes", "on"}:
            return True
        if text in {"0", "false", "no", "off"}:
            return False
        return Flag(self._refuse(var, default, kind="yes or no (1 or 0, true or false, on or off)"))

    def db_url(self, var: Text, default: Text) -> dict[Text, Any]:
        kind = "an address such as postgres://user:password@host/name or sqlite:////path/to/file"
        return self._url(var, default, self.db_url_config, "ENGINE", ("sqlite3", "postgresql"), kind)

    def cache_url(self, var: Text, default: Text) -> dict[Text, Any]:
        kind = "an address such as redis://host:6379/0, or locmemcache:// for one process"
        return self._url(var, default, self.cache_url_config, "BACKEND", ("LocMemCache", "RedisCache"), kind)

    def mail_url(self, var: Text, default: Text) -> dict[Text, Any]:
        kind = "an address such as smtp+tls://user:password@host:587"
        backends = ("smtp.EmailBackend", "console.EmailBackend", "dummy.EmailBackend")
        return self._url(var, default, self.email_url_config, "EMAIL_BACKEND", backends, kind)

    def _url(
        self, var: Text, default: Text, parse: Any, key: Text, known: tuple[Text, ...], kind: Text
    ) -> dict[Text, Any]:
        """Parsed by `parse`, if what it names under `key` is one of the known backends."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                parsed: dict[Text, Any] = parse(self.str(var, default=default))
        except (ValueError, KeyError, UserWarning, environ.ImproperlyConfigured):
            parsed = {}
        if Text(parsed.get(key, "")).endswith(known):
            return parsed
        self._refuse(var, default, kind=kind)
        return dict(parse(default))

    def _refuse(self, var: Text, default: Any, *, kind: Text) -> Any:
        # Never the value itself: it may be a secret in the wrong place.
        self.unreadable[var] = kind
        return default
