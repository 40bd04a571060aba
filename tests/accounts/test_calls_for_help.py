"""A teen asks staff for help with a guardian; staff answers, and can end it. The guardian hears nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

import staff.services
from accounts.errors import CallMovedOn, NoSuchSupervision, TooManyTries
from accounts.models import CallForHelp, Supervision
from accounts.services import AccountFacts, supervision
from accounts.services import supervision_calls as calls
from platforms.services import NewKey, add_member
from staff.services import User
from tests.accounts.supervising import browser_of, bytes_of, make_guardian, make_teen, supervise, text_of
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db
TEENS = "/teen/supervision/"
WORDS = "He reads over my shoulder."


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=platform.platform.pk)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=platform.platform.pk)


@pytest.fixture
def lasting(mia: AccountFacts, dad: AccountFacts) -> Supervision:
    return supervise(mia, dad, now=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def hers(mia: AccountFacts) -> Client:
    return browser_of(mia, now=timezone.now())


@pytest.fixture
def reviewer(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("rhea", role="safety_reviewer")


def make_call(teen: AccountFacts, text: str = WORDS, supervision_id: int | None = None) -> CallForHelp:
    calls.call(teen_id=teen.id, supervision_id=supervision_id, text=text, now=timezone.now())
    return CallForHelp.objects.filter(account=teen.id).latest("pk")


def test_from_her_call_to_the_answer_on_her_page(
    client: Client, hers: Client, lasting: Supervision, reviewer: User
) -> None:
    for _tap in range(2):
        answer = hers.post(f"{TEENS}{lasting.pk}/call/", {"text": WORDS})
        assert answer.headers["Location"] == TEENS
    assert "A person will answer here" in text_of(hers.get(TEENS))
    call = CallForHelp.objects.get()

    desk = signed_in(client, reviewer)
    assert WORDS in text_of(desk.get("/review/calls/"))
    assert "It is about this person" in text_of(desk.get(f"/review/calls/{call.pk}/"))
    desk.post(f"/review/calls/{call.pk}/answer/", {"text": "We believe you."})
    assert "Nobody waits" in text_of(desk.get("/review/calls/"))
    assert "We believe you." in text_of(hers.get(TEENS))
    assert [row.act for row in staff.services.audit_of(call)] == ["member.answer_call"]


def test_pressing_the_button_is_enough(hers: Client, lasting: Supervision) -> None:
    hers.post(f"{TEENS}{lasting.pk}/call/")
    assert CallForHelp.objects.get().text == ""
    assert "You asked for help." in text_of(hers.get(TEENS))


def test_who_is_not_supervised_can_call_too(hers: Client) -> None:
    hers.post(f"{TEENS}call/", {"text": WORDS})
    assert CallForHelp.objects.get().supervision is None


def test_too_long_is_told_and_nothing_is_kept(hers: Client) -> None:
    answer = hers.post(f"{TEENS}call/", {"text": "x" * 2001})
    assert (answer.status_code, "2,000 letters" in text_of(answer)) == (400, True)
    assert not CallForHelp.objects.exists()


def test_a_flood_is_stopped_and_told_that_it_was_heard(mia: AccountFacts, hers: Client) -> None:
    for number in range(calls.MOST_OPEN):
        make_call(mia, f"{number}")
    with pytest.raises(TooManyTries):
        make_call(mia, "one more")
    answer = hers.post(f"{TEENS}call/", {"text": "one more"})
    assert (answer.status_code, "We have what you wrote" in text_of(answer)) == (429, True)


def test_she_cannot_call_about_somebody_elses_guardian(mia: AccountFacts, lasting: Supervision) -> None:
    noa = make_teen("noa", platform_id=mia.platform_id)
    with pytest.raises(NoSuchSupervision):
        make_call(noa, supervision_id=lasting.pk)


def test_staff_ends_it_from_the_call(
    client: Client, mia: AccountFacts, dad: AccountFacts, lasting: Supervision, reviewer: User
) -> None:
    call = make_call(mia, supervision_id=lasting.pk)
    desk = signed_in(client, reviewer)
    for _tap in range(2):
        desk.post(f"/review/calls/{call.pk}/supervisions/{lasting.pk}/end/")
    assert not supervision.is_supervised(account_id=mia.id)
    assert [row.act for row in staff.services.audit_of(lasting)] == ["member.end_supervision"]
    text = text_of(browser_of(dad, now=timezone.now()).get("/guardian/"))
    assert "A supervision ended on" in text
    assert "staff" not in text


def test_a_call_ends_nobody_elses_supervision(
    client: Client, mia: AccountFacts, lasting: Supervision, reviewer: User
) -> None:
    noa = make_teen("noa", platform_id=mia.platform_id)
    call = make_call(noa)
    signed_in(client, reviewer).post(f"/review/calls/{call.pk}/supervisions/{lasting.pk}/end/")
    assert supervision.is_supervised(account_id=mia.id)


def test_of_two_answers_the_first_is_sent(
    client: Client, mia: AccountFacts, reviewer: User, senior: User
) -> None:
    call = make_call(mia)
    calls.answer(call_id=call.pk, by=senior, text="First.", now=timezone.now())
    with pytest.raises(CallMovedOn):
        calls.answer(call_id=call.pk, by=reviewer, text="Second.", now=timezone.now())
    answer = signed_in(client, reviewer).post(
        f"/review/calls/{call.pk}/answer/", {"text": "Second."}, follow=True
    )
    assert "A colleague answered first" in answer.content.decode()
    call.refresh_from_db()
    assert (call.answer, call.answered_by) == ("First.", senior)


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_an_empty_or_endless_answer_is_told_and_kept_in_the_field(
    client: Client, mia: AccountFacts, reviewer: User, text: str
) -> None:
    call = make_call(mia)
    answer = signed_in(client, reviewer).post(f"/review/calls/{call.pk}/answer/", {"text": text})
    assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (400, True)
    call.refresh_from_db()
    assert call.answered_at is None


def test_a_platforms_reviewer_reads_that_platforms_calls_only(
    client: Client, mia: AccountFacts, outsider_platform: NewKey, platform: NewKey, reviewer: User
) -> None:
    call = make_call(mia)
    elsewhere = make_user("rolf", role="safety_reviewer")
    add_member(user=elsewhere, platform_id=outsider_platform.platform.pk)
    desk = signed_in(client, elsewhere)
    assert WORDS not in text_of(desk.get("/review/calls/"))
    assert desk.get(f"/review/calls/{call.pk}/").status_code == 404
    assert desk.post(f"/review/calls/{call.pk}/answer/", {"text": "Hello."}).status_code == 404

    add_member(user=reviewer, platform_id=platform.platform.pk)
    assert WORDS in text_of(signed_in(client, reviewer).get("/review/calls/"))


def test_the_guardian_hears_nothing_of_it(mia: AccountFacts, dad: AccountFacts, lasting: Supervision) -> None:
    his = browser_of(dad, now=timezone.now())
    his.get("/guardian/")
    before = bytes_of(his.get("/guardian/"))
    call = make_call(mia, supervision_id=lasting.pk)
    assert bytes_of(his.get("/guardian/")) == before
    CallForHelp.objects.filter(pk=call.pk).update(answered_at=timezone.now(), answer="We believe you.")
    assert bytes_of(his.get("/guardian/")) == before


def test_what_was_answered_is_forgotten_after_90_days_and_what_waits_never(
    mia: AccountFacts, senior: User
) -> None:
    answered, waiting, now = make_call(mia, "One."), make_call(mia, "Two."), timezone.now()
    calls.answer(call_id=answered.pk, by=senior, text="Yes.", now=now)
    assert calls.forget_old(now=now + timedelta(days=89)) == 0
    assert calls.forget_old(now=now + timedelta(days=999)) == 1
    assert list(CallForHelp.objects.all()) == [waiting]
