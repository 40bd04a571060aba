"""The reviewers' pages: why in words, each decision once, and nobody else's flags."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from platforms.services import NewKey
from safety.models import Flag, Standing
from safety.services import reviewing
from staff.services import HeldAction, User
from tests.makers import signed_in
from tests.safety.flagged import brigaded, hunted
from tests.safety.makers import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(chatter: NewKey, adult: Account, now: datetime) -> Flag:
    return hunted(chatter.platform, adult, now=now)


@pytest.fixture
def desk(client: Client, rosa: User) -> Client:
    return signed_in(client, rosa)


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"review:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, verb: str, flag: Flag, **form: str) -> str:
    answer = client.post(reverse(f"review:{verb}", args=[flag.pk]), form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_why_in_words_what_happened_and_what_is_missing(desk: Client, flag: Flag) -> None:
    shown = page(desk, "flag", flag.pk)
    assert "4 young people blocked or reported this account" in shown
    assert "S wrote to T1" in shown
    assert "T1 reported S" in shown
    assert "This adult may be a child" in shown
    assert "same result" in shown


def test_no_young_persons_name_stands_on_any_page(desk: Client, flag: Flag) -> None:
    shown = page(desk, "queue") + page(desk, "flag", flag.pk)
    names = Account.objects.exclude(external_id="adult").values_list("external_id", flat=True)
    assert names
    assert [name for name in names if f">{name}<" in shown or f" {name} " in shown] == []
    assert "adult" in shown


def test_evidence_that_reads_otherwise_is_told(desk: Client, flag: Flag) -> None:
    flag.evidence["happenings"] = flag.evidence["happenings"][:-1]
    flag.save()
    assert "another result" in page(desk, "flag", flag.pk)
    flag.evidence["reading"]["rule_version"] = "0"
    flag.save()
    assert "the rules have changed since" in page(desk, "flag", flag.pk)


def test_the_most_urgent_is_on_top(desk: Client, flag: Flag, chatter: NewKey, now: datetime) -> None:
    burst = brigaded(chatter.platform, make_account(chatter.platform, "21_plus"), now=now)
    listed = Flag.objects.create(
        number=99,
        platform=chatter.platform,
        account=make_account(chatter.platform, "21_plus"),
        cause="listed_hash",
        level=0,
        score=0,
        rule_version="1",
        inputs_hash="0" * 64,
        opened_at=now,
    )
    shown = page(desk, "queue")
    places = [shown.index(str(one.pk)) for one in (listed, flag, burst)]
    assert places == sorted(places)


@pytest.mark.usefixtures("flag")
def test_the_queue_costs_the_same_however_long_it_is(
    desk: Client,
    chatter: NewKey,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _more in range(2):
        with django_assert_num_queries(11):
            page(desk, "queue")
        hunted(chatter.platform, make_account(chatter.platform, "21_plus"), now=now)


def test_a_flag_is_lifted_with_one_click_and_a_second_one_is_told(
    desk: Client, flag: Flag, adult: Account
) -> None:
    assert "Lifted." in sent(desk, "lift", flag, note="he is her coach")
    assert Standing.objects.get(account=adult).level == 0
    for verb in ("lift", "uphold"):
        assert "This was decided by rosa at" in sent(desk, verb, flag)
    shown = page(desk, "flag", flag.pk)
    assert "he is her coach" in shown
    assert "lift-means" not in shown
    assert "adult" in page(desk, "closed")
    assert "Nothing waits for you." in page(desk, "queue")


def test_a_sanction_waits_for_a_second_person(desk: Client, flag: Flag, adult: Account, ruben: User) -> None:
    assert desk.post(reverse("review:sanction", args=[flag.pk])).status_code == 400
    assert "It waits for a second person." in sent(desk, "sanction", flag, reason="many victims")
    assert "This waits for a second person already." in sent(desk, "sanction", flag, reason="again")
    assert "They decide first" in sent(desk, "lift", flag)
    assert "Asked by rosa" in page(desk, "flag", flag.pk)
    assert "Sanction adult of Chatter" in desk.get(reverse("staff:held")).content.decode()
    other = signed_in(Client(), ruben)
    other.post(reverse("staff:held_release", args=[HeldAction.objects.get().pk]))
    assert Standing.objects.get(account=adult).level == 3


def test_an_upheld_limit_can_be_ended_before_its_time(desk: Client, flag: Flag, adult: Account) -> None:
    assert "Nobody has decided about this yet." in sent(desk, "end", flag)
    sent(desk, "uphold", flag)
    assert "End the limit before its time" in page(desk, "flag", flag.pk)
    assert "The limit has ended" in sent(desk, "end", flag, note="a mistake")
    assert Standing.objects.get(account=adult).level == 0
    assert "End the limit before its time" not in page(desk, "flag", flag.pk)
    assert "This was decided by rosa" in sent(desk, "end", flag)


def test_a_burst_is_told_as_such(desk: Client, chatter: NewKey, adult: Account, now: datetime) -> None:
    flag = brigaded(chatter.platform, adult, now=now)
    shown = page(desk, "flag", flag.pk)
    assert "The score stands still until a person has looked." in shown
    assert "Let it count" in shown
    sent(desk, "uphold", flag)
    assert Standing.objects.get(account=adult).frozen_at is None


@pytest.mark.parametrize("verb", ["uphold", "lift", "end", "sanction", "refer"])
def test_another_platforms_reviewer_finds_nothing(client: Client, flag: Flag, elsa: User, verb: str) -> None:
    signed_in(client, elsa)
    assert str(flag.pk) not in page(client, "queue")
    path = reverse("review:flag", args=[flag.pk])
    there_is_none = reverse("review:flag", args=[uuid4()])
    assert client.get(path).status_code == client.get(there_is_none).status_code == 404
    assert client.post(reverse(f"review:{verb}", args=[flag.pk]), {"reason": "x"}).status_code == 404
    assert Flag.objects.get().state == "open"


def test_the_platforms_own_reviewer_finds_it(client: Client, flag: Flag, theo: User) -> None:
    signed_in(client, theo)
    assert str(flag.pk) in page(client, "queue")
    sent(client, "uphold", flag)
    assert Flag.objects.get().decided_by == theo


def test_who_does_not_review_is_refused(client: Client, flag: Flag, triager: User) -> None:
    signed_in(client, triager)
    for name, args in (("queue", []), ("flag", [flag.pk]), ("fairness", [])):
        assert client.get(reverse(f"review:{name}", args=args)).status_code == 403


def test_looking_decides_nothing(desk: Client, flag: Flag) -> None:
    for verb in ("uphold", "lift", "end", "sanction", "refer"):
        assert desk.get(reverse(f"review:{verb}", args=[flag.pk])).status_code == 405
    assert Flag.objects.get().state == "open"


def test_without_evidence_the_page_still_opens(
    desk: Client, flag: Flag, adult: Account, rosa: User, now: datetime
) -> None:
    adult.delete()
    flag.refresh_from_db()
    assert "account deleted" in page(desk, "flag", flag.pk)
    reviewing.lift(flag=flag, by=rosa, note="", now=now)
    assert "The evidence is deleted." in page(desk, "flag", flag.pk)
