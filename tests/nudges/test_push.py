"""Pushes: sealed, signed, saved before they are tried, and never at a time or to a place where they don't belong."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pytest_django import Settings

import nudges.services.pushing
from accounts.models import Account
from nudges.models import Nudge, Push, PushAddress
from nudges.push_sealing import seal
from nudges.services import allow_pushes, dismiss, inbox, send_due_pushes, show_due, signer
from nudges.services.pushing import LEASE, claim
from portal.push_key import ensure_push_key
from tests.nudges.makers import AFTERNOON, facts, make_teen, make_waiting
from tests.nudges.push_service import OwnBrowser, PushService, make_browser, push_service

pytestmark = [pytest.mark.django_db, pytest.mark.real_servers]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _key(settings: Settings, tmp_path: Path) -> None:
    settings.VAPID_PRIVATE_KEY_FILE = tmp_path / "push.key"
    settings.VAPID_CONTACT = "https://teens.reclaim.example:8443"
    settings.PUSH_ALLOWED_HOSTS = ["127.0.0.1"]
    ensure_push_key(tmp_path / "push.key")


@pytest.fixture
def girl() -> Account:
    return make_teen()


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


def turn_on(teen: Account, url: str) -> OwnBrowser:
    browser = make_browser(url)
    allow_pushes(teen_id=teen.pk, browser=browser.address, now=AFTERNOON - HOUR)
    return browser


def show(teen: Account, *, kind: str = "stranger", now: datetime = AFTERNOON) -> Nudge:
    waiting = make_waiting(teen, kind=kind, due_at=now)
    show_due(now=now)
    waiting.refresh_from_db()
    assert waiting.state == Nudge.State.SHOWN
    return waiting


def send(now: datetime = AFTERNOON) -> int:
    return send_due_pushes(clock=lambda: now)


def test_her_browser_opens_it_and_finds_nothing_in_it(girl: Account, service: PushService) -> None:
    browser = turn_on(girl, service.url)
    show(girl)
    assert send() == 1
    ((headers, body),) = service.got
    assert browser.opens(body) == "tip"
    assert {name: headers[name] for name in ("ttl", "urgency", "topic", "content-encoding")} == {
        "ttl": "3600",
        "urgency": "low",
        "topic": "privacy-nudge",
        "content-encoding": "aes128gcm",
    }
    assert Push.objects.get().state == Push.State.SENT
    assert send() == 0


def test_it_is_signed_for_this_service_and_for_half_a_day(girl: Account, service: PushService) -> None:
    turn_on(girl, service.url)
    show(girl)
    send()
    signed = service.got[0][0]["authorization"]
    assert Vapid02.verify(signed)
    token = signed.partition("t=")[2].partition(",")[0]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == service.url.removesuffix("/push/abc")
    assert claims["sub"] == "https://teens.reclaim.example:8443"
    assert claims["exp"] == int((AFTERNOON + 12 * HOUR).timestamp())


def test_nobody_in_between_can_tell_one_cards_push_from_anothers(service: PushService) -> None:
    for kind in Nudge.Kind.values:
        if kind != Nudge.Kind.FEATURE:
            girl = make_teen()
            turn_on(girl, f"{service.url}{kind}")
            show(girl, kind=kind)
    assert send() == 4
    assert len({len(body) for _headers, body in service.got}) == 1
    assert len({(one["ttl"], one["urgency"], one["topic"]) for one, _body in service.got}) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_behind_which_nobody_is_is_forgotten(girl: Account, status: int) -> None:
    with push_service(status) as service:
        turn_on(girl, service.url)
        show(girl)
        send()
    assert not PushAddress.objects.exists()
    assert not Push.objects.exists()


def test_a_failure_is_tried_again_later_and_later(girl: Account) -> None:
    with push_service(500, 429, 201) as service:
        turn_on(girl, service.url)
        show(girl)
        assert (send(), send()) == (1, 0)
        assert send(AFTERNOON + timedelta(minutes=1)) == 1
        assert send(AFTERNOON + timedelta(minutes=10)) == 0
        assert send(AFTERNOON + timedelta(minutes=11)) == 1
    assert Push.objects.get().state == Push.State.SENT


def test_in_the_end_it_is_given_up(girl: Account) -> None:
    with push_service(503) as service:
        turn_on(girl, service.url)
        show(girl)
        # As the afternoon goes on, and the next morning before school.
        for later in (0, 1, 2, 4, 15, 16, 30):
            send(AFTERNOON + later * HOUR)
        assert Push.objects.get().state == Push.State.GIVEN_UP
        assert len(service.got) == 5
    assert PushAddress.objects.exists()


def test_a_no_for_good_is_not_repeated(girl: Account) -> None:
    with push_service(403) as service:
        turn_on(girl, service.url)
        show(girl)
        send()
    assert Push.objects.get().state == Push.State.GIVEN_UP
    assert PushAddress.objects.exists()


def test_a_redirect_is_not_followed(girl: Account, service: PushService) -> None:
    with push_service(307) as leading:
        turn_on(girl, leading.url)
        show(girl)
        send()
    assert service.got == []
    assert Push.objects.get().state == Push.State.WAITING


def test_a_service_that_is_away_is_tried_again(girl: Account) -> None:
    with push_service() as service:
        turn_on(girl, service.url)
    show(girl)
    assert send() == 1
    assert Push.objects.get().state == Push.State.WAITING


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "2130706433", "localhost"])
def test_what_leads_into_our_own_network_is_never_called(
    girl: Account, settings: Settings, host: str
) -> None:
    settings.PUSH_ALLOWED_HOSTS = []
    turn_on(girl, f"https://{host}/push/abc")
    show(girl)
    send()
    assert not PushAddress.objects.exists()


def test_a_worker_that_dies_in_the_middle_leaves_it_due_again(girl: Account, service: PushService) -> None:
    turn_on(girl, service.url)
    show(girl)
    own = signer()
    assert own is not None
    claimed = claim(limit=5, signer=own, now=AFTERNOON)
    assert [one.tries for one in claimed] == [1]
    kept = Push.objects.get()
    assert (kept.tries, kept.tried_at, kept.next_try_at) == (1, AFTERNOON, AFTERNOON + LEASE)
    # It died here. Another takes over when the lease is over, and not before.
    assert send(AFTERNOON + LEASE - timedelta(seconds=1)) == 0
    assert send(AFTERNOON + LEASE) == 1
    assert len(service.got) == 1


def test_what_nobody_thought_of_keeps_nobody_elses_waiting(
    girl: Account, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on(girl, service.url)
    show(girl)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(nudges.services.pushing, "send_post", fail)
    assert send() == 1
    assert Push.objects.get().state == Push.State.WAITING


def test_at_school_it_waits_for_the_last_bell(girl: Account, service: PushService) -> None:
    morning = AFTERNOON.replace(hour=8)  # Nine in Berlin.
    turn_on(girl, service.url)
    show(girl, now=morning)
    assert send(morning) == 0
    assert send(AFTERNOON.replace(hour=14)) == 1


def test_a_retry_waits_for_the_morning_too(girl: Account) -> None:
    late = AFTERNOON.replace(hour=19, minute=59, second=30)
    with push_service(500, 201) as service:
        turn_on(girl, service.url)
        show(girl, now=late)
        assert send(late) == 1
        assert send(late + timedelta(minutes=2)) == 0
        assert send(late.replace(day=25, hour=6, minute=0)) == 1
        assert len(service.got) == 2


def test_a_second_card_on_the_same_day_lights_up_no_phone(girl: Account, service: PushService) -> None:
    turn_on(girl, service.url)
    show(girl)
    assert send() == 1
    show(girl, kind="after_block", now=AFTERNOON + HOUR)
    assert send(AFTERNOON + HOUR) == 0
    assert send(AFTERNOON + 24 * HOUR) == 1


@pytest.mark.parametrize("how", ["seen", "answered", "grown"])
def test_what_is_no_news_to_her_is_not_pushed(girl: Account, service: PushService, how: str) -> None:
    turn_on(girl, service.url)
    card = show(girl)
    if how == "seen":
        inbox(teen=facts(girl), now=AFTERNOON)
    elif how == "answered":
        dismiss(teen_id=girl.pk, card_id=card.pk, now=AFTERNOON)
    else:
        Account.objects.update(age_band="18_20")
    assert send() == 0
    assert Push.objects.get().state == Push.State.GIVEN_UP
    assert service.got == []


def test_each_of_her_browsers_is_told_once_and_five_at_most(girl: Account, service: PushService) -> None:
    for number in range(7):
        browser = make_browser(f"{service.url}{number}")
        allow_pushes(teen_id=girl.pk, browser=browser.address, now=AFTERNOON - timedelta(days=7 - number))
    show(girl)
    assert send() == 5
    kept = PushAddress.objects.values_list("endpoint", flat=True)
    assert sorted(kept) == [f"{service.url}{number}" for number in range(2, 7)]


def test_a_browser_that_another_teen_uses_by_now_is_told_nothing_of_the_first(
    girl: Account, service: PushService
) -> None:
    browser = turn_on(girl, service.url)
    show(girl)
    allow_pushes(teen_id=make_teen().pk, browser=browser.address, now=AFTERNOON)
    assert send() == 0
    assert service.got == []


def test_an_address_that_can_not_be_signed_for_holds_up_nobody(girl: Account, service: PushService) -> None:
    other = make_teen()
    for teen in (girl, other):
        turn_on(teen, f"{service.url}{teen.pk}")
        show(teen)
    PushAddress.objects.filter(account_id=girl.pk).update(endpoint="https://[::1]/push", p256dh="none")
    assert send() == 1
    assert [one.account_id for one in PushAddress.objects.all()] == [other.pk]


def test_without_a_key_nothing_is_sent_and_nothing_is_lost(
    girl: Account, service: PushService, settings: Settings, tmp_path: Path
) -> None:
    turn_on(girl, service.url)
    show(girl)
    settings.VAPID_PRIVATE_KEY_FILE = tmp_path / "none"
    assert send() == 0
    settings.VAPID_PRIVATE_KEY_FILE = tmp_path / "push.key"
    assert send() == 1


def test_a_teen_without_pushes_has_a_card_and_no_push(girl: Account) -> None:
    show(girl)
    assert not Push.objects.exists()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "push.key"
    assert [ensure_push_key(file), ensure_push_key(file)] == [True, False]
    assert file.stat().st_mode & 0o777 == 0o600


# RFC 8291, appendix A.
EXAMPLE = {
    "text": "V2hlbiBJIGdyb3cgdXAsIEkgd2FudCB0byBiZSBhIHdhdGVybWVsb24",
    "sender": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "receiver": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "sealed": (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8"
        "wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ),
}


def raw(name: str) -> bytes:
    text = EXAMPLE[name]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_sealing_gives_the_standards_own_example() -> None:
    own = ec.derive_private_key(int.from_bytes(raw("sender"), "big"), ec.SECP256R1())
    sealed = seal(raw("text"), receiver=raw("receiver"), auth=raw("auth"), own=own, salt=raw("salt"))
    assert sealed == raw("sealed")


def test_what_others_use_opens_what_we_seal() -> None:
    reference = pytest.importorskip("http_ece")
    browser = make_browser("https://push.example/abc")
    sealed = seal(b"tip", receiver=point(browser), auth=browser.auth)
    opened = reference.decrypt(sealed, private_key=browser.key, auth_secret=browser.auth, version="aes128gcm")
    assert opened == b"tip"


def point(browser: OwnBrowser) -> bytes:
    return base64.urlsafe_b64decode(browser.address.p256dh + "=")
