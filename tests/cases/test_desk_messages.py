"""The desk reads one message at a time, each reading is recorded, and what it writes is sealed."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

import staff.services
from cases.models import Case, Claim, Message
from cases.services import claims, desk_messages
from cases.services.case_keys import case_key_for_team, open_sealed
from staff.services import AuditRow, User
from tests.cases.reporter import Reporter, told
from tests.cases.test_a_dump_opens_nothing import _as_text, _dump
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db
WORDS = "He wants money until tonight, and I am so scared of him"
ANSWER = "You did the right thing. We are here."


@pytest.fixture
def code(reporter: Reporter) -> str:
    """Of a report with one message."""
    code = reporter.code()
    assert reporter.write(code, WORDS).status_code == 201
    return code


@pytest.fixture
def case(code: str) -> Case:
    return Case.objects.get(selector=code[:5])


@pytest.fixture
def desk(triager: User) -> Client:
    return signed_in(Client(), triager)


def _reveal(client: Client, case: Case, message: Message | None = None, **headers: str) -> Any:
    pk = message.pk if message else Message.objects.earliest("id").pk
    return client.post(f"/triage/{case.pk}/messages/{pk}/reveal/", headers=headers or None)


def _form(**over: str) -> dict[str, str]:
    return {"key": "k" * 32, "text": ANSWER} | over


def _write(client: Client, case: Case, **over: str) -> Any:
    return client.post(f"/triage/{case.pk}/messages/", _form(**over))


def test_the_case_page_shows_one_line_and_no_word(desk: Client, case: Case) -> None:
    page = desk.get(f"/triage/{case.pk}/").content.decode()

    assert "1 message from the reporter" in page
    assert "1 unread" in page
    assert "about 9 words" in page
    for word in WORDS.split():
        if len(word) > 4:
            assert word not in page


def test_reading_shows_it_and_is_recorded_each_time(desk: Client, case: Case, triager: User) -> None:
    first, again = _reveal(desk, case), _reveal(desk, case)

    assert WORDS in first.content.decode()
    assert WORDS in again.content.decode()
    rows = AuditRow.objects.filter(act="case.read_message")
    assert [(row.actor, row.object_id, row.detail) for row in rows] == [
        (triager, str(case.pk), {"message": Message.objects.get().pk})
    ] * 2
    assert Message.objects.get().read_on == timezone.now().date()
    assert "You have read 2 messages in this shift." in again.content.decode()


def test_what_was_read_is_kept_in_no_cache(desk: Client, case: Case) -> None:
    assert "no-store" in _reveal(desk, case)["Cache-Control"]


def test_a_part_of_the_page_is_only_the_part(desk: Client, case: Case) -> None:
    part = _reveal(desk, case, None, **{"X-Part-Of-Page": "yes"}).content.decode()
    assert WORDS in part
    assert "<html" not in part


def test_a_message_can_not_write_into_the_page(
    reporter: Reporter, desk: Client, code: str, case: Case
) -> None:
    reporter.write(code, '<script src="//evil.test"></script><b>x')
    shown = _reveal(desk, case, Message.objects.latest("id")).content.decode()
    assert "&lt;script" in shown
    assert "//evil.test&quot;" in shown


@pytest.mark.parametrize("role", ["administrator", "auditor", "platform_manager", "safety_reviewer", ""])
def test_who_has_nothing_to_do_with_it_reads_and_writes_nothing(case: Case, role: str) -> None:
    client = signed_in(Client(), make_user("somebody", role=role))

    answers = [
        _reveal(client, case),
        _write(client, case),
        client.post(f"/triage/{case.pk}/messages/check/", {}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert WORDS not in "".join(answer.content.decode() for answer in answers)
    assert not AuditRow.objects.filter(act__in=["case.read_message", "case.write_message"]).exists()
    assert Message.objects.get().read_on is None


def test_the_liaison_reads_and_does_not_write(case: Case, liaison: User) -> None:
    client = signed_in(Client(), liaison)
    assert _reveal(client, case).status_code == 200
    assert _write(client, case).status_code == 403


def test_reading_is_asked_for_and_never_fetched(desk: Client, case: Case) -> None:
    for path in ("", "check/", f"{Message.objects.get().pk}/reveal/"):
        assert desk.get(f"/triage/{case.pk}/messages/{path}").status_code == 405


def test_a_form_of_another_site_reads_nothing(triager: User, case: Case) -> None:
    client = signed_in(Client(enforce_csrf_checks=True), triager)
    assert _reveal(client, case).status_code == 403
    assert not AuditRow.objects.filter(act="case.read_message").exists()


def test_a_message_of_another_case_is_not_there(reporter: Reporter, desk: Client, case: Case) -> None:
    other = reporter.code()
    reporter.write(other, "of somebody else")
    assert _reveal(desk, case, Message.objects.latest("id")).status_code == 404


def test_reading_a_free_case_makes_it_ones_own(desk: Client, case: Case, triager: User) -> None:
    _reveal(desk, case)
    assert Claim.objects.get(case=case).by == triager


def test_a_colleagues_case_is_not_read_over_their_shoulder(desk: Client, case: Case, senior: User) -> None:
    claims.take_case(case=case, by=senior, now=timezone.now())

    answer = _reveal(desk, case)

    assert answer.status_code == 409
    assert WORDS not in answer.content.decode()
    assert not AuditRow.objects.filter(act="case.read_message").exists()


def test_without_the_teams_key_nothing_is_read_and_nothing_recorded(
    desk: Client, case: Case, settings: Settings
) -> None:
    settings.TEAM_PRIVATE_KEY_FILE = "/nowhere/team.key"

    assert _reveal(desk, case).status_code == 409
    assert not AuditRow.objects.filter(act="case.read_message").exists()
    assert "is not on this machine" in desk.get(f"/triage/{case.pk}/").content.decode()


def test_what_the_desk_writes_she_reads(
    reporter: Reporter, desk: Client, code: str, case: Case, triager: User
) -> None:
    answer = _write(desk, case)

    assert answer.status_code == 302
    assert [(one["from"], one["text"], one["unread"]) for one in told(reporter.status(code))["messages"]] == [
        ("you", WORDS, False),
        ("desk", ANSWER, True),
    ]
    row = AuditRow.objects.get(act="case.write_message")
    assert row.actor == triager
    assert ANSWER not in str(row.detail)


def test_she_does_not_learn_who_wrote(
    reporter: Reporter, desk: Client, code: str, case: Case, triager: User
) -> None:
    _write(desk, case)
    assert triager.username not in reporter.status(code).content.decode()


def test_a_prepared_text_is_sent_as_it_is_and_the_case_waits_for_her(
    reporter: Reporter, desk: Client, code: str, case: Case
) -> None:
    _write(desk, case, text="", template="where", asks="on")

    assert "Do you know where the picture is?" in told(reporter.status(code))["messages"][-1]["text"]
    assert AuditRow.objects.get(act="case.write_message").detail["template"] == "where"
    case.refresh_from_db()
    assert case.awaits_reporter


def test_a_double_click_writes_once(desk: Client, case: Case) -> None:
    answers = [_write(desk, case).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert Message.objects.filter(sender="desk").count() == 1
    assert AuditRow.objects.filter(act="case.write_message").count() == 1


def test_words_that_blame_are_warned_about_and_can_be_sent_all_the_same(desk: Client, case: Case) -> None:
    harsh = "Why did you send it? Look at https://evil.example/x"

    warned = _write(desk, case, text=harsh)
    page = warned.content.decode()
    assert warned.status_code == 422
    assert "Why did you" in page
    assert "evil.example" in page
    assert Message.objects.filter(sender="desk").count() == 0

    assert _write(desk, case, text=harsh, anyway="on").status_code == 302
    assert Message.objects.filter(sender="desk").count() == 1


def test_an_empty_message_is_not_sent(desk: Client, case: Case) -> None:
    assert _write(desk, case, text="  ").status_code == 422
    assert Message.objects.filter(sender="desk").count() == 0


def test_a_text_is_checked_while_it_is_written_and_not_kept(desk: Client, case: Case) -> None:
    before = _dump()
    answer = desk.post(
        f"/triage/{case.pk}/messages/check/", {"text": "It was your fault. Call 0800 5550199."}
    )

    found = answer.content.decode()
    assert "your fault" in found
    assert "0800 5550199" in found
    assert desk.post(f"/triage/{case.pk}/messages/check/", {"text": ANSWER}).content.strip() == b""
    assert len(_dump()) == len(before)


def test_a_report_that_is_over_is_not_written_to(desk: Client, case: Case) -> None:
    Case.objects.update(status="declined")
    _write(desk, case)
    assert Message.objects.filter(sender="desk").count() == 0


def test_what_was_read_counts_for_one_shift_and_for_who_read_it(
    case: Case, triager: User, senior: User
) -> None:
    now = timezone.now()
    pk = Message.objects.get().pk
    for hours in (30, 13, 11, 1):
        staff.services.record(
            actor=triager,
            act="case.read_message",
            on=case,
            at=now - timedelta(hours=hours),
            detail={"message": pk},
        )

    assert desk_messages.read_this_shift(by=triager, now=now) == 2
    assert desk_messages.read_this_shift(by=senior, now=now) == 0
    seen = desk_messages.desk_summary(case=case, seen_by=senior, now=now)
    assert [(one.username, one.count) for one in seen.others] == [(triager.username, 2)]
    assert desk_messages.desk_summary(case=case, seen_by=triager, now=now).others == ()


def test_who_has_read_much_is_told_to_let_somebody_else(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_messages, "MUCH_TO_READ", 2)
    assert "Let somebody else read" not in _reveal(desk, case).content.decode()
    assert "Let somebody else read" in _reveal(desk, case).content.decode()
    assert "Let somebody else read" in desk.get(f"/triage/{case.pk}/").content.decode()


def test_the_line_says_danger(reporter: Reporter, desk: Client, code: str, case: Case) -> None:
    reporter.write(code, "he is at the door", danger=True)
    page = desk.get(f"/triage/{case.pk}/").content.decode()
    assert "She says that she is in danger." in page
    assert "at the door" not in page


def test_many_messages_take_no_more_queries(
    reporter: Reporter,
    code: str,
    case: Case,
    triager: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        desk_messages.desk_summary(case=case, seen_by=triager, now=timezone.now())
    for number in range(5):
        reporter.write(code, f"number {number}")
    with django_assert_num_queries(2):
        desk_messages.desk_summary(case=case, seen_by=triager, now=timezone.now())


def test_a_dump_of_the_database_reads_nothing(
    reporter: Reporter, desk: Client, code: str, case: Case
) -> None:
    reporter.tell(code, {"platform": None, "where": "https://loop.example/secret-place"}, authorised=True)
    _reveal(desk, case)
    _write(desk, case)

    everything = "\n".join(_as_text(value) for value in _dump())

    for words in (WORDS, ANSWER, "secret-place"):
        assert words not in everything
        assert words.encode().hex() not in everything
        for word in re.findall(r"\w{6,}", words):
            assert word.encode().hex() not in everything
    message = Message.objects.latest("id")
    assert open_sealed(bytes(message.sealed_text), case_key=case_key_for_team(case)) == ANSWER


def test_no_log_line_holds_a_word(
    reporter: Reporter, desk: Client, code: str, case: Case, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    with caplog.at_level(logging.DEBUG):
        reporter.write(code, WORDS)
        _reveal(desk, case)
        _write(desk, case)
        _write(desk, case, text="It was your fault.")
        desk.post(f"/triage/{case.pk}/messages/check/", {"text": WORDS})
        reporter.post("messages/", {"access_code": code, "text": WORDS, "danger": "x"})
    printed = capfd.readouterr()
    logged = "\n".join(
        [*(f"{one.getMessage()} {one.__dict__}" for one in caplog.records), printed.out, printed.err]
    )
    for words in (WORDS, ANSWER, "your fault", code):
        assert words not in logged
