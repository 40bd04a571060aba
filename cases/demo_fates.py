"""What happens to a report of the demo at the desk: hours after it came, and a verb of the real services."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

import hashes.services
import staff.services
from cases.code_keys import Root
from cases.models import Case, Escalation, Location, Notice
from cases.services import (
    ask_for_withdrawal,
    case_keys,
    claims,
    desk_messages,
    escalations,
    held,
    legal_holds,
    links,
    messages,
    notes,
    notices,
    verdicts,
)
from cases.services.opening import OpenedCase
from staff.services import HeldAction, User

Step = tuple[float, Callable[[datetime], object]]
Fate = Callable[["Scene"], Iterator[Step]]


@dataclass(frozen=True)
class Cast:
    """Who plays: staff by role, the platform that reads and answers, and the one that only asks."""

    triager: User
    senior: User
    liaison: User
    platform_id: int
    platform_slug: str
    asker_id: int


class _OpenedByTheTeam(OpenedCase):
    """The demo has the team's key beside it, which saves a second derivation for each message."""

    @property
    def case_key(self) -> bytes:
        return case_keys.case_key_for_team(self.case)


@dataclass(frozen=True)
class Scene:
    case: Case
    cast: Cast
    says: str

    def she_writes(self, text: str, at: datetime) -> None:
        messages.send_message(
            opened=_OpenedByTheTeam(self.case, Root(b"")),
            key=f"{self.case.pk}{at.isoformat()}",
            body=text,
            text=text,
            says_danger=False,
            now=at,
        )

    def desk_writes(self, slug: str, at: datetime) -> None:
        text = desk_messages.template_text(slug, language=self.case.language)
        desk_messages.write_message(
            case=self.case, by=self.cast.triager, text=text, template=slug, key=slug, now=at
        )

    def look(self, at: datetime) -> None:
        """Somebody takes it and reads the last that she wrote."""
        claims.take_case(case=self.case, by=self.cast.triager, now=at)
        last = self.case.messages.order_by("-id").first()
        if last is not None:
            desk_messages.read_message(case=self.case, message_id=last.pk, by=self.cast.triager, now=at)

    def note(self, text: str, at: datetime) -> None:
        notes.write_note(case=self.case, by=self.cast.triager, text=text, now=at)

    def verb(self, verb: Callable[..., object], at: datetime, **what: object) -> None:
        verb(case=self.case, by=self.cast.triager, now=at, **what)

    def leave(self, at: datetime) -> None:
        claims.give_back(case=self.case, by=self.cast.triager, now=at)

    def platform_says(
        self, outcome: str, reason: str | None, at: datetime, *, platform_id: int | None = None
    ) -> None:
        described = hashes.services.describe_pictures(picture_ids=links.picture_ids(self.case))
        hashes.services.give_feedback(
            platform_id=platform_id or self.cast.platform_id,
            entry_id=described[0].entries[0].id,
            outcome=outcome,
            reason=reason,
            count=1,
            on=at.date(),
        )

    def told_where(self, at: datetime) -> None:
        where = f"https://{self.cast.platform_slug}.example/p/{randomness.token_hex(4)}"
        sealed = case_keys.seal(where, case_key=case_keys.case_key_for_team(self.case))
        Location.objects.create(
            case=self.case,
            platform_id=self.cast.platform_id,
            sealed_where=sealed,
            is_authorised=True,
            told_on=at.date(),
        )

    def make_notice(self, at: datetime) -> None:
        notices.make_notice(case=self.case, platform=self.cast.platform_slug, by=self.cast.triager, now=at)

    def with_notice(self, step: Callable[..., object], at: datetime, **what: object) -> None:
        notice = Notice.objects.get(case=self.case)
        step(notice=notice, by=self.cast.triager, now=at, **what)

    def ask_to_disclose(self, at: datetime) -> None:
        escalations.ask_for_disclosure(
            case=self.case,
            incident_type="enticement",
            told="A child writes that somebody threatens to spread a picture of them unless they pay or send more.",
            reason="The child is being blackmailed now.",
            is_test=True,
            by=self.cast.triager,
            now=at,
        )

    def with_pack(self, step: Callable[..., object], at: datetime, **what: object) -> None:
        step(escalation=Escalation.objects.get(case=self.case), by=self.cast.liaison, now=at, **what)

    def let_go(self, at: datetime) -> None:
        pack = Escalation.objects.get(case=self.case)
        waiting = HeldAction.objects.get(kind=escalations.HELD_KIND, object_id=str(pack.pk))
        staff.services.release(held=waiting, by=self.cast.liaison, now=at)


