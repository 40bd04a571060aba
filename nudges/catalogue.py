"""What she reads. Short, plain, translated, and the same whoever it was that tried to reach her."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Text:
    """Words, and the key under which a platform may keep words of its own."""

    key: str
    text: str


# One for everybody whom she isn't connected with. A second one would tell who was flagged.
_BANNER: str | Promise = _(
    "Do you know this person? You don't have to reply. You can block or report them. They won't be told it was you."
)


@lru_cache(maxsize=64)
def banner(*, locale: str) -> Text:
    """What stands beside a first contact, in her language as far as there is a translation."""
    with override(language_of(locale)):
        return Text(key="banner.stranger", text=str(_BANNER))


def language_of(locale: str) -> str:
    """The language that is spoken here and fits best: `de-AT` is answered in German, an unknown one in the site's."""
    try:
        return get_supported_language_variant(locale.replace("_", "-").lower())
    except LookupError:
        return settings.LANGUAGE_CODE
