from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models

import hashes.services
from cases import services
from cases.errors import KeyUsedForAnotherBody
from cases.models import Case, CaseEvent, CasePicture, Replay
from cases.services import Answers, Receipt, replays, submission
from hashes.models import Entry, FeedChange
from hashes.services import Fingerprint, NewPicture
from tests.cases.reporter import new_key

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, 17, tzinfo=UTC)
PICTURE = NewPicture("image", (Fingerprint("pdq", "a1" * 32, quality=90), Fingerprint("sha256", "b2" * 32)))


def _submit(**over: Any) -> Receipt:
    asked: dict[str, Any] = {
        "key": new_key(),
        "body": "{}",
        "answers": Answers(),
        "pictures": [PICTURE],
        "client": "somebody",
        "now": NOW,
    }
    return services.submit_case(**asked | over)


def test_everything_that_must_not_be_lost_is_written_at_once() -> None:
    receipt = _submit()

    case = Case.objects.get(selector=receipt.code[:5])
    assert case.received_on == receipt.received_on == NOW.date()
    assert [event.kind for event in case.events.all()] == ["received"]
    assert case.pictures.count() == 1
    assert Entry.objects.filter(status="listed").count() == 2
    assert FeedChange.objects.filter(number=None, change="added").count() == 2


def test_nothing_stays_when_the_list_can_not_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: Any) -> None:
        raise RuntimeError("the process dies here")

    monkeypatch.setattr(hashes.services, "list_pictures", fails)

    with pytest.raises(RuntimeError):
        _submit()

    left = [
        model for model in (Case, CaseEvent, CasePicture, Replay, Entry) if model._default_manager.exists()
    ]
    assert left == []


def test_the_same_request_again_gives_the_same_code_and_adds_nothing() -> None:
    key = new_key()

    first, second = _submit(key=key), _submit(key=key)

    assert first.code == second.code
    assert Case.objects.count() == 1
    assert Entry.objects.count() == 2


def test_a_key_with_another_body_is_refused() -> None:
    key = new_key()
    _submit(key=key)

    with pytest.raises(KeyUsedForAnotherBody):
        _submit(key=key, body='{"elsewhere":true}')


def test_a_twin_that_was_first_is_answered_with_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both look before either writes."""
    key, codes = new_key(), []
    really = replays.answered_case

    def looks_too_early(**_: Any) -> Case | None:
        monkeypatch.setattr(replays, "answered_case", really)
        codes.append(_submit(key=key).code)
        return None

    monkeypatch.setattr(replays, "answered_case", looks_too_early)

    codes.append(_submit(key=key).code)

    assert codes[0] == codes[1]
    assert Case.objects.count() == 1
    assert Entry.objects.count() == 2


def test_a_selector_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([bytes(4), bytes(4), b"\xff" * 4])

    class Drawing:
        def token_bytes(self, _length: int) -> bytes:
            return next(drawn)

    monkeypatch.setattr(submission, "randomness", Drawing())

    first, second = _submit(), _submit()

    assert (first.code[:5], second.code[:5]) == ("00000", "ZZZZZ")


def test_two_reports_of_one_picture_stay_apart() -> None:
    _submit()
    _submit()

    assert Entry.objects.filter(value="a1" * 32).count() == 2
    assert CasePicture.objects.values("case").distinct().count() == 2


def test_with_release_after_triage_no_platform_hears_of_it(settings: Any) -> None:
    settings.RELEASE_AT_ONCE = False

    _submit()

    assert not FeedChange.objects.exists()
    assert set(Entry.objects.values_list("status", flat=True)) == {"waiting"}


def test_rows_about_her_keep_no_time_of_day() -> None:
    """But for what a clock needs, which is rounded up to the quarter hour."""
    clocks = {("Clock", "due_at"), ("Replay", "expires_at")}
    # What staff do keeps exact times.
    by_staff = {"Claim", "Escalation", "Note", "Notice"}
    names = {
        (model.__name__, field.name)
        for model in _models()
        for field in model._meta.get_fields()
        if isinstance(field, models.DateTimeField | models.TimeField) and model.__name__ not in by_staff
    }

    assert names == clocks
    _submit()
    assert {moment.minute % 15 for moment in Replay.objects.values_list("expires_at", flat=True)} == {0}


def _models() -> list[type[models.Model]]:
    return list(Case._meta.app_config.get_models())


def test_a_day_later_the_trace_of_the_request_is_gone() -> None:
    _submit()

    assert services.forget_replays(now=datetime(2026, 11, 24, 9, 0, tzinfo=UTC)) == 0
    assert services.forget_replays(now=datetime(2026, 11, 24, 9, 45, tzinfo=UTC)) == 1
    assert Case.objects.count() == 1


def test_a_key_of_the_day_before_starts_a_new_report() -> None:
    key = new_key()
    first = _submit(key=key)

    second = _submit(key=key, now=datetime(2026, 11, 25, 9, 0, tzinfo=UTC))

    assert first.code != second.code
    assert Case.objects.count() == 2
