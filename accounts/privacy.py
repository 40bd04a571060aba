"""The settings that nudges and supervision are about: what each does, from weakest to strongest, and what we advise.

The words are message ids: whoever shows them translates them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

Value = bool | str


def gettext_noop(text: str) -> str:
    """Marks a text for translators; Django's own would make this module know Django."""
    return text


@dataclass(frozen=True)
class Choice:
    value: Value
    label: str


@dataclass(frozen=True)
class Setting:
    key: str
    label: str
    sentence: str
    # From the weakest protection to the strongest.
    choices: tuple[Choice, ...]
    # By age band. Adults are advised nothing: what they show of themselves is theirs to choose.
    recommended: Mapping[str, Value]

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(choice.value for choice in self.choices)

    def takes(self, value: object) -> bool:
        # 1 equals True in Python and is none of our values.
        return any(type(value) is type(one) and value == one for one in self.values)

    def strength(self, value: object) -> int:
        """How much it protects, from 0. Only for a value that the setting takes."""
        return next(rank for rank, one in enumerate(self.values) if type(value) is type(one) and value == one)

    def label_of(self, value: object) -> str:
        return self.choices[self.strength(value)].label


_SHUT_IS_STRONG = (
    Choice(value=False, label=gettext_noop("Off")),
    Choice(value=True, label=gettext_noop("On")),
)
_OPEN_IS_WEAK = tuple(reversed(_SHUT_IS_STRONG))
_WHO = (
    Choice("everyone", gettext_noop("Anyone")),
    Choice("friends_of_friends", gettext_noop("Friends and their friends")),
    Choice("friends", gettext_noop("Friends only")),
    Choice("nobody", gettext_noop("Nobody")),
)
AUDIENCES = tuple(choice.value for choice in _WHO)


def _advised(*, under_16: Value, from_16: Value) -> Mapping[str, Value]:
    return {"under_13": under_16, "13_15": under_16, "16_17": from_16}


# Strangers come in by messages, so these stay with friends until 18. From 16 what only friends' friends can do is left
# to the teen: clubs, jobs and new schools begin that way, and advice that shuts them out is not followed.
_CATALOGUE = (
    Setting(
        "private",
        gettext_noop("Private account"),
        gettext_noop("When this is on, only friends can see what you post."),
        _SHUT_IS_STRONG,
        _advised(under_16=True, from_16=True),
    ),
    Setting(
        "message",
        gettext_noop("Who can message you"),
        gettext_noop("This is who can send you a message."),
        _WHO,
        _advised(under_16="friends", from_16="friends"),
    ),
    Setting(
        "comment",
        gettext_noop("Who can comment"),
        gettext_noop("This is who can write under what you post."),
        _WHO,
        _advised(under_16="friends", from_16="friends_of_friends"),
    ),
    Setting(
        "friends_list",
        gettext_noop("Who can see your friends"),
        gettext_noop("This is who can look at the list of your friends."),
        _WHO,
        # Who threatens somebody shows her the list of her friends. One who became a friend by a trick can see it too.
        _advised(under_16="nobody", from_16="friends"),
    ),
    Setting(
        "following_list",
        gettext_noop("Who can see whom you follow"),
        gettext_noop("This is who can look at the list of people and pages you follow."),
        _WHO,
        _advised(under_16="friends", from_16="friends_of_friends"),
    ),
    Setting(
        "tagged_posts",
        gettext_noop("Who can see posts you are tagged in"),
        gettext_noop("This is who can see posts that have your name on them."),
        _WHO,
        _advised(under_16="friends", from_16="friends_of_friends"),
    ),
    Setting(
        "tag_review",
        gettext_noop("Check tags first"),
        gettext_noop("When this is on, you say yes or no before a tag of you shows."),
        _SHUT_IS_STRONG,
        _advised(under_16=True, from_16=True),
    ),
    Setting(
        "suggestions",
        gettext_noop("Show me to new people"),
        gettext_noop("When this is on, people you don't know may be shown your account."),
        _OPEN_IS_WEAK,
        _advised(under_16=False, from_16=False),
    ),
    Setting(
        "location",
        gettext_noop("Show where I am"),
        gettext_noop("When this is on, others may see where you are."),
        _OPEN_IS_WEAK,
        _advised(under_16=False, from_16=False),
    ),
)
SETTINGS: Mapping[str, Setting] = {setting.key: setting for setting in _CATALOGUE}


def recommended(*, age_band: str) -> dict[str, Value]:
    return {key: one.recommended[age_band] for key, one in SETTINGS.items() if age_band in one.recommended}


def below_recommended(
    *, settings: Mapping[str, object], age_band: str, abilities: Collection[str]
) -> list[str]:
    """What is weaker than advised, in the catalogue's order. What was never told is not called weak."""
    advised = recommended(age_band=age_band)
    return [
        key
        for key, value in advised.items()
        if key in abilities and key in settings and is_weaker(key, settings[key], value)
    ]


def is_weaker(key: str, one: object, other: object) -> bool:
    return SETTINGS[key].strength(one) < SETTINGS[key].strength(other)


def loosens(key: str, *, before: object, after: object, age_band: str) -> bool:
    """Whether a change takes protection away. Where nothing was told before, what is advised counts as before."""
    was = recommended(age_band=age_band).get(key) if before is None else before
    return was is not None and is_weaker(key, after, was)
