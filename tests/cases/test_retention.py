"""What she wrote goes in time, nothing goes early, and what has to be kept is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from cases import services, tasks
from cases.models import Case, CaseEvent, Escalation, Location, Message, Note, Notice
from cases.services.retention import Deleted, deleted_on
from hashes.models import Entry
from platforms.services import NewKey
from portal.celery import app
from staff import services as staff_services
from staff.services import AuditRow, User
from tests.cases.leaving import reported
from tests.cases.reporter import Reporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(reporter: Reporter, platform: NewKey, triager: User, now: datetime) -> Case:
    """A closed case with one of everything that is deleted."""
    case = reported(reporter)
    Message.objects.create(case=case, sender="reporter", sealed_text=b"x", sent_on=now.date())
    Message.objects.create(case=case, sender="desk", sealed_text=b"x", sent_on=now.date(), by=triager)
    Note.objects.create(case=case, by=triager, written_at=now, sealed_text=b"x")
    Location.objects.create(case=case, platform=platform.platform, sealed_where=b"x", told_on=now.date())
    Notice.objects.create(
        case=case, platform=platform.platform, made_by=triager, made_at=now, sealed_body=b"x"
    )
    return over(case, on=now.date())


def over(case: Case, *, on: date) -> Case:
    Case.objects.filter(pk=case.pk).update(status="closed", closed_on=on)
    case.refresh_from_db()
    return case


def escalated(case: Case, by: User, now: datetime, **over: object) -> Escalation:
    given: dict[str, object] = {"state": "filed", "digest": "0" * 64, "sealed_pack": b"x"}
    return Escalation.objects.create(
        case=case, incident_type="enticement", made_by=by, made_at=now, **(given | over)
    )


def words() -> int:
    return Message.objects.count() + Note.objects.count() + Location.objects.count()


@pytest.mark.usefixtures("case")
def test_on_the_ninetieth_day_it_goes_and_not_before(now: datetime) -> None:
    services.apply_retention(now=now + timedelta(days=89))
    assert words() == 4
    assert services.apply_retention(now=now + timedelta(days=90)) == Deleted(
        cases=1, messages=2, notes=1, places=1, notices=1
    )
    assert words() == 0
    assert bytes(Notice.objects.get().sealed_body) == b""


def test_she_is_told_that_very_day(case: Case, now: datetime) -> None:
    assert deleted_on(case) == now.date() + timedelta(days=90)


def test_the_fingerprints_stay(case: Case, now: datetime) -> None:
    listed = Entry.objects.listed().count()
    services.apply_retention(now=now + timedelta(days=4_000))
    assert Entry.objects.listed().count() == listed > 0
    assert Case.objects.filter(pk=case.pk).exists()


def test_an_open_case_keeps_its_words(case: Case, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(status="open", closed_on=None)
    case.refresh_from_db()
    services.apply_retention(now=now + timedelta(days=4_000))
    assert words() == 4
    assert deleted_on(case) is None


def test_a_legal_hold_keeps_everything_and_is_counted(case: Case, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(legal_hold=True)
    case.refresh_from_db()
    assert services.apply_retention(now=now + timedelta(days=4_000)) == Deleted(kept_back=1)
    assert words() == 4
    assert deleted_on(case) is None


def test_what_was_disclosed_is_kept_for_its_year_with_what_belongs_to_it(
    case: Case, triager: User, now: datetime
) -> None:
    pack = escalated(case, triager, now, preserve_until=now.date() + timedelta(days=365))
    services.apply_retention(now=now + timedelta(days=365))
    assert words() == 4
    assert deleted_on(case) == now.date() + timedelta(days=366)
    done = services.apply_retention(now=now + timedelta(days=366))
    assert (done.messages, done.packs) == (2, 1)
    pack.refresh_from_db()
    assert (bytes(pack.sealed_pack), pack.digest) == (b"", "0" * 64)


@pytest.mark.parametrize("state", ["released", "failed"])
def test_a_pack_that_is_not_filed_yet_keeps_everything(
    case: Case, triager: User, now: datetime, state: str
) -> None:
    escalated(case, triager, now, state=state)
    services.apply_retention(now=now + timedelta(days=4_000))
    assert words() == 4
    assert bytes(Escalation.objects.get().sealed_pack) == b"x"


def test_a_pack_that_waits_for_a_second_person_keeps_everything_and_a_refused_one_nothing(
    case: Case, triager: User, liaison: User, now: datetime
) -> None:
    pack = escalated(case, triager, now, state="held")
    held = staff_services.hold(kind="case.escalation", object_id=str(pack.pk), by=triager, reason="", now=now)
    services.apply_retention(now=now + timedelta(days=100))
    assert words() == 4
    staff_services.refuse(held=held, by=liaison, now=now)
    done = services.apply_retention(now=now + timedelta(days=100))
    assert (done.messages, done.packs) == (2, 1)


def test_a_withdrawn_report_counts_from_its_withdrawal(case: Case, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(
        status="withdrawn", closed_on=None, withdrawal_effective_on=now.date()
    )
    case.refresh_from_db()
    services.apply_retention(now=now + timedelta(days=89))
    assert words() == 4
    services.apply_retention(now=now + timedelta(days=90))
    assert words() == 0
    assert deleted_on(case) == now.date() + timedelta(days=90)


def test_a_declined_report_counts_from_the_last_time_it_was_declined(case: Case, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(status="declined", closed_on=None)
    case.refresh_from_db()
    for days in (0, 10):
        CaseEvent.objects.create(case=case, kind="declined", happened_on=now.date() + timedelta(days=days))
    services.apply_retention(now=now + timedelta(days=99))
    assert words() == 4
    services.apply_retention(now=now + timedelta(days=100))
    assert words() == 0
    assert deleted_on(case) == now.date() + timedelta(days=100)


def test_it_says_counts_and_no_case(case: Case, now: datetime) -> None:
    services.apply_retention(now=now + timedelta(days=90))
    row = AuditRow.objects.get(act="retention.applied")
    assert row.actor is None
    assert row.object_id == ""
    assert row.detail["messages"] == 2
    assert str(case.pk) not in str(row.detail)


@pytest.mark.usefixtures("case")
def test_it_may_run_twice(now: datetime) -> None:
    services.apply_retention(now=now + timedelta(days=90))
    assert services.apply_retention(now=now + timedelta(days=90)) == Deleted()


@pytest.mark.usefixtures("case")
def test_the_operator_says_how_long(settings: Settings, now: datetime) -> None:
    settings.MESSAGE_RETENTION_DAYS = 7
    services.apply_retention(now=now + timedelta(days=7))
    assert words() == 0


def test_it_runs_every_night(settings: Settings) -> None:
    scheduled = [one["task"] for one in settings.CELERY_BEAT_SCHEDULE.values()]
    assert {"cases.tasks.apply_retention", "cases.tasks.flag_breaches"} <= set(scheduled)
    assert tasks.apply_retention.name in app.tasks


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    status=st.sampled_from(["received", "open", "closed", "declined", "withdrawn"]),
    age=st.integers(0, 200),
    held=st.booleans(),
    preserved=st.none() | st.integers(-10, 200),
)
def test_the_day_she_is_told_is_the_day_it_goes(
    case: Case,
    triager: User,
    now: datetime,
    status: str,
    age: int,
    held: Literal[True, False],
    preserved: int | None,
) -> None:
    """Whatever the case is: on the day before its words are there, on the day they are not."""
    since = now.date() - timedelta(days=age)
    Case.objects.filter(pk=case.pk).update(
        status=status, closed_on=since, withdrawal_effective_on=since, legal_hold=held
    )
    Escalation.objects.all().delete()
    if preserved is not None:
        escalated(case, triager, now, preserve_until=now.date() + timedelta(days=preserved))
    Message.objects.get_or_create(case=case, sender="reporter", sealed_text=b"y", sent_on=since)
    told = deleted_on(Case.objects.get(pk=case.pk))
    services.apply_retention(now=now)
    assert Message.objects.exists() is (told is None or told > now.date())
