"""For the auditor: flags, false alarms and overturned decisions by group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from accounts.bands import MINORS
from safety.fairness import Counted, Shown, shown, volume
from safety.models import Appeal, Flag, Standing
from safety.timeline import band

UNTOLD = ""


@dataclass(frozen=True)
class Table:
    name: str
    rows: list[Shown]


@dataclass
class _Tally:
    flagged: int = 0
    decided: int = 0
    lifted: int = 0
    appealed: int = 0
    overturned: int = 0


def tables() -> list[Table]:
    """By age band, role, language, and by how many minors had complained."""
    flags = list(_flags())
    by_band, by_role, by_locale = (_read_by(field) for field in ("age_band", "role", "locale"))
    by_language: Counter[str] = Counter()
    for locale, count in by_locale.items():
        by_language[_language(locale)] += count
    return [
        Table("age_band", _rows(flags, lambda one: band(_told(one, "age_band")), _in_words(by_band))),
        Table("role", _rows(flags, lambda one: _told(one, "role"), by_role)),
        Table("language", _rows(flags, lambda one: _language(_told(one, "locale")), by_language)),
        Table("volume", _rows(flags, lambda one: volume(_complaints(one)), None)),
    ]


def _flags() -> QuerySet[Flag]:
    """Of accounts that are still there: of others the groups are gone with them. Of the evidence only what is counted."""
    kept = Flag.objects.exclude(account=None).select_related("account", "letter__appeal")
    return kept.defer("note", "evidence").annotate(reasons=F("evidence__reading__reasons"))


def _in_words(by_band: Mapping[str, int]) -> dict[str, int]:
    return {band(told): count for told, count in by_band.items()}


def _read_by(field: str) -> Mapping[str, int]:
    """Adults whose behaviour towards minors was read, by what their platform said of them."""
    read = Standing.objects.exclude(account__age_band__in=MINORS).order_by()
    counted = read.values_list(f"account__{field}").annotate(count=Count("pk"))
    return dict(counted)


def _rows(
    flags: list[Flag], group_of: Callable[[Flag], str], accounts: Mapping[str, int] | None
) -> list[Shown]:
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    flagged: dict[str, set[int | None]] = defaultdict(set)
    for flag in flags:
        group = group_of(flag)
        flagged[group].add(flag.account_id)
        _add(tallies[group], flag)
    for group, accounts_of_group in flagged.items():
        tallies[group].flagged = len(accounts_of_group)
    groups = sorted({*tallies, *(accounts or ())})
    return [shown(_counted(group, tallies[group], accounts)) for group in groups]


def _add(tally: _Tally, flag: Flag) -> None:
    appeal = _appeal(flag)
    overturned = appeal is not None and appeal.state == Appeal.State.OVERTURNED
    # What was overturned was no false alarm to whoever decided first; it is counted as overturned.
    tally.decided += flag.state == Flag.State.CLOSED
    tally.lifted += flag.outcome == Flag.Outcome.LIFTED and not overturned
    tally.appealed += appeal is not None and appeal.state != Appeal.State.OPEN
    tally.overturned += overturned


def _appeal(flag: Flag) -> Appeal | None:
    letter = getattr(flag, "letter", None)
    return getattr(letter, "appeal", None)


def _counted(group: str, tally: _Tally, accounts: Mapping[str, int] | None) -> Counted:
    read = None if accounts is None else accounts.get(group, 0)
    return Counted(group, read, tally.flagged, tally.decided, tally.lifted, tally.appealed, tally.overturned)


def _told(flag: Flag, field: str) -> str:
    return str(getattr(flag.account, field))


def _language(locale: str) -> str:
    return locale.replace("_", "-").partition("-")[0].lower()


def _complaints(flag: Flag) -> int:
    reasons = flag.reasons or ()  # type: ignore[attr-defined]  # Added by `_flags`.
    return sum(int(one["facts"].get("minors", 0)) for one in reasons if one["rule"] == "R1")
