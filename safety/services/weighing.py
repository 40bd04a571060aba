"""What a question is about: who the two are, where the adult among them stands, and whether they know each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import accounts.services
from accounts.bands import is_minor
from accounts.services import Who
from safety.answers import REACHING, Question, Verdict, concerns_minor, verdict_on
from safety.questions import Asked
from safety.services.connections import Two, connected_among, two
from safety.services.standings import NOWHERE, Stand, current_stands


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question with what is known of it, and what the table says."""

    asked: Asked
    # None for accounts that nobody told of.
    actor: Who | None
    target: Who | None
    stand: Stand
    is_connected: bool
    is_pair: bool
    verdict: Verdict

    @property
    def reaches_a_minor(self) -> bool:
        """Somebody whom she doesn't know tries to reach her, whatever he is answered."""
        knows = self.is_connected or self.is_pair
        is_hers = self.target is not None and is_minor(self.target.age_band)
        return is_hers and not knows and self.asked.action in REACHING


@dataclass(frozen=True, slots=True)
class _Both:
    """The two of a question, as far as they are known."""

    asked: Asked
    actor: Who | None
    target: Who | None

    @property
    def subject(self) -> Who | None:
        """The adult who deals with a minor, or with somebody of whom nobody told."""
        if self.actor is None:
            return None
        if not is_minor(self.actor.age_band):
            return self.actor if concerns_minor(_band(self.target)) else None
        return self.target if not concerns_minor(_band(self.target)) else None

    @property
    def ids(self) -> Two | None:
        return two(self.actor.id, self.target.id) if self.actor and self.target else None


def weigh(*, platform_id: int, questions: Sequence[Asked], now: datetime) -> list[Weighed]:
    """As many queries for a thousand as for one."""
    names = {name for one in questions for name in (one.actor, one.target)}
    known = accounts.services.find_quickly(platform_id=platform_id, external_ids=names)
    both = [_Both(one, known.get(one.actor), known.get(one.target)) for one in questions]
    stands = current_stands({subject.id for one in both if (subject := one.subject)}, now=now)
    connected, pairs = _connected(both), _pairs(both)
    return [_weighed(one, stands, connected, pairs) for one in both]


def _connected(both: Sequence[_Both]) -> set[Two]:
    """Where the platform doesn't say it, what the events said last."""
    unsaid = {one.ids for one in both if one.asked.connected is None and one.ids and _has_minor(one)}
    return connected_among(unsaid) if unsaid else set()


def _pairs(both: Sequence[_Both]) -> set[Two]:
    """An adult and a minor whom their platform verified; asked for where they aren't connected anyway."""
    adults = {one.subject.id for one in both if one.subject and one.ids and not one.asked.connected}
    paired = accounts.services.pairs_of_adults(account_ids=adults) if adults else {}
    return {two(adult, teen) for adult, teens in paired.items() for teen in teens}


def _weighed(one: _Both, stands: Mapping[int, Stand], connected: set[Two], pairs: set[Two]) -> Weighed:
    subject, said = one.subject, one.asked.connected
    stand = stands.get(subject.id, NOWHERE) if subject else NOWHERE
    is_connected = said if said is not None else one.ids in connected
    is_pair = one.ids in pairs
    question = Question(
        action=one.asked.action,
        actor_band=_band(one.actor),
        target_band=_band(one.target),
        level=stand.level,
        is_connected=is_connected,
        is_pair=is_pair,
    )
    return Weighed(one.asked, one.actor, one.target, stand, is_connected, is_pair, verdict_on(question))


def _has_minor(one: _Both) -> bool:
    return any(side is not None and is_minor(side.age_band) for side in (one.actor, one.target))


def _band(account: Who | None) -> str | None:
    return account.age_band if account else None
