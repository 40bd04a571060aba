from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases import policy, services
from cases.models import Case, CaseEvent, Clock
from cases.services import clocks, withdrawal
from hashes.models import Entry, FeedChange
from tests.cases.reporter import Reporter, fingerprint, picture, told

pytestmark = pytest.mark.django_db

ASKED = datetime(2026, 11, 23, 9, 31, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _asked_then(time_machine: Any) -> None:
    time_machine.move_to(ASKED, tick=False)


def _listed() -> int:
    return Entry.objects.filter(status="listed").count()


def test_it_waits_a_day_and_says_until_when(reporter: Reporter) -> None:
    code = reporter.code()

    answer = reporter.withdraw(code)

    assert answer.status_code == 202
    assert told(answer)["withdrawal"] == {"effective_on": "2026-11-24", "cancellable": True}
    assert told(answer)["state"] == "received"
    assert _listed() == 2


def test_it_waits_three_days_for_somebody_who_is_threatened(reporter: Reporter) -> None:
    code = reporter.code(threatened=True)

    assert told(reporter.withdraw(code))["withdrawal"]["effective_on"] == "2026-11-26"


def test_the_clock_does_not_say_when_she_asked(reporter: Reporter) -> None:
    reporter.withdraw(reporter.code())

    assert Clock.objects.get(kind="withdrawal").due_at == datetime(2026, 11, 24, 9, 45, tzinfo=UTC)


def test_the_worker_takes_it_into_effect_when_it_is_due(reporter: Reporter) -> None:
    code = reporter.code()
    reporter.withdraw(code)

    services.sweep_clocks(now=ASKED + timedelta(hours=23))
    assert _listed() == 2
    services.sweep_clocks(now=ASKED + timedelta(hours=25))

    assert _listed() == 0
    assert FeedChange.objects.filter(change="withdrawn").count() == 2
    assert told(reporter.status(code))["state"] == "withdrawn"
    assert not Clock.objects.filter(kind="withdrawal").exists()


def test_sweeping_twice_withdraws_once(reporter: Reporter) -> None:
    reporter.withdraw(reporter.code())
    late = ASKED + timedelta(days=2)

    services.sweep_clocks(now=late)
    services.sweep_clocks(now=late)

    assert FeedChange.objects.filter(change="withdrawn").count() == 2
    assert CaseEvent.objects.filter(kind="withdrawn").count() == 1


def test_asking_twice_changes_nothing(reporter: Reporter, time_machine: Any) -> None:
    code = reporter.code()
    first = told(reporter.withdraw(code))

    time_machine.move_to(ASKED + timedelta(hours=5), tick=False)

    assert told(reporter.withdraw(code)) == first
    assert CaseEvent.objects.filter(kind="withdrawal_asked").count() == 1


def test_it_can_be_cancelled_while_it_waits(reporter: Reporter) -> None:
    code = reporter.code()
    reporter.withdraw(code)

    answer = reporter.cancel(code)

    assert answer.status_code == 202
    assert told(answer)["withdrawal"] is None
    services.sweep_clocks(now=ASKED + timedelta(days=9))
    assert _listed() == 2


def test_there_is_nothing_to_cancel_before_and_after(reporter: Reporter) -> None:
    code = reporter.code()

    assert reporter.cancel(code).status_code == 409
    reporter.withdraw(code)
    services.sweep_clocks(now=ASKED + timedelta(days=2))
    assert reporter.cancel(code).status_code == 409
    assert _listed() == 0


def test_a_cancel_that_comes_first_keeps_the_sweep_from_withdrawing(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep has read the clock; she cancels before it acts."""
    code = reporter.code()
    reporter.withdraw(code)
    case = Case.objects.get()
    really = withdrawal._stop_clock

    def she_is_faster(due: Case) -> bool:
        monkeypatch.setattr(withdrawal, "_stop_clock", really)
        services.cancel_withdrawal(case=case, now=ASKED)
        return really(due)

    monkeypatch.setattr(withdrawal, "_stop_clock", she_is_faster)
    services.sweep_clocks(now=ASKED + timedelta(days=2))

    case.refresh_from_db()
    assert (case.status, case.withdrawal_effective_on) == ("received", None)
    assert _listed() == 2


def test_without_a_delay_it_holds_at_once(reporter: Reporter, settings: Any) -> None:
    settings.WITHDRAWAL_DELAY_HOURS = 0

    answer = told(reporter.withdraw(reporter.code()))

    assert answer["state"] == "withdrawn"
    assert answer["withdrawal"] == {"effective_on": "2026-11-23", "cancellable": False}
    assert _listed() == 0


def test_an_equal_picture_of_somebody_else_stays(reporter: Reporter, settings: Any) -> None:
    settings.WITHDRAWAL_DELAY_HOURS = 0
    same = picture(fingerprint("sha256", value="ab" * 32))
    hers, another = reporter.code(same), reporter.code(same)

    reporter.withdraw(hers)

    assert Entry.objects.filter(value="ab" * 32, status="listed").count() == 1
    assert told(reporter.status(another))["state"] == "received"


def test_a_declined_report_has_nothing_to_withdraw(reporter: Reporter) -> None:
    code = reporter.code()
    Case.objects.update(status="declined")

    assert reporter.withdraw(code).status_code == 409
    assert not Clock.objects.filter(kind="withdrawal").exists()


def test_one_broken_case_does_not_hold_up_the_others(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LADDER_BATCH_HOURS = 0
    codes = [reporter.code() for _ in range(3)]
    for code in codes:
        reporter.withdraw(code)
    Clock.objects.exclude(kind="withdrawal").delete()
    broken = Case.objects.get(selector=codes[0][:5])
    really = withdrawal.complete_withdrawal

    def fails_for_one(*, case: Case, now: datetime) -> bool:
        if case == broken:
            raise RuntimeError
        return really(case=case, now=now)

    monkeypatch.setattr(clocks, "complete_withdrawal", fails_for_one)
    assert services.sweep_clocks(now=ASKED + timedelta(days=2)) == 2
    monkeypatch.setattr(clocks, "complete_withdrawal", really)

    assert services.sweep_clocks(now=ASKED + timedelta(days=2)) == 1
    assert set(Case.objects.values_list("status", flat=True)) == {"withdrawn"}


@pytest.mark.parametrize(
    ("told_at", "due"),
    [
        ("09:00:00", "09:00"),
        ("09:00:01", "09:15"),
        ("09:14:59", "09:15"),
        ("09:15:00", "09:15"),
        ("09:46:00", "10:00"),
    ],
)
def test_due_times_are_rounded_up_to_the_quarter_hour(told_at: str, due: str) -> None:
    assert f"{policy.rounded_up(datetime.fromisoformat(f'2026-11-23T{told_at}+00:00')):%H:%M}" == due


def test_a_case_that_was_declined_meanwhile_stays_declined(reporter: Reporter) -> None:
    reporter.withdraw(reporter.code())
    Case.objects.update(status="declined")

    services.sweep_clocks(now=ASKED + timedelta(days=2))

    assert Case.objects.get().status == "declined"
    assert not CaseEvent.objects.filter(kind="withdrawn").exists()
