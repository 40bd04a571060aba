"""A teen's settings as their page shows them: what each does, what it is now, what we advise, and what can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from accounts import privacy
from accounts.models import SettingChange
from accounts.services.abilities import abilities
from accounts.services.changes import UNDO_FOR
from accounts.services.facts import AccountFacts

# More than anybody reads; what is older can't be undone anyhow.
_MOST_SHOWN = 200


@dataclass(frozen=True)
class ChoiceShown:
    """`text` is the value as a form sends it."""

    text: str
    label: str
    is_now: bool
    is_recommended: bool


@dataclass(frozen=True)
class SettingOfTeen:
    key: str
    label: str
    sentence: str
    # Empty where the platform has not told.
    now: str
    now_text: str
    recommended: str
    is_below: bool
    # From the strongest protection to the weakest.
    choices: Sequence[ChoiceShown]

    def value_of(self, text: str) -> privacy.Value | None:
        return next((one for one in privacy.SETTINGS[self.key].values if text_of(one) == text), None)

    def label_of(self, value: privacy.Value) -> str:
        return privacy.SETTINGS[self.key].label_of(value)


@dataclass(frozen=True)
class ChangeShown:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Together:
    """What one tap changed."""

    together: UUID
    at: datetime
    by: str
    changes: Sequence[ChangeShown]
    can_be_undone: bool


def text_of(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else str(value)


def settings_of(account: AccountFacts) -> list[SettingOfTeen]:
    """Those that the platform has, in the catalogue's order."""
    has = abilities(platform_id=account.platform_id)
    below = privacy.below_recommended(settings=account.settings, age_band=account.age_band, abilities=has)
    return [
        _shown(setting, account, is_below=key in below)
        for key, setting in privacy.SETTINGS.items()
        if key in has
    ]


def recent_changes(*, account_id: int, now: datetime) -> list[Together]:
    """Of the last thirty days, the newest first."""
    rows = SettingChange.objects.filter(account=account_id, at__gt=now - UNDO_FOR).order_by("-pk")
    known = [row for row in rows[:_MOST_SHOWN] if row.setting in privacy.SETTINGS]
    newest = {row.setting: row.pk for row in reversed(known)}
    return [
        _together(list(group), newest=set(newest.values()))
        for _id, group in groupby(known, key=lambda row: row.together)
    ]


def label_of(key: str, value: object) -> str:
    """In the reader's words; empty for what was never told or is no value of ours."""
    setting = privacy.SETTINGS.get(key)
    return setting.label_of(value) if setting is not None and setting.takes(value) else ""


def _shown(setting: privacy.Setting, account: AccountFacts, *, is_below: bool) -> SettingOfTeen:
    value, advised = account.settings.get(setting.key), setting.recommended.get(account.age_band)
    return SettingOfTeen(
        key=setting.key,
        label=setting.label,
        sentence=setting.sentence,
        now=label_of(setting.key, value),
        now_text=text_of(value),
        recommended=label_of(setting.key, advised),
        is_below=is_below,
        choices=[
            ChoiceShown(text_of(one.value), one.label, one.value == value, one.value == advised)
            for one in reversed(setting.choices)
        ],
    )


def _together(rows: Sequence[SettingChange], *, newest: Iterable[int]) -> Together:
    return Together(
        together=rows[0].together,
        at=rows[0].at,
        by=rows[0].by,
        changes=[
            ChangeShown(
                privacy.SETTINGS[row.setting].label,
                label_of(row.setting, row.before),
                label_of(row.setting, row.after),
            )
            for row in reversed(rows)
        ],
        can_be_undone=any(row.pk in newest for row in rows),
    )
