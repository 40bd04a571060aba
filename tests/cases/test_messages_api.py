"""What the reporter writes: kept sealed, once, and answered with all that she sees."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from pytest_django.fixtures import Settings

from cases import code_keys
from cases.models import Case, CaseEvent, Clock, Message
from cases.services.case_keys import case_key_for_team, open_sealed, seal
from tests.cases.reporter import Reporter, fields, new_key, told

pytestmark = pytest.mark.django_db
WORDS = "He says he will send it to my class 😟"


def desk_writes(text: str = "We are on it.") -> Message:
    case = Case.objects.get()
    sealed = seal(text, case_key=case_key_for_team(case))
    someone, _ = get_user_model().objects.get_or_create(username="somebody at the desk")
    return Message.objects.create(
        case=case, sender="desk", by=someone, sealed_text=sealed, sent_on=date(2026, 11, 22)
    )


def test_her_message_stands_in_the_answer_and_in_the_status(reporter: Reporter) -> None:
    code = reporter.code()

    answer = reporter.write(code, WORDS)

    assert answer.status_code == 201
    written = [{"from": "you", "text": WORDS, "sent_on": date.today().isoformat(), "unread": False}]  # noqa: DTZ011 - The servers' day.
    assert told(answer)["messages"] == written
    assert told(reporter.status(code)) == told(answer)


def test_the_row_holds_no_word_of_it_and_the_team_reads_it(reporter: Reporter) -> None:
    reporter.write(reporter.code(), WORDS)

    row = Message.objects.get()

    assert WORDS.encode() not in bytes(row.sealed_text)
    assert open_sealed(bytes(row.sealed_text), case_key=case_key_for_team(row.case)) == WORDS


def test_reading_the_thread_takes_one_derivation(reporter: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    code = reporter.code()
    reporter.write(code, WORDS)
    derived: list[str] = []
    really = code_keys.derive_root

    def counted(*, code: str, salt: bytes) -> code_keys.Root:
        derived.append(code)
        return really(code=code, salt=salt)

    monkeypatch.setattr(code_keys, "derive_root", counted)

    assert reporter.write(code, "more").status_code == 201
    assert len(derived) == 1


def test_the_same_key_and_body_are_kept_once_and_another_body_is_refused(reporter: Reporter) -> None:
    code, key = reporter.code(), new_key()

    first, again = reporter.write(code, WORDS, key=key), reporter.write(code, WORDS, key=key)
    other = reporter.write(code, "something else", key=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert told(first) == told(again)
    assert Message.objects.count() == 1


def test_without_an_idempotency_key_the_header_is_named(reporter: Reporter) -> None:
    answer = reporter.post("messages/", {"access_code": reporter.code(), "text": "x", "danger": False})

    assert answer.status_code == 400
    assert fields(answer) == ["Idempotency-Key"]


def test_a_wrong_code_is_answered_as_everywhere(reporter: Reporter) -> None:
    reporter.code()
    answer = reporter.write("0000000000000000000Z", WORDS)
    assert answer.status_code == 404
    assert answer.content == reporter.status("0000000000000000000Z").content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "  \n "),
        ("text", "x" * 4_001),
        ("text", "a\x00b"),
        ("text", "a\x1b[2Jb"),
        ("text", "a\u202egnp.b"),
        ("text", None),
        ("text", ["x"]),
        ("danger", "perhaps"),
        ("name", "Mia"),
    ],
)
def test_what_can_not_be_a_message_is_named(reporter: Reporter, field: str, value: Any) -> None:
    body = {"access_code": reporter.code(), "text": "x", "danger": False, field: value}
    answer = reporter.post("messages/", body, **{"Idempotency-Key": new_key()})

    assert answer.status_code == 400
    assert fields(answer) == [field]
    assert Message.objects.count() == 0


def test_lines_tabs_and_signs_made_of_several_are_kept(reporter: Reporter) -> None:
    answer = reporter.write(reporter.code(), "one\r\ntwo\tthree 👩‍👧 x" + "y" * 3_000)
    assert told(answer)["messages"][0]["text"] == "one\ntwo\tthree 👩‍👧 x" + "y" * 3_000


def test_the_desks_words_are_unread_once(reporter: Reporter) -> None:
    code = reporter.code()
    desk_writes()

    first, second = told(reporter.status(code)), told(reporter.status(code))

    assert [(one["from"], one["text"], one["unread"]) for one in first["messages"]] == [
        ("desk", "We are on it.", True)
    ]
    assert [one["unread"] for one in second["messages"]] == [False]
    read_on = Message.objects.get().read_on
    assert isinstance(read_on, date)


def test_danger_puts_the_case_on_top_and_somebody_looks_within_the_hour(
    reporter: Reporter, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-21T09:31:17Z", tick=False)
    code = reporter.code()
    before = Case.objects.get()
    # Somebody looked already.
    Clock.objects.all().delete()

    reporter.write(code, "he is at the door", danger=True)

    case = Case.objects.get()
    assert not before.in_danger
    assert case.in_danger
    assert case.risk > before.risk + 3_000
    assert CaseEvent.objects.filter(case=case, kind="said_danger").exists()
    clock = Clock.objects.get(kind="first_look")
    assert clock.due_at.isoformat() == "2026-11-21T10:45:00+00:00"
    assert Message.objects.get().says_danger


def test_saying_it_again_does_not_move_the_limit(reporter: Reporter, time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T09:30:00Z", tick=False)
    code = reporter.code(in_danger=True)
    due_at = Clock.objects.get(kind="first_look").due_at
    time_machine.move_to("2026-11-23T10:20:00Z", tick=False)

    reporter.write(code, "still", danger=True)

    assert Clock.objects.get(kind="first_look").due_at == due_at


def test_words_without_danger_leave_the_order_as_it_is(reporter: Reporter) -> None:
    code = reporter.code()
    before = Case.objects.get()
    reporter.write(code, WORDS)
    case = Case.objects.get()
    assert (case.in_danger, case.risk) == (before.in_danger, before.risk)


def test_an_answer_ends_the_wait_for_her(reporter: Reporter) -> None:
    code = reporter.code()
    Case.objects.update(awaits_reporter=True)
    reporter.write(code, "here I am")
    assert not Case.objects.get().awaits_reporter


def test_a_closed_case_that_she_writes_to_is_open_again(reporter: Reporter) -> None:
    code = reporter.code()
    Case.objects.update(status="closed", closed_on=date(2026, 11, 1))

    answer = reporter.write(code, "it came back")

    assert told(answer)["state"] == "open"
    assert Case.objects.get().closed_on is None
    assert CaseEvent.objects.filter(kind="reopened").count() == 1


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_a_report_that_nobody_reads_any_more_takes_no_message(reporter: Reporter, status: str) -> None:
    code = reporter.code()
    Case.objects.update(status=status, withdrawal_effective_on=date(2026, 11, 1))

    assert reporter.write(code, WORDS).status_code == 409
    assert Message.objects.count() == 0


def test_a_day_has_its_limit_and_danger_is_heard_beyond_it(reporter: Reporter, settings: Settings) -> None:
    settings.MESSAGES_PER_DAY = 2
    code = reporter.code()

    usual = [reporter.write(code, f"number {number}").status_code for number in range(3)]
    danger = [reporter.write(code, f"help {number}", danger=True).status_code for number in range(5)]

    assert usual == [201, 201, 409]
    assert danger == [201] * 4 + [409]


def test_the_next_day_she_can_write_again(reporter: Reporter, settings: Settings, time_machine: Any) -> None:
    settings.MESSAGES_PER_DAY = 1
    time_machine.move_to("2026-11-23T23:59:00Z", tick=False)
    code = reporter.code()
    assert [reporter.write(code, "a").status_code, reporter.write(code, "b").status_code] == [201, 409]
    time_machine.move_to("2026-11-24T00:01:00Z", tick=False)
    assert reporter.write(code, "c").status_code == 201


def test_only_the_day_is_kept(reporter: Reporter) -> None:
    reporter.write(reporter.code(), WORDS)
    kept = {field.name: field.get_internal_type() for field in Message._meta.fields}
    assert not [name for name, kind in kept.items() if kind in {"DateTimeField", "TimeField"}]


@pytest.mark.parametrize("path", ["messages/", "locations/"])
def test_they_are_written_and_never_fetched(reporter: Reporter, path: str) -> None:
    assert reporter.browser.get(f"/api/v1/cases/{path}").status_code == 405


@pytest.mark.parametrize("path", ["messages/", "locations/"])
def test_another_sites_page_can_not_write_for_her(reporter: Reporter, path: str) -> None:
    code = reporter.code()
    body = {"access_code": code, "text": "x", "danger": False}
    answer = reporter.post(
        path, body, **{"Idempotency-Key": new_key(), "Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403


def test_she_reads_when_her_words_go_and_why_it_was_declined(reporter: Reporter, settings: Settings) -> None:
    settings.MESSAGE_RETENTION_DAYS = 90
    code = reporter.code()
    before = told(reporter.status(code))
    Case.objects.update(status="declined", closed_on=date(2026, 11, 1), decline_reason="cannot_help")

    after = told(reporter.status(code))

    assert not {"messages_deleted_on", "decline_reason"} & set(before)
    assert (after["messages_deleted_on"], after["decline_reason"]) == ("2027-01-30", "cannot_help")
