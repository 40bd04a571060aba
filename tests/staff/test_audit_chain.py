"""Nothing that was done can be forgotten or denied: the chain names the first row that is not as it was written."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from staff.chain import Link
from staff.models import AuditHead, AuditRow
from staff.services import User, audit_of, record, times_done, verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(triager: User, now: datetime) -> list[AuditRow]:
    return [
        record(actor=triager, act=f"test.{number}", on=triager, at=now, detail={"number": number})
        for number in range(1, 7)
    ]


def edit(position: int, **changed: object) -> None:
    AuditRow.objects.filter(position=position).update(**changed)


def reorder(one: int, other: int) -> None:
    first, second = AuditRow.objects.get(position=one), AuditRow.objects.get(position=other)
    AuditRow.objects.filter(pk=first.pk).update(position=-1)
    AuditRow.objects.filter(pk=second.pk).update(position=one)
    AuditRow.objects.filter(pk=first.pk).update(position=other)


def relabel(one: int, other: int) -> None:
    """Swap what two rows tell, and leave their places and hashes."""
    first, second = AuditRow.objects.get(position=one), AuditRow.objects.get(position=other)
    edit(one, act=second.act, detail=second.detail)
    edit(other, act=first.act, detail=first.detail)


def forge(position: int) -> None:
    """Edit a row and give it a hash that fits; the next one still names the old."""
    row = AuditRow.objects.get(position=position)
    row.act = "test.forged"
    row.hash = Link(
        position=row.position,
        at=row.at.isoformat(timespec="microseconds"),
        actor=row.actor_id,
        act=row.act,
        object_kind=row.object_kind,
        object_id=row.object_id,
        detail=row.detail,
        previous_hash=row.previous_hash,
    ).hash()
    row.save()


def delete(*positions: int) -> None:
    AuditRow.objects.filter(position__in=positions).delete()


@pytest.mark.usefixtures("chain")
def test_what_is_as_it_was_written_holds() -> None:
    assert verify_chain() is None


def test_an_empty_chain_holds() -> None:
    assert verify_chain() is None


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        pytest.param(lambda _now: edit(3, act="test.harmless"), 3, id="the act edited"),
        pytest.param(lambda _now: edit(3, actor=None), 3, id="the actor taken out"),
        pytest.param(lambda now: edit(3, at=now + timedelta(microseconds=1)), 3, id="the time moved"),
        pytest.param(lambda _now: edit(3, detail={"number": 30}), 3, id="the detail edited"),
        pytest.param(lambda _now: edit(3, object_id="another"), 3, id="the object changed"),
        pytest.param(lambda _now: edit(3, hash="0" * 64), 3, id="the hash edited"),
        pytest.param(lambda _now: forge(3), 4, id="a row forged with its hash"),
        pytest.param(lambda _now: forge(6), 6, id="the last row forged with its hash"),
        pytest.param(lambda _now: delete(1), 1, id="the first deleted"),
        pytest.param(lambda _now: delete(4), 4, id="one deleted"),
        pytest.param(lambda _now: delete(6), 6, id="the last deleted"),
        pytest.param(lambda _now: delete(5, 6), 5, id="the last two deleted"),
        pytest.param(lambda _now: delete(1, 2, 3, 4, 5, 6), 1, id="all deleted"),
        pytest.param(lambda _now: reorder(2, 5), 2, id="two reordered"),
        pytest.param(lambda _now: relabel(2, 5), 2, id="what two tell swapped"),
    ],
)
def test_the_first_broken_row_is_named(
    tamper: Callable[[datetime], None], broken: int, now: datetime
) -> None:
    tamper(now)
    assert verify_chain() == broken
    with pytest.raises(CommandError, match=rf"broken at row {broken}: "):
        call_command("audit_verify", stdout=io.StringIO())


@pytest.mark.usefixtures("chain")
def test_a_row_added_past_the_end_is_named(triager: User, now: datetime) -> None:
    head = AuditHead.objects.get()
    kept = (head.position, head.hash)
    record(actor=triager, act="test.slipped_in", at=now)
    AuditHead.objects.update(position=kept[0], hash=kept[1])
    assert verify_chain() == 7


def test_a_chain_written_anew_is_told_from_what_was_kept(
    chain: list[AuditRow], triager: User, now: datetime
) -> None:
    said = io.StringIO()
    call_command("audit_verify", stdout=said)
    kept = said.getvalue().split()[-1]
    assert kept == f"6:{chain[-1].hash}"
    call_command("audit_verify", kept=kept, stdout=io.StringIO())
    AuditRow.objects.all().delete()
    AuditHead.objects.all().delete()
    for number in range(1, 8):
        record(actor=triager, act=f"test.{number}", at=now)
    assert verify_chain() is None
    with pytest.raises(CommandError, match="written anew"):
        call_command("audit_verify", kept=kept, stdout=io.StringIO())


def test_the_record_goes_with_the_act(triager: User, now: datetime) -> None:
    def act() -> None:
        with transaction.atomic():
            record(actor=triager, act="test.undone", at=now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not AuditRow.objects.exists()
    assert verify_chain() is None


def test_a_detail_comes_back_as_it_was_hashed(triager: User, now: datetime) -> None:
    odd: dict[str, object] = {
        "share": 1e2,
        "on": now.date(),
        "id": UUID(int=7),
        "of": ("ü", None, True),
        "in": {2: 3},
    }
    record(actor=triager, act="test.odd", at=now, detail=odd)
    assert verify_chain() is None
    kept = AuditRow.objects.get().detail
    assert kept == {
        "share": "100.0",
        "on": "2026-11-23",
        "id": str(UUID(int=7)),
        "of": ["ü", None, True],
        "in": {"2": 3},
    }


def test_it_is_known_what_was_done_to_something_and_how_often(
    chain: list[AuditRow], triager: User, senior: User, now: datetime
) -> None:
    assert list(audit_of(triager)) == chain
    assert list(audit_of(senior)) == []
    assert times_done(triager, "test.1", since=now) == 1
    assert times_done(triager, "test.1", since=now + timedelta(seconds=1)) == 0
    assert times_done(senior, "test.1", since=now) == 0
