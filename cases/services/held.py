"""What about a case takes two people. Asking writes a held action; the second person's release does it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

import hashes.services
import staff.services
from cases import policy
from cases.decline_words import DECLINE_SENTENCES
from cases.errors import CaseMovedOn, MoveNotAllowed, NoSuchPicture, ReasonMissing, TakenBySomebody
from cases.models import Case, CasePicture
from cases.services import verdicts
from staff.errors import CannotBeDone, HeldMovedOn
from staff.policy import may
from staff.services import HeldAction, User

DECLINE_THREAT = "case.decline_threat"
RESTORE_PICTURE = "case.restore_picture"
BREAK_GLASS = "break_glass.read"
ON_A_CASE = (DECLINE_THREAT, BREAK_GLASS)


def register() -> None:
    """Called once, when the room is ready."""
    staff.services.register_held(
        DECLINE_THREAT,
        release=_decline,
        describe=_describe_decline,
        action="case.decline_threat",
        page=page_of_case,
    )
    staff.services.register_held(
        RESTORE_PICTURE,
        release=_restore,
        describe=_describe_restore,
        action="case.restore_picture",
        page=page_of_case,
    )
    staff.services.register_held(
        BREAK_GLASS,
        release=_break_glass,
        describe=_describe_break_glass,
        action="break_glass.read",
        page=page_of_case,
    )


def page_of_case(held: HeldAction) -> str:
    """A picture's held action names its case beside it."""
    return f"/triage/{UUID(str(held.detail.get('case', held.object_id)))}/"


def ask_to_decline(*, case: Case, by: User, decline_reason: str, why: str, now: datetime) -> HeldAction:
    if decline_reason not in policy.DECLINE_REASONS:
        raise ReasonMissing
    policy.after(case.status, "decline")
    detail: dict[str, object] = {"decline_reason": decline_reason}
    return _hold(DECLINE_THREAT, str(case.pk), by=by, why=why, detail=detail, now=now)


def ask_to_restore(*, case: Case, picture_id: UUID, by: User, why: str, now: datetime) -> HeldAction:
    """Raises NoSuchPicture if the case has none such that is quarantined."""
    pictures = case.pictures.filter(picture=picture_id).values_list("picture_id", flat=True)
    described = hashes.services.describe_pictures(picture_ids=list(pictures))
    if not any(one.status == "quarantined" for one in described):
        raise NoSuchPicture
    policy.after(case.status, "restore")
    return _hold(RESTORE_PICTURE, str(picture_id), by=by, why=why, detail={"case": str(case.pk)}, now=now)


def ask_to_break_glass(*, case: Case, by: User, why: str, now: datetime) -> HeldAction:
    return _hold(BREAK_GLASS, str(case.pk), by=by, why=why, detail={}, now=now)


def behind_glass_until(*, case: Case, by: User, now: datetime) -> datetime | None:
    """Until when they may read this case's messages, because a second person let them; it ends by itself."""
    if not may(by.role, BREAK_GLASS):
        return None
    let_go_at = staff.services.let_go_since(
        kind=BREAK_GLASS, object_id=str(case.pk), asked_by=by, since=now - policy.BREAK_GLASS_FOR
    )
    return let_go_at + policy.BREAK_GLASS_FOR if let_go_at else None


def waiting_on_pictures(picture_ids: Sequence[str]) -> list[HeldAction]:
    waiting = HeldAction.objects.filter(
        state=HeldAction.State.WAITING, kind=RESTORE_PICTURE, object_id__in=picture_ids
    )
    return list(waiting.select_related("asked_by"))


def _hold(
    kind: str, object_id: str, *, by: User, why: str, detail: dict[str, object], now: datetime
) -> HeldAction:
    if not why.strip():
        raise ReasonMissing
    return staff.services.hold(
        kind=kind, object_id=object_id, by=by, reason=why.strip()[:300], detail=detail, now=now
    )


def _decline(held: HeldAction, by: User, now: datetime) -> None:
    reason = str(held.detail["decline_reason"])
    try:
        verdicts.decline_at_once(
            case=_case(held.object_id), by=by, asked_by=held.asked_by, reason=reason, now=now
        )
    except TakenBySomebody as taken:
        raise CannotBeDone(
            _("%(who)s works on this case. It still waits: approve it when they are done.")
            % {"who": taken.by}
        ) from None
    except (CaseMovedOn, MoveNotAllowed) as moved:
        raise _moved(moved) from None


def _restore(held: HeldAction, by: User, now: datetime) -> None:
    picture_id = UUID(held.object_id)
    owner = CasePicture.objects.select_related("case").get(picture=picture_id)
    try:
        verdicts.restore_picture(case=owner.case, picture_id=picture_id, by=by, now=now)
    except (CaseMovedOn, MoveNotAllowed) as moved:
        raise _moved(moved) from None


def _break_glass(held: HeldAction, by: User, now: datetime) -> None:
    """That it was let go, and when, is the permission itself: nothing else has to be kept, or to be ended."""
    detail: dict[str, object] = {"reader": held.asked_by_id}
    staff.services.record(actor=by, act=BREAK_GLASS, on=_case(held.object_id), at=now, detail=detail)


def _case(case_id: str) -> Case:
    return Case.objects.get(pk=UUID(case_id))


def _moved(moved: CaseMovedOn | MoveNotAllowed) -> HeldMovedOn:
    first = moved if isinstance(moved, CaseMovedOn) else CaseMovedOn()
    return HeldMovedOn(state=str(_("overtaken")), by=first.by, at=first.at)


def _number(object_id: str) -> str:
    return UUID(object_id).hex[:8]


def _describe_decline(held: HeldAction) -> str:
    return _("Decline case %(number)s, although she is threatened. She would read: “%(sentence)s”") % {
        "number": _number(held.object_id),
        "sentence": DECLINE_SENTENCES[str(held.detail["decline_reason"])],
    }


def _describe_restore(held: HeldAction) -> str:
    number = _number(str(held.detail["case"]))
    return _("Put a quarantined picture of case %(number)s back on the list") % {"number": number}


def _describe_break_glass(held: HeldAction) -> str:
    return _("Read the messages of case %(number)s for an hour") % {"number": _number(held.object_id)}
