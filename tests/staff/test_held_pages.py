"""The page of what waits for a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from staff.errors import CannotBeDone, HeldMovedOn
from staff.models import AuditRow, HeldAction
from staff.services import User, hold, record, register_held, verify_chain
from staff.services import held as held_actions
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/triage/held/"


@pytest.fixture(autouse=True)
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(held_actions, "_KINDS", {})
    let_go: list[str] = []
    register_held(
        "test.hold",
        release=lambda held, _by, _now: let_go.append(held.object_id),
        describe=lambda held: f"Keep case {held.object_id} from being deleted",
        action="case.legal_hold",
    )
    return let_go


@pytest.fixture
def held(liaison: User, now: datetime) -> HeldAction:
    return hold(kind="test.hold", object_id="17", by=liaison, reason="a court asks", now=now)


def flash(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_second_person_reads_what_and_why_and_lets_it_go(
    client: Client, held: HeldAction, senior: User, done: list[str]
) -> None:
    signed_in(client, senior)
    page = client.get(PAGE).content.decode()
    for told in ("Keep case 17 from being deleted", "a court asks", "lian", "Law-enforcement liaison"):
        assert told in page
    answer = client.post(f"{PAGE}{held.pk}/release/", follow=True)
    assert "Done" in flash(answer)
    assert "Nothing waits" in answer.content.decode()
    assert done == ["17"]


def test_a_double_click_does_it_once_and_says_by_whom(
    client: Client, held: HeldAction, senior: User, done: list[str]
) -> None:
    signed_in(client, senior)
    client.post(f"{PAGE}{held.pk}/release/")
    answer = client.post(f"{PAGE}{held.pk}/release/", follow=True)
    assert "approved by sena" in flash(answer)
    assert done == ["17"]


def test_a_release_after_a_refusal_says_so(
    client: Client, held: HeldAction, senior: User, done: list[str]
) -> None:
    client.force_login(senior)
    signed_in(client, senior)
    client.post(f"{PAGE}{held.pk}/refuse/")
    assert "refused by sena" in flash(client.post(f"{PAGE}{held.pk}/release/", follow=True))
    assert done == []


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (HeldMovedOn(state="overtaken", by="", at=None), "changed meanwhile"),
        (
            HeldMovedOn(state="overtaken", by="tessa", at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
            "tessa changed what it is about, at 23 Nov 2026 09:30",
        ),
        (CannotBeDone("There is no key."), "There is no key."),
        (RuntimeError("nobody foresaw it"), "Something went wrong and nothing was done. It still waits."),
    ],
)
def test_what_can_no_longer_be_done_is_told_and_goes_on_waiting(
    client: Client, held: HeldAction, senior: User, why: Exception, told: str
) -> None:
    def refuse(held: HeldAction, _by: User, now: datetime) -> None:
        record(actor=None, act="test.half", on=held, at=now)
        raise why

    register_held("test.hold", release=refuse, describe=str, action="case.legal_hold")
    signed_in(client, senior)
    answer = client.post(f"{PAGE}{held.pk}/release/", follow=True)
    assert answer.status_code == 200
    assert told in flash(answer)
    assert HeldAction.objects.get().state == "waiting"
    assert not AuditRow.objects.filter(act__in=["test.half", "held.release"]).exists()
    assert verify_chain() is None


def test_one_that_can_not_be_put_in_words_hides_no_other(
    client: Client, held: HeldAction, senior: User, liaison: User, now: datetime
) -> None:
    def stutter(held: HeldAction) -> str:
        return str(held.detail["missing"])

    register_held("test.odd", release=lambda *_: None, describe=stutter, action="case.legal_hold")
    hold(kind="test.odd", object_id="18", by=liaison, reason="odd", now=now)
    page = signed_in(client, senior).get(PAGE).content.decode()
    assert f"Keep case {held.object_id} from being deleted" in page
    assert "test.odd" in page


def test_one_can_not_decide_about_ones_own(
    client: Client, held: HeldAction, liaison: User, done: list[str]
) -> None:
    signed_in(client, liaison)
    page = client.get(PAGE).content.decode()
    assert "Take it back" in page
    assert f"{held.pk}/release/" not in page
    for verb in ("release", "refuse"):
        assert "yourself" in flash(client.post(f"{PAGE}{held.pk}/{verb}/", follow=True))
    assert HeldAction.objects.get().state == "waiting"
    client.post(f"{PAGE}{held.pk}/take-back/")
    assert HeldAction.objects.get().state == "taken_back"
    assert done == []


def test_a_role_that_does_not_do_it_is_refused(client: Client, held: HeldAction, done: list[str]) -> None:
    signed_in(client, make_user("petra", role="platform_manager"))
    assert "Keep case 17" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{held.pk}/release/").status_code == 403
    assert client.post(f"{PAGE}{held.pk}/take-back/").status_code == 403
    assert HeldAction.objects.get().state == "waiting"
    assert done == []


def test_the_auditor_sees_all_and_decides_nothing(client: Client, held: HeldAction, auditor: User) -> None:
    signed_in(client, auditor)
    page = client.get(PAGE).content.decode()
    assert "Keep case 17" in page
    assert "<form" not in page.partition("<main")[2]
    assert client.post(f"{PAGE}{held.pk}/release/").status_code == 403


def test_looking_decides_nothing(client: Client, held: HeldAction, senior: User) -> None:
    signed_in(client, senior)
    for verb in ("release", "refuse", "take-back"):
        assert client.get(f"{PAGE}{held.pk}/{verb}/").status_code == 405


@pytest.mark.usefixtures("held")
def test_whom_it_waits_for_sees_on_every_page_how_many(senior: User, liaison: User, auditor: User) -> None:
    def told(user: User) -> bool:
        return 'badge--warn">1<' in signed_in(Client(), user).get("/staff/second-step/").content.decode()

    assert told(senior)
    assert not told(liaison), "Who asked can't decide."
    assert not told(auditor)


@pytest.mark.usefixtures("held")
def test_many_cost_as_many_queries_as_few(
    client: Client,
    senior: User,
    liaison: User,
    now: datetime,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    signed_in(client, senior)
    with django_assert_num_queries(7):
        client.get(PAGE)
    for number in range(30):
        hold(kind="test.hold", object_id=f"more-{number}", by=liaison, reason="", now=now)
    with django_assert_num_queries(7):
        assert client.get(PAGE).content.decode().count("Approve") == 31
