"""Reading messages outside of one's own work: one asks, another lets it go, an hour, and each reading stands in the chain."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from cases.models import Case, Claim, Message
from cases.services import claims
from staff.services import AuditRow, HeldAction, User, verify_chain
from tests.cases.reporter import Reporter
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db
WORDS = "He wants money until tonight, and I am so scared of him"


@pytest.fixture
def case(reporter: Reporter, triager: User) -> Case:
    """With a message, and somebody else's."""
    code = reporter.code()
    assert reporter.write(code, WORDS).status_code == 201
    case = Case.objects.get(selector=code[:5])
    claims.take_case(case=case, by=triager, now=timezone.now())
    return case


@pytest.fixture
def asks(senior: User) -> Client:
    return signed_in(Client(), senior)


@pytest.fixture
def second(liaison: User) -> Client:
    return signed_in(Client(), liaison)


def read(client: Client, case: Case) -> Any:
    return client.post(f"/triage/{case.pk}/messages/{Message.objects.get().pk}/reveal/")


def ask(client: Client, case: Case, why: str = "the school called about her") -> Any:
    return client.post(f"/triage/{case.pk}/break-glass/", {"why": why}, follow=True)


def let_go(client: Client) -> Any:
    held = HeldAction.objects.get(state="waiting")
    return client.post(f"/triage/held/{held.pk}/release/", follow=True)


def readings() -> list[tuple[User | None, dict[str, object]]]:
    return [(row.actor, row.detail) for row in AuditRow.objects.filter(act="case.read_message")]


def test_one_asks_another_lets_it_go_and_then_it_is_read_and_the_case_stays_whose_it_is(
    asks: Client, second: Client, case: Case, senior: User, liaison: User, triager: User
) -> None:
    assert "Why must you read" in asks.get(f"/triage/{case.pk}/").content.decode()
    assert read(asks, case).status_code == 409

    assert "It waits for a second person now." in ask(asks, case).content.decode()
    assert read(asks, case).status_code == 409
    queue = second.get("/triage/held/").content.decode()
    assert f"Read the messages of case {case.pk.hex[:8]} for an hour" in queue
    assert "the school called about her" in queue
    assert "Done: it was approved." in let_go(second).content.decode()

    # Another web process, which shares nothing but the database.
    cache.clear()
    assert "lets you read" in asks.get(f"/triage/{case.pk}/").content.decode()
    for _ in range(2):
        assert WORDS in read(asks, case).content.decode()

    detail = {"message": Message.objects.get().pk, "behind_glass": True}
    assert readings() == [(senior, detail), (senior, detail)]
    let = AuditRow.objects.get(act="break_glass.read")
    assert (let.actor, let.object_id, let.detail) == (liaison, str(case.pk), {"reader": senior.pk})
    assert Claim.objects.get(case=case).by == triager
    assert verify_chain() is None


def test_it_is_for_who_asked_and_for_that_case_alone(
    reporter: Reporter, asks: Client, second: Client, case: Case, triager: User
) -> None:
    ask(asks, case)
    let_go(second)

    assert read(second, case).status_code == 409
    other = reporter.code()
    reporter.write(other, "of somebody else")
    elsewhere = Case.objects.get(selector=other[:5])
    claims.take_case(case=elsewhere, by=triager, now=timezone.now())
    theirs = Message.objects.get(case=elsewhere)
    for path in (elsewhere.pk, case.pk):
        assert asks.post(f"/triage/{path}/messages/{theirs.pk}/reveal/").status_code in (404, 409)


def test_it_ends_by_itself_after_an_hour(asks: Client, second: Client, case: Case) -> None:
    ask(asks, case)
    let_go(second)
    HeldAction.objects.update(decided_at=timezone.now() - timedelta(minutes=59))
    assert read(asks, case).status_code == 200
    HeldAction.objects.update(decided_at=timezone.now() - timedelta(minutes=61))
    Claim.objects.update(expires_at=timezone.now() + timedelta(minutes=10))

    assert read(asks, case).status_code == 409
    assert len(readings()) == 1
    assert "Why must you read" in asks.get(f"/triage/{case.pk}/").content.decode()


@pytest.mark.parametrize("verb", ["refuse", "take-back"])
def test_what_was_refused_or_taken_back_opens_nothing(
    asks: Client, second: Client, case: Case, verb: str
) -> None:
    ask(asks, case)
    held = HeldAction.objects.get()
    (second if verb == "refuse" else asks).post(f"/triage/held/{held.pk}/{verb}/")

    assert HeldAction.objects.get().state != "waiting"
    assert read(asks, case).status_code == 409
    assert readings() == []


def test_nobody_lets_themselves_read(asks: Client, case: Case) -> None:
    ask(asks, case)
    let_go(asks)
    assert read(asks, case).status_code == 409


def test_it_needs_a_reason(asks: Client, case: Case) -> None:
    assert ask(asks, case, why=" ").status_code == 409
    assert not HeldAction.objects.exists()


def test_reading_is_not_writing(asks: Client, second: Client, case: Case) -> None:
    ask(asks, case)
    let_go(second)
    sent = asks.post(f"/triage/{case.pk}/messages/", {"key": "k" * 32, "text": "You did the right thing."})
    assert sent.status_code == 409
    assert Message.objects.filter(sender="desk").count() == 0


@pytest.mark.parametrize("role", ["triager", "administrator", "auditor"])
def test_who_may_not_ask_is_refused(case: Case, role: str) -> None:
    client = signed_in(Client(), make_user("somebody", role=role))
    assert ask(client, case).status_code == 403
    assert "Why must you read" not in client.get(f"/triage/{case.pk}/").content.decode()
