"""A setting changes: what it was and what it became is kept, the platform is told in the same transaction, and Undo is one more change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from accounts import privacy
from accounts.errors import ChangedSince, NotASetting, UndoTooLate
from accounts.models import Account, SettingChange, Wish
from accounts.services import supervision
from accounts.services.facts import facts_of
from platforms.services import enqueue

UNDO_FOR = timedelta(days=30)
# Long enough for whoever looks back over a school year.
KEPT_FOR = timedelta(days=365)
_AT_A_TIME = 1_000


@dataclass(frozen=True)
class Undone:
    """`restored` is back as it was, `left` was changed again meanwhile, `asked` waits for a guardian's yes."""

    together: UUID
    restored: frozenset[str]
    left: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


@transaction.atomic
def change_settings(*, account_id: int, changes: Mapping[str, object], by: str, now: datetime) -> UUID:
    """Change what differs; gives the id by which all of it is undone. Said twice, it is one change.

    What takes protection away from a supervised teen under 16 becomes a wish instead. Raises NotASetting.
    """
    _require_values(changes)
    account = Account.objects.select_for_update().get(pk=account_id)
    news = {key: value for key, value in changes.items() if differs(account.settings, key, value)}
    to_ask = _to_be_asked(account, news, by=by, now=now)
    to_do = {key: value for key, value in news.items() if key not in to_ask}
    if not to_do:
        return _same_as_before(account, changes) or uuid4()
    rows = _write(account, to_do, by=by, now=now)
    _forget_wishes(account, to_do, by=by, now=now)
    return rows[0].together


@transaction.atomic
def undo(*, account_id: int, together: UUID, by: str, now: datetime) -> Undone:
    """Put back what was changed together, within 30 days, except what was changed again since.

    Undone twice, it is undone once. Raises UndoTooLate, or ChangedSince if nothing of it can be put back.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    rows = list(account.changes.filter(together=together, at__gt=now - UNDO_FOR).order_by("pk"))
    if not rows:
        raise UndoTooLate
    undoing = list(SettingChange.objects.filter(undoes__in=rows))
    if undoing:
        return Undone(undoing[0].together, frozenset(row.setting for row in undoing))
    standing = _newest_of_their_settings(account, rows)
    left = frozenset(row.setting for row in rows) - standing.keys()
    if not standing:
        raise ChangedSince
    back = {key: row.before for key, row in standing.items()}
    asked = _to_be_asked(account, back, by=by, now=now)
    to_do = {key: value for key, value in back.items() if key not in asked}
    written = _write(account, to_do, by=by, now=now, undoes=standing)
    return Undone(written[0].together if written else together, frozenset(to_do), left, asked)


def forget_old(*, now: datetime) -> int:
    """Drop changes that are older than a year, a batch in a transaction; say how many. May run twice."""
    over = SettingChange.objects.filter(at__lte=now - KEPT_FOR)
    over = over.exclude(account__in=supervision.in_a_pause().values("teen"))
    old = over.order_by("pk").values_list("pk", flat=True)
    total = 0
    while batch := list(old[:_AT_A_TIME]):
        SettingChange.objects.filter(pk__in=batch).delete()
        total += len(batch)
    return total


def differs(settings: Mapping[str, object], key: str, value: object) -> bool:
    """None is a setting that nobody told of. True is no 1."""
    before = settings.get(key)
    return type(before) is not type(value) or before != value


def apply(
    account: Account,
    changes: Mapping[str, object],
    *,
    by: str,
    now: datetime,
    undoes: Mapping[str, SettingChange] | None = None,
) -> list[SettingChange]:
    """Change a locked account in memory, and give the rows that say so. The caller writes both."""
    undone, together = undoes or {}, uuid4()
    rows = [
        SettingChange(
            account=account,
            setting=key,
            before=account.settings.get(key),
            after=value,
            by=by,
            at=now,
            together=together,
            undoes=undone.get(key),
        )
        for key, value in changes.items()
    ]
    known = account.settings | changes
    account.settings = {key: value for key, value in known.items() if value is not None}
    account.settings_version += 1
    account.changed_at = now
    return rows


def _require_values(changes: Mapping[str, object]) -> None:
    for key, value in changes.items():
        if key not in privacy.SETTINGS or not privacy.SETTINGS[key].takes(value):
            raise NotASetting(key)


def _to_be_asked(
    account: Account, changes: Mapping[str, object], *, by: str, now: datetime
) -> frozenset[str]:
    """What a guardian has to agree to first; it is asked for at once."""
    if by != SettingChange.By.TEEN:
        return frozenset()
    # Back to what nobody told of is back to what is advised, which protects.
    wanted = {key: value for key, value in changes.items() if value is not None}
    asked = supervision.needs_approval(account=facts_of(account), changes=wanted)
    if asked:
        supervision.ask(account_id=account.pk, wanted={key: wanted[key] for key in asked}, now=now)
    return asked


def _write(
    account: Account,
    changes: Mapping[str, object],
    *,
    by: str,
    now: datetime,
    undoes: Mapping[str, SettingChange] | None = None,
) -> list[SettingChange]:
    if not changes:
        return []
    rows = SettingChange.objects.bulk_create(apply(account, changes, by=by, now=now, undoes=undoes))
    account.save(update_fields=["settings", "settings_version", "changed_at"])
    enqueue(
        platform_id=account.platform_id, event="settings.changed", payload=_payload(account, rows), now=now
    )
    return rows


def _payload(account: Account, rows: Iterable[SettingChange]) -> dict[str, object]:
    told = [
        {"setting": row.setting, "before": row.before, "after": row.after, "by": row.by, "at": row.at}
        for row in rows
    ]
    return {
        "external_id": account.external_id,
        "settings_version": account.settings_version,
        "changes": told,
    }


def _forget_wishes(account: Account, settings: Collection[str], *, by: str, now: datetime) -> None:
    """Who changed a setting herself doesn't wait for what she had wished of it before."""
    if by == SettingChange.By.TEEN:
        waiting = Wish.objects.filter(account=account, setting__in=settings, state=Wish.State.WAITING)
        waiting.update(state=Wish.State.TAKEN_BACK, decided_at=now)


def _same_as_before(account: Account, changes: Mapping[str, object]) -> UUID | None:
    """What a second tap is told: the id of the first, so that its Undo works."""
    newest = account.changes.filter(setting__in=changes, undone_by=None).order_by("-pk").first()
    return newest.together if newest and newest.after == changes[newest.setting] else None


def _newest_of_their_settings(account: Account, rows: Sequence[SettingChange]) -> dict[str, SettingChange]:
    """Those that were not followed by another change of the same setting."""
    since = account.changes.filter(setting__in=[row.setting for row in rows], pk__gt=rows[0].pk)
    newest = dict(since.order_by("pk").values_list("setting", "pk"))
    return {row.setting: row for row in rows if newest.get(row.setting, row.pk) == row.pk}
