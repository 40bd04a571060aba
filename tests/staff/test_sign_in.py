"""Staff come in by a password and a second factor, through allauth's own pages."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client

from staff.models import AuditRow, User
from tests.makers import give_second_factor, make_user, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "a long sentence nobody guesses"
SIGN_IN, SECOND_STEP, SET_UP = "/staff/sign-in/", "/staff/sign-in/second-step/", "/staff/second-step/"
HELD = "/triage/held/"
# The app begins to show another code.
A_NEW_CODE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def sena(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    user = make_user("sena", role="senior", password=PASSWORD)
    user.email = "sena@example.test"
    user.save()
    return user


def code_of(secret: str, *, ago: int = 0) -> str:
    """What the app shows now, or so many seconds ago; each is taken once, so what was taken before is forgotten."""
    cache.clear()
    return str(format_hotp_value(hotp_value(secret, (int(time.time()) - ago) // 30)))


def give_password(client: Client, login: str = "sena", password: str = PASSWORD, **more: str) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["sena", "sena@example.test"])
def test_a_password_and_a_code_open_the_desk(client: Client, sena: User, login: str) -> None:
    secret = give_second_factor(sena)
    answer = give_password(client, login, next=HELD)
    assert answer.headers["Location"].startswith(SECOND_STEP)
    assert client.get(HELD).status_code == 302, "The password alone opens nothing."
    answer = client.post(answer.headers["Location"], {"code": code_of(secret)})
    assert answer.headers["Location"] == HELD
    assert client.get(HELD).status_code == 200
    assert AuditRow.objects.filter(actor=sena, act="sign_in").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_has_no_second_factor_sets_one_up_and_is_in(client: Client, sena: User) -> None:
    answer = give_password(client)
    assert client.get(answer.headers["Location"]).headers["Location"] == SET_UP
    page = client.get("/staff/second-step/app/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    answer = client.post("/staff/second-step/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/staff/second-step/recovery-codes/"
    codes = re.findall(r"<code>(\d{8})</code>", client.get(answer.headers["Location"]).content.decode())
    assert len(codes) == 10
    assert client.get(HELD).status_code == 200
    acts = AuditRow.objects.filter(actor=sena).order_by("position").values_list("act", "detail__type")
    assert list(acts) == [
        ("sign_in", None),
        ("sign_in.factor_added", "totp"),
        ("sign_in.factor_added", "recovery_codes"),
    ]


def test_a_session_that_was_left_open_can_not_be_given_a_second_factor(
    client: Client, sena: User, settings: Any
) -> None:
    give_password(client, sena.username)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert client.get("/staff/second-step/app/").headers["Location"].startswith("/staff/confirm/")


def test_recovery_codes_are_shown_once(client: Client, sena: User) -> None:
    signed_in(client, sena)
    page = client.get("/staff/second-step/recovery-codes/").content.decode()
    assert re.findall(r"<code>\d{8}</code>", page) == []


def test_a_recovery_code_signs_in_once(client: Client, sena: User) -> None:
    give_second_factor(sena)
    code = Authenticator.objects.get(user=sena, type="recovery_codes").wrap().get_unused_codes()[0]
    give_password(client)
    assert client.post(SECOND_STEP, {"code": code}).status_code == 302
    assert client.get(HELD).status_code == 200
    again = Client()
    give_password(again)
    assert again.post(SECOND_STEP, {"code": code}).status_code == 200
    assert again.get(HELD).status_code == 302


def test_a_code_is_taken_once(client: Client, sena: User) -> None:
    code = code_of(give_second_factor(sena))
    give_password(client)
    assert client.post(SECOND_STEP, {"code": code}).status_code == 302
    over_her_shoulder = Client()
    give_password(over_her_shoulder)
    assert over_her_shoulder.post(SECOND_STEP, {"code": code}).status_code == 200
    assert over_her_shoulder.get(HELD).status_code == 302


def test_a_code_read_in_its_last_second_counts_in_the_next_and_an_older_one_does_not(
    client: Client, sena: User
) -> None:
    secret = give_second_factor(sena)
    with time_machine.travel(A_NEW_CODE, tick=False):
        give_password(client)
        assert client.post(SECOND_STEP, {"code": code_of(secret, ago=31)}).status_code == 200
        assert client.post(SECOND_STEP, {"code": code_of(secret, ago=1)}).status_code == 302


@pytest.mark.parametrize("written", ["{0}{1}", " {0} {1} ", "{0}-{1}"])
def test_a_code_counts_once_as_long_as_it_lives(sena: User, written: str) -> None:
    secret = give_second_factor(sena)
    with time_machine.travel(A_NEW_CODE, tick=False) as clock:
        # Of an app that is half a minute ahead.
        code = code_of(secret, ago=-30)
        signs_in(Client(), code)
        for _nearly_half_a_minute in range(3):
            clock.shift(timedelta(seconds=29))
            over_her_shoulder = Client()
            give_password(over_her_shoulder)
            again = {"code": written.format(code[:3], code[3:])}
            assert over_her_shoulder.post(SECOND_STEP, again).status_code == 200


def test_a_code_that_signed_in_does_not_show_once_more_who_it_is(client: Client, sena: User) -> None:
    secret = give_second_factor(sena)
    with time_machine.travel(A_NEW_CODE, tick=False) as clock:
        code = code_of(secret)
        signs_in(client, code)
        clock.shift(timedelta(seconds=31))
        answer = client.post("/staff/confirm/code/", {"code": code})
    assert "Each counts once" in answer.content.decode()


def signs_in(client: Client, code: str) -> None:
    give_password(client)
    assert client.post(SECOND_STEP, {"code": code}).status_code == 302


def test_a_code_that_is_refused_is_a_row_of_the_chain(client: Client, sena: User) -> None:
    right = code_of(give_second_factor(sena))
    give_password(client)
    client.post(SECOND_STEP, {"code": f"{(int(right) + 1) % 10**6:06}"})
    row = AuditRow.objects.get(actor=sena, act="sign_in.factor_refused")
    assert row.detail == {"type": "totp"}


def test_guessing_codes_all_day_is_fifty_guesses(client: Client, sena: User) -> None:
    secret = give_second_factor(sena)
    with time_machine.travel(A_NEW_CODE, tick=False) as clock:
        wrong = f"{(int(code_of(secret)) + 500) % 10**6:06}"
        for _five_minutes in range(12):
            give_password(client)
            for _ in range(5):
                client.post(SECOND_STEP, {"code": wrong})
            clock.shift(timedelta(minutes=6))
    assert AuditRow.objects.filter(act="sign_in.factor_refused").count() == 50


def test_the_answer_is_the_same_for_a_known_and_an_unknown_name(client: Client, sena: User) -> None:
    known = give_password(client, sena.username, "wrong")
    unknown = give_password(client, "nobody", "wrong")
    assert _told(known) == _told(unknown)
    assert "do not fit together" in _told(known)


def _told(answer: Any) -> str:
    return "".join(
        re.findall(r'<div class="field__error" role="alert">(.*?)</div>', answer.content.decode(), re.DOTALL)
    )


def test_guessing_a_password_is_stopped_even_when_the_next_guess_is_right(client: Client, sena: User) -> None:
    give_second_factor(sena)
    for number in range(5):
        assert "do not fit together" in _told(give_password(client, password=f"guess {number}"))
    answer = give_password(client)
    assert answer.status_code == 200
    assert "Wait five minutes" in _told(answer)


def test_guessing_a_code_is_stopped_even_when_the_next_guess_is_right(client: Client, sena: User) -> None:
    secret = give_second_factor(sena)
    right = code_of(secret)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    give_password(client)
    for _ in range(5):
        client.post(SECOND_STEP, {"code": wrong})
    answer = client.post(SECOND_STEP, {"code": right})
    assert answer.status_code == 200
    assert "Wait five minutes" in answer.content.decode()
    assert client.get(HELD).status_code == 302


def test_who_left_does_not_come_in(client: Client, sena: User) -> None:
    give_second_factor(sena)
    sena.is_active = False
    sena.save()
    give_password(client)
    assert client.get(HELD).status_code == 302


def test_the_only_second_factor_can_not_be_removed(client: Client, sena: User) -> None:
    signed_in(client, sena)
    client.post("/staff/confirm/", {"password": PASSWORD})
    answer = client.post("/staff/second-step/app/remove/")
    assert answer.status_code == 200
    assert "only second step" in answer.content.decode()
    assert Authenticator.objects.filter(user=sena, type="totp").exists()


def test_changing_second_factors_asks_once_more_who_it_is(client: Client, sena: User) -> None:
    signed_in(client, sena)
    for path in (
        "/staff/second-step/app/remove/",
        "/staff/second-step/recovery-codes/new/",
        "/staff/second-step/passkeys/add/",
    ):
        assert client.get(path).headers["Location"].startswith("/staff/confirm/"), path


def test_a_dump_of_the_database_makes_no_codes(sena: User) -> None:
    secret = give_second_factor(sena)
    for authenticator in Authenticator.objects.filter(user=sena):
        assert secret not in str(authenticator.data)
    stored = Authenticator.objects.get(user=sena, type="totp").data["secret"]
    assert decrypt(stored) == secret


def test_a_secret_key_may_be_rotated(settings: Any, sena: User) -> None:
    give_second_factor(sena)
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" + "y" * 50, [old]
    assert len(give_second_factor(sena)) == 32


def test_when_the_secret_key_is_lost_no_code_fits(client: Client, settings: Any, sena: User) -> None:
    secret = give_second_factor(sena)
    settings.SECRET_KEY = "another-" + "y" * 50
    give_password(client)
    for code in (code_of(secret), code_of("")):
        assert client.post(SECOND_STEP, {"code": code}).status_code == 200
    assert client.get(HELD).status_code == 302


def test_one_sees_where_one_is_signed_in_and_ends_it_elsewhere(client: Client, sena: User) -> None:
    secret = give_second_factor(sena)
    browser = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    elsewhere = Client(REMOTE_ADDR="203.0.113.9", headers={"user-agent": browser})
    for one in (elsewhere, client):
        give_password(one)
        one.post(SECOND_STEP, {"code": code_of(secret)})
        assert one.get(HELD).status_code == 200
    page = client.get("/staff/sessions/").content.decode()
    assert "Firefox, Windows" in page
    client.post("/staff/sessions/")
    assert client.get(HELD).status_code == 200
    assert elsewhere.get(HELD).status_code == 302


def test_a_session_keeps_no_address_and_no_version(client: Client, sena: User) -> None:
    secret = give_second_factor(sena)
    client.defaults.update(
        REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Marked/8.36 (X11; Linux) Firefox/140.0"
    )
    give_password(client)
    client.post(SECOND_STEP, {"code": code_of(secret)})
    kept = UserSession.objects.get(user=sena)
    assert (kept.ip, kept.user_agent) == ("0.0.0.0", "Firefox, Linux")  # noqa: S104 - Nothing listens on it.


def test_signing_out_ends_it(client: Client, sena: User) -> None:
    signed_in(client, sena)
    assert client.get("/staff/sign-out/").status_code == 200, "Looking at the page signs nobody out."
    assert client.get(HELD).status_code == 200
    assert client.post("/staff/sign-out/").headers["Location"] == SIGN_IN
    assert client.get(HELD).status_code == 302


def test_signing_in_does_not_lead_elsewhere(client: Client, sena: User) -> None:
    secret = give_second_factor(sena)
    answer = give_password(client, next="https://evil.example/")
    answer = client.post(answer.headers["Location"], {"code": code_of(secret)})
    assert answer.headers["Location"] == "/staff/"


def test_pages_of_the_desk_are_kept_nowhere(client: Client, sena: User) -> None:
    signed_in(client, sena)
    for path in (HELD, "/staff/second-step/", "/staff/sessions/", "/triage/audit/"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path
