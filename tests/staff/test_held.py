"""What takes two people happens once, by two."""

from __future__ import annotations

from datetime import datetime

import pytest

from staff.errors import AlreadyHeld, HeldMovedOn, MayNot, OwnActionNotReleasable
from staff.models import AuditRow, HeldAction
from staff.services import User, audit_of, hold, refuse, register_held, release, take_back, waiting_for
from staff.services import held as held_actions
from tests.makers import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """A kind of its own, which writes down what was let go and by whom."""
    monkeypatch.setattr(held_actions, "_KINDS", {})
    let_go: list[tuple[str, str]] = []

    def note(held: HeldAction, by: User, _now: datetime) -> None:
        let_go.append((held.object_id, by.username))

    register_held(
        "test.hold", release=note, describe=lambda held: f"Hold {held.object_id}", action="case.legal_hold"
    )
    return let_go


def asked(by: User, now: datetime) -> HeldAction:
    return hold(kind="test.hold", object_id="17", by=by, reason="a court asks", now=now)


def test_a_second_person_lets_it_go(
    done: list[tuple[str, str]], senior: User, liaison: User, now: datetime
) -> None:
    held = asked(liaison, now)
    release(held=held, by=senior, now=now)
    assert done == [("17", "sena")]
    assert [row.act for row in audit_of(held)] == ["held.ask", "held.release"]
    assert held.state == "released"


def test_nobody_releases_or_refuses_their_own(
    done: list[tuple[str, str]], senior: User, now: datetime
) -> None:
    held = asked(senior, now)
    for verb in (release, refuse):
        with pytest.raises(OwnActionNotReleasable):
            verb(held=held, by=senior, now=now)
    held.refresh_from_db()
    assert held.state == "waiting"
    assert done == []


def test_one_whose_role_does_not_do_it_is_no_second_person(
    triager: User, senior: User, auditor: User, now: datetime
) -> None:
    held = asked(senior, now)
    for other in (triager, auditor, make_user("petra", role="platform_manager"), make_user("olga", role="")):
        with pytest.raises(MayNot):
            release(held=held, by=other, now=now)
    with pytest.raises(MayNot):
        asked(triager, now)


def test_a_double_click_does_it_once_and_says_who_and_when(
    done: list[tuple[str, str]], senior: User, liaison: User, now: datetime
) -> None:
    held = asked(liaison, now)
    stale = HeldAction.objects.get(pk=held.pk)
    release(held=held, by=senior, now=now)
    with pytest.raises(HeldMovedOn) as told:
        release(held=stale, by=senior, now=now)
    assert (told.value.state, told.value.by, told.value.at) == ("released", "sena", now)
    assert len(done) == 1


def test_when_what_follows_fails_nothing_is_half_done(senior: User, liaison: User, now: datetime) -> None:
    def fail(_held: HeldAction, _by: User, _now: datetime) -> None:
        raise RuntimeError("the case moved on")

    register_held("test.hold", release=fail, describe=str, action="case.legal_hold")
    held = asked(liaison, now)
    with pytest.raises(RuntimeError):
        release(held=held, by=senior, now=now)
    held = HeldAction.objects.get(pk=held.pk)
    assert held.state == "waiting"
    assert [row.act for row in audit_of(held)] == ["held.ask"]


def test_only_who_asked_takes_it_back(senior: User, liaison: User, now: datetime) -> None:
    held = asked(liaison, now)
    with pytest.raises(MayNot):
        take_back(held=held, by=senior, now=now)
    take_back(held=held, by=liaison, now=now)
    assert held.state == "taken_back"
    assert asked(liaison, now).state == "waiting", "What was taken back can be asked for again."


def test_the_same_thing_waits_once(senior: User, liaison: User, now: datetime) -> None:
    asked(liaison, now)
    with pytest.raises(AlreadyHeld):
        asked(senior, now)
    assert AuditRow.objects.filter(act="held.ask").count() == 1


def test_people_see_what_they_asked_for_and_what_their_role_does(
    triager: User, senior: User, auditor: User, now: datetime
) -> None:
    held = asked(senior, now)
    assert list(waiting_for(senior)) == [held]
    assert list(waiting_for(auditor)) == [held]
    assert list(waiting_for(triager)) == []


def test_what_is_not_theirs_to_see_is_neither_shown_nor_decided(
    senior: User, liaison: User, auditor: User, now: datetime
) -> None:
    register_held(
        "test.hold",
        release=lambda *_: None,
        describe=str,
        action="case.legal_hold",
        may_see=lambda _held, user: user.username != "lian",
    )
    held = asked(senior, now)
    assert waiting_for(liaison) == []
    assert waiting_for(auditor) == waiting_for(senior) == [held]
    for verb in (release, refuse):
        with pytest.raises(MayNot):
            verb(held=held, by=liaison, now=now)