def _says(scene: Scene) -> Iterator[Step]:
    if scene.says:
        yield 0.1, partial(scene.she_writes, scene.says)


def _worked_on(scene: Scene) -> Iterator[Step]:
    """What most have in common: read, accepted, answered."""
    yield from _says(scene)
    yield 0.4, scene.look
    yield 0.5, partial(scene.verb, verdicts.accept_case)
    yield 0.6, partial(scene.desk_writes, "seen")


def _put_down(scene: Scene) -> Iterator[Step]:
    yield from _worked_on(scene)
    yield 0.7, scene.leave


def _waits(scene: Scene) -> Iterator[Step]:
    yield from _says(scene)


def _claimed(scene: Scene) -> Iterator[Step]:
    """Taken just now: the lease is ten minutes."""
    yield from _says(scene)
    yield 0.2, scene.look
    yield 0.25, partial(scene.note, "Read her message. Looking for the right words.")


def _on_hold(scene: Scene) -> Iterator[Step]:
    yield from _says(scene)
    yield 0.5, scene.look
    yield (
        0.6,
        partial(
            scene.verb, claims.hold_case, hours=20, reason="Waits for the youth worker, who is here tomorrow"
        ),
    )


def _handed_over(scene: Scene) -> Iterator[Step]:
    yield from _worked_on(scene)
    yield 0.8, partial(scene.verb, verdicts.escalate_case)


def _asked(scene: Scene) -> Iterator[Step]:
    yield from _worked_on(scene)
    yield 0.8, partial(scene.desk_writes, "where")
    yield 0.8, partial(scene.verb, verdicts.ask_reporter)
    yield 0.9, scene.leave


def _quarantined(scene: Scene) -> Iterator[Step]:
    yield from _worked_on(scene)
    yield 1, lambda at: scene.verb(verdicts.quarantine_picture, at, picture_id=_first_picture(scene.case))
    yield 1.1, partial(scene.note, "A platform says this one is a school photo. Off the list until we know.")
    yield 1.2, scene.leave


def _disputed(scene: Scene) -> Iterator[Step]:
    """Both platforms looked and say that it is something else."""
    dispute = partial(scene.platform_says, "not_blocked", "not_what_it_claims")
    yield from _put_down(scene)
    yield 9, dispute
    yield 14, partial(dispute, platform_id=scene.cast.asker_id)


def _decline_waits(scene: Scene) -> Iterator[Step]:
    yield 0.5, scene.look
    yield (
        0.6,
        partial(
            scene.verb,
            held.ask_to_decline,
            decline_reason="cannot_help",
            why="Reads like a test of the portal, but a threat is ticked",
        ),
    )


def _notice(scene: Scene) -> Iterator[Step]:
    yield from _put_down(scene)
    yield 1, scene.told_where


def _notice_written(scene: Scene) -> Iterator[Step]:
    yield from _notice(scene)
    yield 1.5, scene.make_notice


def _notice_sent(scene: Scene) -> Iterator[Step]:
    yield from _notice_written(scene)
    yield 1.6, partial(scene.with_notice, notices.record_sent)
    yield 5, partial(scene.with_notice, notices.record_acknowledged)


