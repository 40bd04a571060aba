"""The pages of supervision: whose they are, what a second tap does, and what a page from before answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import CallForHelp, Supervision, Wish
from accounts.services import AccountFacts, change_settings, supervision
from platforms.services import NewKey
from tests.accounts.supervising import (
    again,
    browser_of,
    grow_up,
    make_guardian,
    make_teen,
    supervise,
    text_of,
)

pytestmark = pytest.mark.django_db
TEENS = "/teen/supervision/"
HOME = "/guardian/"
CODE = re.compile(r'class="handed-over">([^<]+)<')


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=platform.platform.pk)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=platform.platform.pk)


@pytest.fixture
def hers(mia: AccountFacts) -> Client:
    return browser_of(mia, now=timezone.now())


@pytest.fixture
def his(dad: AccountFacts) -> Client:
    return browser_of(dad, now=timezone.now())


@pytest.fixture
def lasting(mia: AccountFacts, dad: AccountFacts) -> Supervision:
    return supervise(mia, dad, now=timezone.now() - timedelta(minutes=5))


def code_on(browser: Client, path: str) -> str:
    found = CODE.search(browser.get(path).content.decode())
    assert found
    return found[1]


def addresses(number: int) -> dict[str, list[str]]:
    """Every address, by the door that it is behind, and what it takes."""
    return {
        "teen GET": [TEENS, f"{TEENS}{number}/agree/", f"{TEENS}{number}/end/"],
        "teen POST": [
            f"{TEENS}invite/",
            f"{TEENS}code/",
            f"{TEENS}call/",
            *(f"{TEENS}{number}/{verb}/" for verb in ("agree", "decline", "pause", "resume", "end", "call")),
        ],
        "guardian GET": [HOME, f"{HOME}{number}/end/"],
        "guardian POST": [
            f"{HOME}invite/",
            f"{HOME}code/",
            f"{HOME}wishes/{number}/approve/",
            f"{HOME}wishes/{number}/refuse/",
            f"{HOME}{number}/end/",
        ],
    }


def test_without_a_session_nothing_opens_and_nothing_is_done(client: Client, lasting: Supervision) -> None:
    for kind, paths in addresses(lasting.pk).items():
        for path in paths:
            answer = client.get(path) if kind.endswith("GET") else client.post(path)
            assert answer.status_code == 403, path
            assert b"from your app" in answer.content
    lasting.refresh_from_db()
    assert (lasting.state, lasting.paused_at) == ("active", None)


def test_neither_side_comes_in_by_the_others_door(hers: Client, his: Client, lasting: Supervision) -> None:
    for kind, paths in addresses(lasting.pk).items():
        wrong = his if kind.startswith("teen") else hers
        for path in paths:
            answer = wrong.get(path) if kind.endswith("GET") else wrong.post(path)
            assert answer.status_code == 403, path
    lasting.refresh_from_db()
    assert (lasting.state, lasting.paused_at) == ("active", None)


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_strangers_of_both_sides_can_do_nothing_to_it(
    mia: AccountFacts, lasting: Supervision, outsider_platform: NewKey, where: str
) -> None:
    """Another teen and another guardian, of the same platform or of another."""
    platform_id = outsider_platform.platform.pk if where == "elsewhere" else mia.platform_id
    other_teen = browser_of(make_teen("noa", platform_id=platform_id, age_band="16_17"), now=timezone.now())
    other_guardian = browser_of(make_guardian("mum", platform_id=platform_id), now=timezone.now())
    for verb in ("pause", "resume", "end", "call"):
        assert other_teen.post(f"{TEENS}{lasting.pk}/{verb}/").status_code == 404, verb
    for verb in ("agree", "decline"):
        assert other_teen.post(f"{TEENS}{lasting.pk}/{verb}/").status_code == 409, verb
    assert other_guardian.post(f"{HOME}{lasting.pk}/end/").status_code == 404
    for path in (f"{TEENS}{lasting.pk}/agree/", f"{TEENS}{lasting.pk}/end/"):
        assert other_teen.get(path).headers["Location"] == TEENS
    assert other_guardian.get(f"{HOME}{lasting.pk}/end/").headers["Location"] == HOME
    lasting.refresh_from_db()
    assert (lasting.state, lasting.paused_at) == ("active", None)
    assert not CallForHelp.objects.exists()


def test_looking_does_nothing(hers: Client, his: Client, lasting: Supervision) -> None:
    """Addresses that do something take no GET, except the two that ask first."""
    for kind, paths in addresses(lasting.pk).items():
        browser = hers if kind.startswith("teen") else his
        for path in paths if kind.endswith("POST") else []:
            asks_first = path.endswith(("/agree/", "/end/"))
            assert browser.get(path).status_code in ({200, 302} if asks_first else {405}), path
    lasting.refresh_from_db()
    assert (lasting.state, lasting.paused_at) == ("active", None)


def test_a_form_of_another_site_is_refused(mia: AccountFacts, lasting: Supervision) -> None:
    member = browser_of(mia, now=timezone.now())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = member.cookies
    assert strict.post(f"{TEENS}{lasting.pk}/pause/").status_code == 403
    lasting.refresh_from_db()
    assert lasting.paused_at is None


def test_from_the_guardians_code_to_the_teens_yes(hers: Client, his: Client, mia: AccountFacts) -> None:
    for _tap in range(2):
        assert his.post(f"{HOME}invite/").headers["Location"] == HOME
    code = code_on(his, HOME)
    assert code_on(his, HOME) == code

    answer = hers.post(f"{TEENS}code/", {"code": code.lower()})
    question = answer.headers["Location"]
    text = text_of(hers.get(question))
    for promise in (
        "They will see your privacy settings",
        "They will never see what you write",
        "You read the same list that they read",
        "You can pause it at any time",
        "When you are 18 it ends by itself",
    ):
        assert promise in text
    assert not supervision.is_supervised(account_id=mia.id)

    for _tap in range(2):
        assert hers.post(question).headers["Location"] == TEENS
    assert supervision.is_supervised(account_id=mia.id)
    assert Supervision.objects.count() == 1


def test_from_the_teens_code_to_the_teens_yes(hers: Client, his: Client, mia: AccountFacts) -> None:
    hers.post(f"{TEENS}invite/")
    his.post(f"{HOME}code/", {"code": code_on(hers, TEENS)})
    assert "Now your teen reads what you will see" in text_of(his.get(HOME))
    assert not supervision.is_supervised(account_id=mia.id)

    page = hers.get(TEENS)
    assert "Somebody typed your code" in text_of(page)
    asked = Supervision.objects.get()
    hers.post(f"{TEENS}{asked.pk}/agree/")
    assert supervision.is_supervised(account_id=mia.id)


def test_a_no_ends_it_there(hers: Client, his: Client, mia: AccountFacts) -> None:
    his.post(f"{HOME}invite/")
    before = text_of(his.get(HOME))
    question = hers.post(f"{TEENS}code/", {"code": code_on(his, HOME)}).headers["Location"]
    hers.post(question.replace("agree", "decline"))
    assert not supervision.is_supervised(account_id=mia.id)
    assert text_of(his.get(HOME)) == before
    assert "question is over" in text_of(hers.post(question))


@pytest.mark.parametrize("typed", ["", "AAAA-AAAA", "x" * 41, "\x00"])
def test_a_wrong_code_is_told_at_the_field(hers: Client, his: Client, typed: str) -> None:
    for browser, path in ((hers, f"{TEENS}code/"), (his, f"{HOME}code/")):
        answer = browser.post(path, {"code": typed})
        assert answer.status_code == 400
        assert b'aria-describedby="code-error"' in answer.content
        assert "This code doesn't work" in text_of(answer)


def test_many_wrong_codes_and_even_the_right_one_waits(hers: Client, his: Client) -> None:
    his.post(f"{HOME}invite/")
    code = code_on(his, HOME)
    statuses = [hers.post(f"{TEENS}code/", {"code": "AAAA-AAAA"}).status_code for _ in range(11)]
    assert statuses == [400] * 10 + [429]
    assert hers.post(f"{TEENS}code/", {"code": code}).status_code == 429


def test_a_third_guardian_is_refused_on_the_page(
    hers: Client, mia: AccountFacts, lasting: Supervision
) -> None:
    supervise(mia, make_guardian("mum", platform_id=mia.platform_id), now=timezone.now())
    answer = hers.post(f"{TEENS}invite/")
    assert (answer.status_code, "two guardians already" in text_of(answer)) == (409, True)
    assert "Make a code" not in text_of(hers.get(TEENS))
    assert lasting.teen_id == mia.id


def test_pause_and_go_on(hers: Client, lasting: Supervision) -> None:
    for _tap in range(2):
        assert hers.post(f"{TEENS}{lasting.pk}/pause/").headers["Location"] == TEENS
    assert "they see nothing new" in text_of(hers.get(TEENS))
    assert Supervision.objects.get().paused_at
    for _tap in range(2):
        hers.post(f"{TEENS}{lasting.pk}/resume/")
    assert Supervision.objects.get().paused_at is None


def test_a_page_from_before_the_end_leads_to_what_is_now(
    hers: Client, his: Client, lasting: Supervision
) -> None:
    for _tap in range(2):
        assert his.post(f"{HOME}{lasting.pk}/end/").headers["Location"] == HOME
    for verb in ("pause", "resume"):
        assert hers.post(f"{TEENS}{lasting.pk}/{verb}/").headers["Location"] == TEENS
    assert "Nobody supervises you" in text_of(hers.get(TEENS))
    assert "A supervision ended on" in text_of(his.get(HOME))


def test_under_16_the_teen_is_told_who_can_end_it(hers: Client, lasting: Supervision) -> None:
    assert "they or our staff can end it" in text_of(hers.get(TEENS))
    assert hers.get(f"{TEENS}{lasting.pk}/end/").headers["Location"] == TEENS
    assert hers.post(f"{TEENS}{lasting.pk}/end/").status_code == 403
    lasting.refresh_from_db()
    assert lasting.state == "active"


def test_from_16_the_teen_ends_it(mia: AccountFacts, hers: Client, his: Client, lasting: Supervision) -> None:
    grow_up(mia, "16_17")
    assert "End supervision?" in text_of(hers.get(f"{TEENS}{lasting.pk}/end/"))
    for _tap in range(2):
        assert hers.post(f"{TEENS}{lasting.pk}/end/").headers["Location"] == TEENS
    assert "A supervision ended on" in text_of(his.get(HOME))


def test_a_guardian_says_yes_on_the_page(
    mia: AccountFacts, his: Client, hers: Client, lasting: Supervision
) -> None:
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=timezone.now())
    wish = Wish.objects.get()
    assert his.post(f"{HOME}wishes/{wish.pk}/approve/").status_code == 404
    assert "Your teen asks you" in text_of(his.get(HOME))
    assert his.post(f"{HOME}wishes/{wish.pk}/approve/").headers["Location"] == HOME
    assert again(mia).settings["message"] == "everyone"

    second_tap = his.post(f"{HOME}wishes/{wish.pk}/refuse/")
    assert (second_tap.status_code, "answered before" in text_of(second_tap)) == (409, True)
    assert again(mia).settings["message"] == "everyone"
    assert "A guardian said yes" in text_of(hers.get("/teen/settings/"))
    assert lasting.teen_id == mia.id


def test_a_wish_taken_back_in_a_pause_looks_as_before_until_the_guardian_answers(
    mia: AccountFacts, his: Client, hers: Client, lasting: Supervision
) -> None:
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=timezone.now())
    before = text_of(his.get(HOME))
    wish = Wish.objects.get()
    hers.post(f"{TEENS}{lasting.pk}/pause/")
    hers.post(f"/teen/settings/wishes/{wish.pk}/take-back/")
    assert text_of(his.get(HOME)) == before

    told = his.post(f"{HOME}wishes/{wish.pk}/approve/")
    assert (told.status_code, "or taken back" in text_of(told)) == (409, True)
    assert "no longer asked for" in text_of(his.get(HOME))
    assert again(mia).settings["message"] == "friends"


def test_the_sign_is_on_every_page_of_hers_and_a_pause_leaves_it(
    hers: Client, his: Client, lasting: Supervision
) -> None:
    paths = (TEENS, "/teen/settings/", "/teen/settings/message/")
    hers.post(f"{TEENS}{lasting.pk}/pause/")
    for path in paths:
        assert b"Supervised by a parent or guardian." in hers.get(path).content, path
    assert b"member-sign" not in his.get(HOME).content
    his.post(f"{HOME}{lasting.pk}/end/")
    for path in paths:
        assert b"member-sign" not in hers.get(path).content, path


def test_titles_and_addresses_say_nothing(hers: Client, his: Client, lasting: Supervision) -> None:
    for browser, paths in (
        (hers, [TEENS, "/teen/settings/", "/teen/settings/message/"]),
        (his, [HOME, f"{HOME}{lasting.pk}/end/"]),
    ):
        for path in paths:
            answer = browser.get(path)
            assert b"<title>Reclaim</title>" in answer.content
            assert "no-store" in answer.headers["Cache-Control"]


def test_help_is_on_the_public_host_and_hears_nothing_of_the_page(
    hers: Client, settings: Settings, lasting: Supervision
) -> None:
    settings.SITE_URL = "https://help.test"
    body = hers.get(TEENS).content.decode()
    links = re.findall(r'<a [^>]*href="https://help\.test/[^>]*>', body)
    assert {address for link in links for address in re.findall(r'href="([^"]+)"', link)} == {
        "https://help.test/help/",
        "https://help.test/report/",
    }
    assert all('rel="noreferrer noopener"' in link for link in links)
    assert lasting.state == "active"
