"""One happening after another, in the order in which they happened, whenever they arrived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from accounts.bands import are_near_peers, is_minor
from safety import behaviour, bursts, complaints, levels
from safety.behaviour import Openings
from safety.complaints import Tally
from safety.facts import Case, Happening, Person
from safety.memory import DAY, Complaint, Memory, Opening, Tie, Vote
from safety.tuning import Tuned
from safety.weighing import NEW_DAYS, Scales, age_in_days

_TURNING = frozenset({"contact", "follow", "comment", "connect", "reply"})
_OBJECTING = frozenset({"block", "report"})


@dataclass(frozen=True, slots=True)
class Step:
    """A moment at which something spoke against the adult."""

    at: float
    happening: str
    score: float
    level: int
    # Complaints that look arranged came to it here.
    is_burst: bool


class Fold:
    """Goes on from what is remembered. Times are seconds since 1970."""

    def __init__(self, case: Case, memory: Memory, tuned: Tuned, without: Collection[str]) -> None:
        self.memory = memory
        self._subject_id, self._people, self._pairs = case.subject, case.people, case.pairs
        self._subject = case.people[case.subject]
        self._tuned = tuned
        self._openings = Openings(memory.openings, memory.counted_at, own=self._subject.community)
        memory.openings = self._openings.kept
        self._tally = Tally(memory.votes, tuned)
        self.scales = Scales(self._subject, memory, self._openings, self._tally, tuned, without)

    def take(self, happening: Happening) -> Step | None:
        """Fold one in; what speaks against the adult is weighed at once."""
        at = happening.occurred_at.timestamp()
        self.pass_time(at)
        self.memory.last = (at, happening.id)
        if not self._note(happening, at):
            return None
        self.scales.forget(at)
        score = self.scales.score(at)
        memory = self.memory
        memory.level, memory.level_until = levels.raised(
            memory.level, memory.level_until, score=score, at=at, tuned=self._tuned
        )
        return Step(at, happening.id, score, memory.level, memory.burst_at == at)

    def pass_time(self, until: float) -> None:
        """Every midnight between the last happening and `until`, as long as there is a level to lose."""
        while self.memory.level and (midnight := self.next_midnight()) <= until:
            self._tick(midnight)

    def next_midnight(self) -> float:
        return (max(self.memory.last[0], self.memory.ticked) // DAY + 1) * DAY

    def _tick(self, midnight: float) -> None:
        memory = self.memory
        memory.ticked = midnight
        self.scales.forget(midnight)
        weights = self.scales.weights(midnight)
        memory.level, memory.level_until = levels.at_midnight(
            memory.level,
            memory.level_until,
            score=self.scales.total(weights),
            complaints=weights.get("R1", 0.0),
            at=midnight,
            tuned=self._tuned,
        )

    def _note(self, happening: Happening, at: float) -> bool:
        """Whether it speaks against the adult."""
        by_adult = happening.actor == self._subject_id
        other = happening.target if by_adult else happening.actor
        if other is None or other in self._pairs:
            return False
        minor = self._people.get(other)
        if minor is None or not is_minor(minor.age_band):
            return False
        if happening.kind in _TURNING:
            return self._turn(happening, at, other, minor) if by_adult else self._come(happening, at, other)
        if happening.kind in _OBJECTING and not by_adult:
            self._object(happening, at, other, minor)
            return True
        if happening.kind == "disconnect" and other in self.memory.ties:
            self.memory.ties[other].connected_at = None
        return False

    def _turn(self, happening: Happening, at: float, other: str, minor: Person) -> bool:
        tie = self._tie(other, at)
        is_opening = tie is None
        if tie is None:
            tie = self.memory.ties[other] = Tie(adult_began=True, last=at)
            self._open(happening, at, other, minor)
        if tie.adult_at is None:
            self.scales.reach(at)
        tie.last = tie.adult_at = at
        if happening.kind == "connect":
            self._connect(tie, other, at, minor_asked=False)
        if happening.labels:
            self.memory.labelled.pop(other, None)
            self.memory.labelled[other] = (at, happening.id)
        return is_opening or bool(happening.labels)

    def _come(self, happening: Happening, at: float, other: str) -> bool:
        tie = self._tie(other, at)
        if tie is None:
            tie = self.memory.ties[other] = Tie(adult_began=False, last=at)
        tie.last = at
        if happening.kind == "connect":
            self._connect(tie, other, at, minor_asked=True)
        self._answered(other, at)
        return False

    def _connect(self, tie: Tie, other: str, at: float, *, minor_asked: bool) -> None:
        tie.connected_at, tie.minor_asked = at, minor_asked
        self._answered(other, at)

    def _answered(self, other: str, at: float) -> None:
        if self._openings.answer(other, at):
            self.memory.counted_at = at

    def _tie(self, other: str, at: float) -> Tie | None:
        tie = self.memory.ties.get(other)
        return tie if tie is not None and tie.is_alive(at) else None

    def _open(self, happening: Happening, at: float, other: str, minor: Person) -> None:
        regions = {minor.region, self._subject.region}
        self._openings.add(
            Opening(
                at=at,
                id=happening.id,
                minor=other,
                weight=self._peer_share(minor),
                mutuals=happening.mutuals,
                community=minor.community,
                is_far=None if "" in regions else len(regions) > 1,
            )
        )
        memory = self.memory
        memory.counted_at = at
        now = behaviour.velocity(self._openings.strangers, self._tuned)
        before = behaviour.velocity(memory.peak, self._tuned) * behaviour.faded_peak(at, memory.peak_at)
        if now >= before:
            memory.peak, memory.peak_at = self._openings.strangers, at

    def _object(self, happening: Happening, at: float, other: str, minor: Person) -> None:
        tie = self._tie(other, at)
        ground = complaints.ground_of(tie, at)
        is_new = minor.joined_on is not None and age_in_days(minor.joined_on, at) < NEW_DAYS
        weight = complaints.weight_of(
            is_report=happening.kind == "report",
            ground=ground,
            is_new=is_new,
            credit=minor.credit,
            near_peers=self._peer_share(minor) < 1,
            tuned=self._tuned,
        )
        vote = Vote(at, happening.id, weight, ground, happening.kind == "report")
        if weight:
            self._tally.cast(minor.device_cluster or other, vote)
        complaint = Complaint(
            at=at,
            minor=other,
            device=minor.device_cluster,
            community=minor.community,
            is_report=vote.is_report,
            is_doubtful=is_new or ground == "nothing",
            is_late=tie is not None and tie.adult_at is not None and tie.adult_at < at - bursts.LATE,
        )
        bursts.note(self.memory.recent, complaint)
        if bursts.is_burst(self.memory.recent, self.memory.votes):
            self.memory.burst_at = at

    def _peer_share(self, minor: Person) -> float:
        return 0.5 if are_near_peers(minor.age_band, self._subject.age_band) else 1.0