def _notice_done(scene: Scene) -> Iterator[Step]:
    yield from _notice_sent(scene)
    yield (
        22,
        partial(
            scene.with_notice,
            notices.record_outcome,
            outcome="removed",
            identical_copies="7 identical copies removed as well",
        ),
    )


def _disclosure_waits(scene: Scene) -> Iterator[Step]:
    yield from _worked_on(scene)
    yield 1, scene.ask_to_disclose
    yield 1.1, scene.leave


def _disclosure_open(scene: Scene) -> Iterator[Step]:
    yield from _disclosure_waits(scene)
    yield 2, scene.let_go


def _disclosure_failed(scene: Scene) -> Iterator[Step]:
    yield from _disclosure_open(scene)
    yield (
        3,
        partial(
            scene.with_pack, escalations.record_failure, failure="The authority's form answered with an error"
        ),
    )


def _disclosure_filed(scene: Scene) -> Iterator[Step]:
    yield from _disclosure_open(scene)
    yield 3, partial(scene.with_pack, escalations.record_filed, report_number="TEST-2041877")


def _hold_waits(scene: Scene) -> Iterator[Step]:
    yield from _put_down(scene)
    yield (
        5,
        lambda at: legal_holds.ask_for_hold(
            case=scene.case, reason="A court asked us to keep it", by=scene.cast.senior, now=at
        ),
    )


def _declined(scene: Scene) -> Iterator[Step]:
    yield 2, scene.look
    yield 2.1, partial(scene.verb, verdicts.decline_case, reason="not_intimate")


def _withdrawn(scene: Scene) -> Iterator[Step]:
    yield from _put_down(scene)
    yield 30, lambda at: ask_for_withdrawal(case=scene.case, now=at)


def _answered(scene: Scene, *, outcome: str, reason: str | None, after: float) -> Iterator[Step]:
    """A platform found a copy, checked it, and said what it did; then the case was closed."""
    yield from _put_down(scene)
    yield 4, partial(scene.platform_says, "pending_review", None)
    yield after, partial(scene.platform_says, outcome, reason)
    yield after + 8, scene.look
    yield after + 8.1, partial(scene.verb, verdicts.close_case)


def _blocked(scene: Scene) -> Iterator[Step]:
    # Some platforms are quick and some are not; the selector is as good as chance.
    after = 10 + sum(map(ord, scene.case.selector)) % 11 * 5
    yield from _answered(scene, outcome="blocked", reason=None, after=after)


def _refused(scene: Scene) -> Iterator[Step]:
    yield from _answered(scene, outcome="not_blocked", reason="not_the_same", after=30)


def _reopened(scene: Scene) -> Iterator[Step]:
    yield from _answered(scene, outcome="blocked", reason=None, after=40)
    yield 70, partial(scene.she_writes, scene.says)


def _old(scene: Scene) -> Iterator[Step]:
    yield from _answered(scene, outcome="blocked", reason=None, after=20)


def _first_picture(case: Case) -> UUID:
    return links.picture_ids(case)[0]


FATES: Mapping[str, Fate] = {
    "waits": _waits,
    "claimed": _claimed,
    "on_hold": _on_hold,
    "lapsed": _worked_on,
    "handed_over": _handed_over,
    "accepted": _put_down,
    "asked": _asked,
    "quarantined": _quarantined,
    "disputed": _disputed,
    "decline_waits": _decline_waits,
    "linked": _put_down,
    "notice_ready": _notice,
    "notice_written": _notice_written,
    "notice_sent": _notice_sent,
    "notice_late": _notice_sent,
    "notice_done": _notice_done,
    "disclosure_waits": _disclosure_waits,
    "disclosure_open": _disclosure_open,
    "disclosure_failed": _disclosure_failed,
    "disclosure_filed": _disclosure_filed,
    "hold_waits": _hold_waits,
    "declined": _declined,
    "withdrawn": _withdrawn,
    "reopened": _reopened,
    "refused": _refused,
    "blocked": _blocked,
    "old": _old,
}
