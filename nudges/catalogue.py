"""What she reads. Short, plain, translated, and the same whoever it was that tried to reach her."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_supported_language_variant, gettext, override
from django.utils.translation import gettext_lazy as _

from nudges.policy import needs_advice, words_of

Sentence = str | Promise


@dataclass(frozen=True, slots=True)
class Text:
    """Words, and the key under which a platform may keep words of its own."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """One setting as it is, and as it becomes with one tap."""

    setting: str
    before: object
    after: object

    @property
    def now(self) -> str:
        return sentence(self.setting, self.before)

    @property
    def then(self) -> str:
        return sentence(self.setting, self.after)

    def as_row(self) -> dict[str, object]:
        return {"setting": self.setting, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Words:
    """A whole card."""

    key: str
    title: str
    body: str
    # It begins with what she did; settings come second.
    is_answer: bool = False

    def as_text(self, moves: Iterable[Move]) -> Text:
        """The card in one breath, for a platform that shows it itself."""
        said = [self.title, self.body, *(one for move in moves for one in _said_of(move))]
        return Text(key=self.key, text=" ".join(one for one in said if one))


# One for everybody whom she isn't connected with. A second one would tell who was flagged.
_BANNER: Sentence = _(
    "Do you know this person? You don't have to reply. You can block or report them. They won't be told it was you."
)
PUSH: Sentence = _("You have a safety tip.")

# After what she did herself. Settings that could be safer follow it.
_ABOUT_HER_ACT: Mapping[str, tuple[Sentence, Sentence]] = {
    "after_block": (
        _("You blocked an account"),
        _(
            "Did something feel wrong? You can report it too. They won't be told who did it. It is not your fault."
        ),
    ),
    "after_report": (
        _("Thank you for telling"),
        _("You did the right thing. It is not your fault. They won't be told who it was."),
    ),
    "feature": (_("There is a new setting"), _("You choose how it works for you.")),
}
# By the weightiest setting of the card. Not one of them says that somebody tried something.
_ABOUT_A_SETTING: Mapping[str, Sentence] = {
    "message": _("Want fewer messages from people you don't know?"),
    "private": _("Want to choose who sees your posts?"),
    "comment": _("Want to choose who can comment?"),
    "suggestions": _("Want fewer new people to find you?"),
    "location": _("Want to keep where you are to yourself?"),
    "friends_list": _("Want to keep your friends list to yourself?"),
    "following_list": _("Want to choose who sees the people you follow?"),
    "tagged_posts": _("Want to choose who sees posts with your name?"),
    "tag_review": _("Want to check tags first?"),
}
_BODY: Sentence = _("One tap does it. You can change it back later.")

_SENTENCES: Mapping[str, Mapping[object, Sentence]] = {
    "message": {
        "everyone": _("Anyone can message you."),
        "friends_of_friends": _("Friends and their friends can message you."),
        "friends": _("Only friends can message you."),
        "nobody": _("Nobody can message you."),
    },
    "comment": {
        "everyone": _("Anyone can comment on your posts."),
        "friends_of_friends": _("Friends and their friends can comment on your posts."),
        "friends": _("Only friends can comment on your posts."),
        "nobody": _("Nobody can comment on your posts."),
    },
    "friends_list": {
        "everyone": _("Anyone can see who your friends are."),
        "friends_of_friends": _("Friends and their friends can see who your friends are."),
        "friends": _("Only friends can see who your friends are."),
        "nobody": _("Only you can see who your friends are."),
    },
    "following_list": {
        "everyone": _("Anyone can see who you follow."),
        "friends_of_friends": _("Friends and their friends can see who you follow."),
        "friends": _("Only friends can see who you follow."),
        "nobody": _("Only you can see who you follow."),
    },
    "tagged_posts": {
        "everyone": _("Anyone can see posts with your name."),
        "friends_of_friends": _("Friends and their friends can see posts with your name."),
        "friends": _("Only friends can see posts with your name."),
        "nobody": _("Only you can see posts with your name."),
    },
    "private": {False: _("Anyone can see your posts."), True: _("Only friends can see your posts.")},
    "tag_review": {
        False: _("Tags of you show at once."),
        True: _("You check tags of you before they show."),
    },
    "suggestions": {
        True: _("New people may be shown your account."),
        False: _("New people aren't shown your account."),
    },
    "location": {True: _("Others may see where you are."), False: _("Nobody can see where you are.")},
}


@lru_cache(maxsize=64)
def banner(*, locale: str) -> Text:
    """What stands beside a first contact, in her language as far as there is a translation."""
    with override(language_of(locale)):
        return Text(key="banner.stranger", text=str(_BANNER))


def push(*, locale: str) -> str:
    """All that a push says, whatever the card is about."""
    with override(language_of(locale)):
        return str(PUSH)


def card(*, kind: str, moves: Sequence[Move]) -> Words:
    """Words for a kind and what its tap would change, in the language that is active."""
    voice = words_of(kind)
    lead = moves[0].setting if moves else ""
    key = ".".join(filter(None, (voice, lead)))
    if voice in _ABOUT_HER_ACT:
        title, body = _ABOUT_HER_ACT[voice]
        return Words(key, str(title), str(body), is_answer=not needs_advice(kind))
    return Words(key, str(_ABOUT_A_SETTING[lead]), str(_BODY))


def sentence(setting: str, value: object) -> str:
    """What a value means for her."""
    return str(_SENTENCES[setting][value])


def language_of(locale: str) -> str:
    """The language that is spoken here and fits best: `de-AT` is answered in German, an unknown one in the site's."""
    try:
        return get_supported_language_variant(locale.replace("_", "-").lower())
    except LookupError:
        return settings.LANGUAGE_CODE


def _said_of(move: Move) -> tuple[str, str]:
    return (
        gettext("Right now: %(sentence)s") % {"sentence": move.now},
        gettext("After one tap: %(sentence)s") % {"sentence": move.then},
    )
