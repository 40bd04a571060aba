"""All that standings are read from, gathered from rows: for many accounts with as many queries as for one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

import accounts.services
from accounts.bands import MINORS
from accounts.services import AccountFacts
from safety.facts import Case, Happening, Person
from safety.models import Event, Flag, Standing, Thresholds

# A burst is what comes within a day.
_BURST = timedelta(days=1)


def gather(*, account_ids: Collection[int], before: datetime | None = None) -> dict[int, Case]:
    """A case for each of them. `before` leaves out what happened then or later."""
    events = _events(account_ids, before=before)
    everybody = {*account_ids}
    for mine in events.values():
        everybody.update(*map(_sides, mine))
    people = accounts.services.get_accounts(ids=everybody)
    subjects = {account_id: people[account_id] for account_id in account_ids if account_id in people}
    linked = _linked_to_sanctioned(subjects.values())
    paired = accounts.services.pairs_of_adults(account_ids=subjects)
    platforms = {one.platform_id for one in subjects.values()}
    tuned, doubts = thresholds_of(platforms), doubts_about(people, platform_ids=platforms)
    return {
        subject.id: Case(
            subject=str(subject.id),
            people=_people(subject, events[subject.id], people, linked=linked, doubts=doubts),
            happenings=tuple(_happening(one) for one in events[subject.id] if _sides(one) <= people.keys()),
            pairs=frozenset(map(str, paired.get(subject.id, ()))),
            tuned=tuned.get(subject.platform_id, {}),
        )
        for subject in subjects.values()
    }


def thresholds_of(platform_ids: Collection[int]) -> dict[int, Mapping[str, float]]:
    return dict(Thresholds.objects.filter(platform__in=platform_ids).values_list("platform_id", "values"))


def _events(account_ids: Collection[int], *, before: datetime | None) -> dict[int, list[Event]]:
    """What happened between each of them and minors, in the order that every reading goes by."""
    kept = Event.objects.all() if before is None else Event.objects.filter(occurred_at__lt=before)
    begun = kept.filter(Q(target__age_band__in=MINORS) | Q(target=None), actor__in=account_ids)
    met = kept.filter(target__in=account_ids, actor__age_band__in=MINORS)
    events: dict[int, list[Event]] = defaultdict(list)
    for one in begun:
        events[one.actor_id].append(one)
    for one in met:
        events[one.target_id or 0].append(one)
    for mine in events.values():
        mine.sort(key=lambda one: (one.occurred_at, one.external_id))
    return events


def _sides(event: Event) -> set[int]:
    return {event.actor_id} if event.target_id is None else {event.actor_id, event.target_id}


def _happening(event: Event) -> Happening:
    return Happening(
        # The platform's id and not ours, which tells in what order events came in.
        id=event.external_id,
        kind=event.kind,
        actor=str(event.actor_id),
        target=None if event.target_id is None else str(event.target_id),
        occurred_at=event.occurred_at,
        mutuals=event.mutuals,
        labels=tuple(event.labels),
    )


def _people(
    subject: AccountFacts,
    events: Sequence[Event],
    people: Mapping[int, AccountFacts],
    *,
    linked: Collection[int],
    doubts: Mapping[int, int],
) -> dict[str, Person]:
    met = {subject.id}.union(*map(_sides, events))
    return {
        str(one): _person(people[one], is_linked=one in linked, doubts=doubts.get(one, 0))
        for one in sorted(met)
        if one in people
    }


def _person(account: AccountFacts, *, is_linked: bool, doubts: int) -> Person:
    return Person(
        age_band=account.age_band,
        joined_on=account.joined_on,
        region=account.region,
        community=account.community,
        device_cluster=account.device_cluster,
        role=account.role,
        is_linked_to_sanctioned=is_linked,
        credit=0.5**doubts,
    )


def doubts_about(account_ids: Collection[int], *, platform_ids: Collection[int]) -> dict[int, int]:
    """In how many bursts of reports they took part that a person found to be unfounded."""
    lifted = Flag.objects.filter(
        platform__in=platform_ids, cause=Flag.Cause.BURST, outcome=Flag.Outcome.LIFTED
    ).values_list("pk", "account_id", "opened_at", "closed_at")
    bursts = {
        pk: (account_id, opened_at - _BURST, closed_at or opened_at)
        for pk, account_id, opened_at, closed_at in lifted
    }
    if not bursts:
        return {}
    reports = Event.objects.filter(
        kind=Event.Kind.REPORT, target__in={one[0] for one in bursts.values()}, actor__in=account_ids
    ).values_list("actor_id", "target_id", "occurred_at")
    took_part = {
        (actor_id, pk)
        for actor_id, target_id, at in reports
        for pk, (account_id, since, until) in bursts.items()
        if target_id == account_id and since <= at <= until
    }
    return Counter(actor_id for actor_id, _ in took_part)


def _linked_to_sanctioned(subjects: Collection[AccountFacts]) -> set[int]:
    """Those that share a device with another account of their platform that a person sanctioned."""
    clusters = {one.device_cluster for one in subjects if one.device_cluster}
    if not clusters:
        return set()
    sanctioned = Standing.objects.filter(
        sanctioned_at__isnull=False, account__device_cluster__in=clusters
    ).values_list("account_id", "account__platform_id", "account__device_cluster")
    by_device = defaultdict(set)
    for account_id, platform_id, cluster in sanctioned:
        by_device[platform_id, cluster].add(account_id)
    return {one.id for one in subjects if by_device[one.platform_id, one.device_cluster] - {one.id}}
