"""A limit that began is told late and neutrally; a person answers whoever asks."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Account
from platforms.models import WebhookMessage
from platforms.services import NewKey, add_endpoint
from safety.models import Appeal, Flag, Letter, Standing
from safety.services import appeals, letters, reviewing
from staff.services import User, record
from tests.cases.test_pages_words import YEARS, _spoken, school_years
from tests.makers import signed_in
from tests.safety.flagged import brigaded, hunted
from tests.safety.makers import make_account

pytestmark = pytest.mark.django_db

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def now() -> datetime:
    """The pages look at the real clock."""
    return timezone.now()


@pytest.fixture
def hook(chatter: NewKey, now: datetime) -> None:
    add_endpoint(slug=chatter.platform.slug, url="https://chatter.example/hook", now=now)


@pytest.fixture
def flag(chatter: NewKey, adult: Account, settings: Settings, now: datetime) -> Flag:
    settings.LETTER_DELAY_HOURS = 0
    return hunted(chatter.platform, adult, now=now)


@pytest.fixture
def link(flag: Flag, hook: None, now: datetime) -> str:  # noqa: ARG001 - They make the letter and send it.
    """The address in the letter, without its host."""
    assert letters.send_letters(now=now) == 1
    return str(payload()["url"]).removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def appeal(link: str, client: Client) -> Appeal:
    client.post(f"{link}send/", {"text": "I teach them.", "asks_age_review": "on"})
    return Appeal.objects.get()


def payload() -> dict[str, object]:
    message = WebhookMessage.objects.get(event="letter.created")
    return dict(json.loads(message.body)["data"])


def text_of(client: Client, path: str) -> str:
    """The page without its token, which is random and may hold any three letters."""
    answer = client.get(path)
    assert answer.status_code == 200
    return _TOKEN.sub("", answer.content.decode())


def test_a_letter_waits_for_a_day_to_three_and_then_for_its_batch(
    chatter: NewKey, settings: Settings, now: datetime
) -> None:
    settings.LETTER_DELAY_HOURS = 24
    for _number in range(8):
        hunted(chatter.platform, make_account(chatter.platform, "21_plus"), now=now)
    dues = list(Letter.objects.values_list("due_at", flat=True))
    assert {due.astimezone(UTC).time() for due in dues} == {letters.BATCH_AT.replace(tzinfo=None)}
    assert all(timedelta(hours=24) <= due - now <= timedelta(hours=96) for due in dues)
    assert letters.send_letters(now=now) == 0


def test_it_says_nothing_of_who_what_or_when(link: str, flag: Flag, client: Client) -> None:
    told = payload()
    assert set(told) == {"external_id", "text", "url"}
    assert told["text"] == (
        "Some contact features are limited on your account for now. You can ask a person to review this."
    )
    shown = text_of(client, link)
    assert "how this account gets in touch with younger people" in shown
    for word in ("report", "block", "flag", "score", "T1", str(flag.pk), f"{flag.opened_at:%H:%M}"):
        assert word not in shown.partition("<main")[2].partition("</main>")[0]


def test_a_child_of_eleven_can_read_it(link: str, client: Client) -> None:
    """Who is taken for an adult may be one."""
    pages = [_spoken(link)]
    client.post(f"{link}send/", {"asks_age_review": "on"})
    pages.append(_spoken(link))
    for state in ("upheld", "overturned"):
        Appeal.objects.update(state=state, answered_at=timezone.now(), answer="We looked again.")
        pages.append(_spoken(link))
    assert len(set(pages)) == 4
    assert all(school_years(page) < YEARS for page in [*pages, str(payload()["text"])])


def test_only_the_links_digest_is_kept(link: str) -> None:
    secret = link.strip("/").rpartition("/")[2]
    assert len(secret) >= 40
    assert Letter.objects.get().digest == letters.digest_of(secret)


def test_a_letter_is_sent_once(link: str, now: datetime) -> None:  # noqa: ARG001 - It was sent.
    assert letters.send_letters(now=now + timedelta(days=1)) == 0


def test_a_letter_waits_until_its_platform_hears_letters(flag: Flag, chatter: NewKey, now: datetime) -> None:
    assert letters.send_letters(now=now) == 0
    assert letters.unheard() == {flag.platform_id}
    add_endpoint(slug=chatter.platform.slug, url="https://chatter.example/hook", now=now)
    assert letters.send_letters(now=now) == 1
    assert letters.unheard() == set()


@pytest.mark.usefixtures("hook")
def test_a_limit_that_was_lifted_before_is_not_told(
    flag: Flag,
    rosa: User,
    now: datetime,
) -> None:
    reviewing.lift(flag=flag, by=rosa, note="", now=now)
    assert letters.send_letters(now=now) == 0
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("flag", "hook")
def test_whoever_turns_out_to_be_a_child_gets_no_letter(adult: Account, now: datetime) -> None:
    Account.objects.filter(pk=adult.pk).update(age_band="16_17")
    assert letters.send_letters(now=now) == 0
    assert not Letter.objects.exists()


def test_a_burst_is_told_to_nobody(chatter: NewKey, adult: Account, now: datetime) -> None:
    brigaded(chatter.platform, adult, now=now)
    assert not Letter.objects.exists()


def test_the_page_takes_one_appeal(link: str, client: Client) -> None:
    for text in ("I teach them.", "Second thoughts."):
        answer = client.post(f"{link}send/", {"text": text}, follow=True)
        assert "We have your message" in answer.content.decode()
    appeal = Appeal.objects.get()
    assert (appeal.text, appeal.asks_age_review, appeal.state) == ("I teach them.", False, "open")
    assert "<form" not in text_of(client, link).partition("<main")[2]


def test_it_needs_no_words(link: str, client: Client) -> None:
    client.post(f"{link}send/", {"asks_age_review": "on"})
    assert Appeal.objects.get().asks_age_review


def test_too_long_a_text_is_told_and_kept_on_the_page(link: str, client: Client) -> None:
    answer = client.post(f"{link}send/", {"text": "x" * 4001})
    assert answer.status_code == 400
    assert "x" * 4001 in answer.content.decode()


def test_the_link_works_for_six_months(link: str, client: Client, now: datetime) -> None:
    Letter.objects.update(sent_at=now - timedelta(days=182))
    assert client.get(link).status_code == 200
    Letter.objects.update(sent_at=now - timedelta(days=184))
    assert client.get(link).status_code == client.get("/appeal/wrong/").status_code == 404
    assert client.post(f"{link}send/").status_code == client.post("/appeal/wrong/send/").status_code == 404


def test_a_letter_that_was_not_sent_opens_nothing(flag: Flag, client: Client) -> None:  # noqa: ARG001 - It wrote one.
    Letter.objects.update(digest=letters.digest_of("guessed"))
    assert client.get("/appeal/guessed/").status_code == 404


def test_a_person_overturns_and_the_limit_ends(
    appeal: Appeal, link: str, client: Client, adult: Account, rosa: User
) -> None:
    desk = signed_in(Client(), rosa)
    shown = text_of(desk, reverse("review:appeal", args=[appeal.pk]))
    assert "I teach them." in shown
    assert "says the age is wrong" in shown
    path = reverse("review:appeal_overturn", args=[appeal.pk])
    assert desk.post(path).status_code == 400
    assert (
        "the limit is lifted"
        in desk.post(path, {"answer": "Sorry. We were wrong."}, follow=True).content.decode()
    )
    assert Standing.objects.get(account=adult).level == 0
    assert Flag.objects.get().outcome == "lifted"
    told = text_of(client, link)
    assert "The limits are lifted" in told
    assert "Sorry. We were wrong." in told
    assert "rosa" not in told
    assert "This was decided by rosa" in desk.post(path, {"answer": "Again"}, follow=True).content.decode()


def test_upheld_it_stays_and_says_so(
    appeal: Appeal, link: str, client: Client, adult: Account, rosa: User
) -> None:
    desk = signed_in(Client(), rosa)
    desk.post(reverse("review:appeal_uphold", args=[appeal.pk]), {"answer": "We looked again."})
    assert Standing.objects.get(account=adult).level == 2
    assert "The limits stay for now" in text_of(client, link)


def test_whoever_decided_does_not_answer(
    appeal: Appeal, flag: Flag, adult: Account, rosa: User, ruben: User, now: datetime
) -> None:
    reviewing.uphold(flag=flag, by=rosa, note="", now=now)
    desk = signed_in(Client(), rosa)
    assert "Somebody else has to answer" in text_of(desk, reverse("review:appeal", args=[appeal.pk]))
    path = reverse("review:appeal_overturn", args=[appeal.pk])
    assert "Somebody else has to answer" in desk.post(path, {"answer": "x"}, follow=True).content.decode()
    assert Appeal.objects.get().state == "open"
    number = Flag.objects.get().number
    appeals.overturn(appeal=appeals.visible(ruben).get(), by=ruben, answer="Sorry.", now=now)
    flag = Flag.objects.get()
    assert (flag.outcome, flag.state, flag.number > number) == ("lifted", "closed", True)
    assert Standing.objects.get(account=adult).level == 0
    outcomes = WebhookMessage.objects.filter(event="flag.decided").order_by("made_at", "deliveries__pk")
    assert [json.loads(one.body)["data"]["outcome"] for one in outcomes] == ["upheld", "lifted"]


@pytest.mark.usefixtures("appeal")
def test_even_a_sanction_can_be_overturned(adult: Account, flag: Flag, ruben: User, now: datetime) -> None:
    Standing.objects.filter(account=adult).update(sanctioned_at=now, level=3)
    Flag.objects.filter(pk=flag.pk).update(state="closed", outcome="sanctioned", closed_at=now)
    appeals.overturn(appeal=appeals.visible(ruben).get(), by=ruben, answer="Sorry.", now=now)
    standing = Standing.objects.get(account=adult)
    assert (standing.level, standing.sanctioned_at) == (0, None)


def test_another_platforms_reviewer_finds_no_appeal(appeal: Appeal, elsa: User, theo: User) -> None:
    theirs, elsewhere = signed_in(Client(), theo), signed_in(Client(), elsa)
    assert text_of(theirs, reverse("review:appeals")).count("/review/appeals/") > 1
    assert f"/review/appeals/{appeal.pk}/" not in text_of(elsewhere, reverse("review:appeals"))
    assert elsewhere.get(reverse("review:appeal", args=[appeal.pk])).status_code == 404
    path = reverse("review:appeal_overturn", args=[appeal.pk])
    assert elsewhere.post(path, {"answer": "x"}).status_code == 404


def test_nothing_in_the_audit_says_what_was_written(appeal: Appeal, rosa: User, now: datetime) -> None:
    appeals.uphold(appeal=appeals.visible(rosa).get(), by=rosa, answer="We looked again.", now=now)
    row = record(actor=None, act="test", at=now)
    told = json.dumps([one.detail for one in type(row).objects.all()])
    assert appeal.text not in told
    assert "We looked again." not in told
