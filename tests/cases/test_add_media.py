from __future__ import annotations

from typing import Any

import pytest

from cases.models import CaseEvent, CasePicture
from hashes.models import Entry
from tests.cases.reporter import Reporter, fields, fingerprint, new_key, picture, told

pytestmark = pytest.mark.django_db


def test_she_can_add_pictures_later(reporter: Reporter) -> None:
    code = reporter.code()

    answer = reporter.add(code, picture(), picture(fingerprint("md5"), kind="video"))

    assert answer.status_code == 201
    assert told(answer)["pictures"] == 3
    assert told(reporter.status(code))["pictures"] == 3
    assert CaseEvent.objects.filter(kind="media_added").count() == 1


def test_the_same_request_again_adds_nothing(reporter: Reporter) -> None:
    code, key, more = reporter.code(), new_key(), picture()

    answers = [reporter.add(code, more, key=key) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201] * 3
    assert CasePicture.objects.count() == 2


def test_a_key_with_other_pictures_is_refused(reporter: Reporter) -> None:
    code, key = reporter.code(), new_key()
    reporter.add(code, key=key)

    assert reporter.add(code, key=key).status_code == 409
    assert CasePicture.objects.count() == 2


def test_a_key_is_needed(reporter: Reporter) -> None:
    answer = reporter.post("media/", {"access_code": reporter.code(), "media": [picture()]})

    assert answer.status_code == 400
    assert fields(answer) == ["Idempotency-Key"]


def test_a_wrong_code_adds_nothing(reporter: Reporter) -> None:
    reporter.code()

    assert reporter.add("ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ").status_code == 404
    assert CasePicture.objects.count() == 1


def test_there_is_an_end_to_what_one_report_holds(reporter: Reporter, settings: Any) -> None:
    settings.MEDIA_PER_CASE = 2
    code = reporter.code()
    reporter.add(code)

    answer = reporter.add(code)

    assert answer.status_code == 400
    assert fields(answer) == ["media"]


def test_nothing_is_added_to_a_report_that_is_on_its_way_out(reporter: Reporter) -> None:
    code = reporter.code()
    reporter.withdraw(code)

    assert reporter.add(code).status_code == 409
    assert Entry.objects.count() == 2
