"""Her page: whose it is, what a tap, a second tap and a late tap do, and what is always there."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Account
from accounts.services import change_settings
from nudges.models import Nudge, PushAddress
from platforms.models import Platform
from portal.push_key import ensure_push_key
from tests.accounts.makers import make_account
from tests.accounts.supervising import browser_of, supervise, text_of
from tests.nudges.makers import LOOSE, TIGHT, facts, make_shown, make_teen
from tests.nudges.push_service import make_browser

pytestmark = pytest.mark.django_db
PAGE = "/teen/"
AGREED = json.dumps({"message": "friends", "private": True, "comment": "friends"})


@pytest.fixture
def girl() -> Account:
    return make_teen()


@pytest.fixture
def hers(girl: Account) -> Client:
    return browser_of(facts(girl), now=timezone.now())


@pytest.fixture
def push_key(settings: Settings, tmp_path: Path) -> None:
    settings.VAPID_PRIVATE_KEY_FILE = tmp_path / "push.key"
    ensure_push_key(tmp_path / "push.key")


def shown_to(girl: Account) -> Nudge:
    return make_shown(girl, shown_at=timezone.now() - timedelta(hours=1))


def addresses(card: Nudge) -> list[str]:
    return [
        *(f"{PAGE}cards/{card.pk}/{verb}/" for verb in ("apply", "not-now", "undo")),
        f"{PAGE}push/allow/",
        f"{PAGE}push/stop/",
    ]


def test_only_she_comes_in(girl: Account) -> None:
    card = shown_to(girl)
    guardian = make_account("g", platform_id=girl.platform_id, age_band="21_plus")
    for browser in (Client(), browser_of(guardian, now=timezone.now())):
        assert browser.get(PAGE).status_code == 403
        for address in addresses(card):
            assert browser.post(address).status_code == 403
    card.refresh_from_db()
    assert card.state == Nudge.State.SHOWN


def test_a_tap_is_a_post(girl: Account, hers: Client) -> None:
    for address in addresses(shown_to(girl)):
        assert hers.get(address).status_code == 405
    assert hers.post(PAGE).status_code == 405


def test_another_teens_card_is_nowhere(hers: Client) -> None:
    theirs = shown_to(make_teen())
    for address in addresses(theirs)[:3]:
        assert hers.post(address, {"agreed": AGREED}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == Nudge.State.SHOWN


def test_the_card_says_what_is_and_what_becomes(girl: Account, hers: Client) -> None:
    shown_to(girl)
    text = text_of(hers.get(PAGE))
    assert "Want fewer messages from people you don't know?" in text
    assert "Anyone can message you." in text
    assert "Only friends can message you." in text
    assert "Yes, change all 3" in text
    assert "Not now" in text


def test_she_reads_which_of_her_accounts_it_is_about(girl: Account, hers: Client) -> None:
    Platform.objects.filter(pk=girl.platform_id).update(name="Loop & Feed")
    assert "about your account on Loop & Feed." in text_of(hers.get(PAGE))


def test_without_a_card_there_is_nothing_to_do(hers: Client) -> None:
    assert "Nothing to do right now" in text_of(hers.get(PAGE))


def test_a_tap_does_it_and_undo_takes_it_back(girl: Account, hers: Client) -> None:
    card = shown_to(girl)
    apply, _not_now, undo = addresses(card)[:3]
    answer = hers.post(apply, {"agreed": AGREED})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/teen/?done")
    assert facts(girl).settings["message"] == "friends"
    until = f"{timezone.now().astimezone(ZoneInfo('Europe/Berlin')) + timedelta(days=30):%-d %B}"
    for page in (PAGE, f"{PAGE}?done"):
        assert f"You can undo it until {until}." in text_of(hers.get(page))

    assert hers.post(undo).status_code == 302
    assert facts(girl).settings == LOOSE
    assert "You changed this back." in text_of(hers.get(PAGE))


def test_a_second_tap_leads_to_the_same_page(girl: Account, hers: Client) -> None:
    apply = addresses(shown_to(girl))[0]
    answers = [hers.post(apply, {"agreed": AGREED}) for _ in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, "/teen/?done")] * 2


@pytest.mark.parametrize(
    "agreed",
    ["", "{}", "[]", "x", '"friends"', '{"message": "everyone"}', "{" * 3000, '{"message": "\\ud800"}'],
)
def test_what_she_did_not_see_is_not_done(girl: Account, hers: Client, agreed: str) -> None:
    answer = hers.post(addresses(shown_to(girl))[0], {"agreed": agreed})
    assert answer.status_code == 409
    assert "Please look again." in text_of(answer)
    assert facts(girl).settings == LOOSE


def test_a_card_that_was_overtaken_says_so(girl: Account, hers: Client) -> None:
    apply, not_now, undo = addresses(shown_to(girl))[:3]
    Account.objects.update(settings=dict(TIGHT))
    assert "This tip is over." in text_of(hers.post(apply, {"agreed": AGREED}))
    assert "This tip is over." in text_of(hers.post(apply, {"agreed": AGREED}))
    assert hers.post(not_now).status_code == 302
    assert hers.post(undo).status_code == 404


def test_not_now_after_yes_says_that_it_was_done(girl: Account, hers: Client) -> None:
    apply, not_now, _undo = addresses(shown_to(girl))[:3]
    hers.post(apply, {"agreed": AGREED})
    answer = hers.post(not_now)
    assert answer.status_code == 409
    assert "You can still undo it." in text_of(answer)


def test_what_was_changed_again_is_not_undone(girl: Account, hers: Client) -> None:
    card = make_shown(girl, settings=("message",), shown_at=timezone.now())
    hers.post(addresses(card)[0], {"agreed": json.dumps({"message": "friends"})})
    change_settings(account_id=girl.pk, changes={"message": "nobody"}, by="teen", now=timezone.now())
    answer = hers.post(addresses(card)[2])
    assert answer.status_code == 409
    assert facts(girl).settings["message"] == "nobody"


def test_making_it_safer_needs_nobodys_yes_and_undoing_that_does(girl: Account, hers: Client) -> None:
    guardian = make_account("g", platform_id=girl.platform_id, age_band="21_plus")
    supervise(facts(girl), guardian, now=timezone.now())
    card = shown_to(girl)
    assert hers.post(addresses(card)[0], {"agreed": AGREED}).status_code == 302
    assert facts(girl).settings["message"] == "friends"

    answer = hers.post(addresses(card)[2])
    assert answer.headers["Location"] == "/teen/settings/"
    assert facts(girl).settings["message"] == "friends"


@pytest.mark.parametrize("has_card", [False, True])
def test_help_is_there_without_a_code_or_an_account_card_or_not(
    girl: Account, hers: Client, has_card: object
) -> None:
    if has_card:
        shown_to(girl)
    page = hers.get(PAGE).content.decode()
    for address in ("http://127.0.0.1:8000/report/", "http://127.0.0.1:8000/help/"):
        assert f'href="{address}" rel="noreferrer noopener"' in page


def test_where_no_reports_are_taken_none_is_offered(hers: Client, settings: Settings) -> None:
    settings.SURFACES = ["safety"]
    page = hers.get(PAGE).content.decode()
    assert "/report/" not in page
    assert "/help/" in page


@pytest.mark.usefixtures("push_key")
def test_she_turns_pushes_on_and_off(girl: Account, hers: Client) -> None:
    browser = make_browser("https://push.example/abc").address
    form = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth}
    for _ in range(2):
        assert hers.post(f"{PAGE}push/allow/", form).status_code == 302
    kept = PushAddress.objects.get()
    assert (kept.account_id, kept.endpoint) == (girl.pk, browser.endpoint)
    assert hers.post(f"{PAGE}push/stop/", {"endpoint": browser.endpoint}).status_code == 302
    assert not PushAddress.objects.exists()


def test_nobody_turns_off_anothers_pushes(hers: Client) -> None:
    other = make_teen()
    browser = make_browser("https://push.example/abc").address
    PushAddress.objects.create(
        account_id=other.pk,
        endpoint=browser.endpoint,
        digest="d",
        p256dh="p",
        auth="a",
        allowed_at=timezone.now(),
    )
    hers.post(f"{PAGE}push/stop/", {"endpoint": browser.endpoint})
    assert PushAddress.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "http://push.example/abc"},
        {"endpoint": "https://user:pass@push.example/"},
        {"endpoint": "https://push.example:0/"},
        {"endpoint": "https://[::1/"},
        {"endpoint": "https://[::1]/"},
        {"endpoint": "https://push.example/\u2028"},
        {"endpoint": "file:///etc/passwd"},
        {"p256dh": "AAAA"},
        {"p256dh": "A" * 88},
        {"p256dh": "ä" * 88},
        {"auth": "short"},
        {"auth": ""},
    ],
)
def test_what_is_no_browser_is_not_kept(hers: Client, wrong: dict[str, str]) -> None:
    browser = make_browser("https://push.example/abc").address
    form = {"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth, **wrong}
    answer = hers.post(f"{PAGE}push/allow/", form)
    assert answer.status_code == 400
    assert not PushAddress.objects.exists()


@pytest.mark.usefixtures("push_key")
def test_the_switch_is_there_with_a_key(hers: Client) -> None:
    assert 'data-push="' in hers.get(PAGE).content.decode()


def test_without_a_key_there_is_no_switch(hers: Client) -> None:
    assert "data-push" not in hers.get(PAGE).content.decode()


def test_the_worker_is_the_same_for_everybody_and_may_do_next_to_nothing(hers: Client) -> None:
    answer, strangers = hers.get("/teen/push-worker.js"), Client().get("/teen/push-worker.js")
    assert answer.content == strangers.content
    assert b"You have a safety tip." in answer.content
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert not strangers.cookies
