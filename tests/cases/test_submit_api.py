from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Case
from hashes.models import Entry
from platforms.services import NewKey
from staff.models import User
from tests.cases.reporter import Reporter, fields, fingerprint, new_key, picture, told


def test_a_report_is_answered_with_a_code_and_a_date_and_nothing_else(
    reporter: Reporter, platform: NewKey
) -> None:
    answer = reporter.report(
        picture(),
        subject="self_minor",
        age_band="13_15",
        in_danger=False,
        threatened=True,
        deadline="tomorrow",
        posted="yes",
        platforms=[platform.platform.slug],
        elsewhere=True,
        language="en",
    )

    assert answer.status_code == 201
    assert set(told(answer)) == {"access_code", "received_on"}
    case = Case.objects.get()
    assert (case.subject, case.age_band, case.deadline, case.posted) == (
        "self_minor",
        "13_15",
        "tomorrow",
        "yes",
    )
    assert (case.threatened, case.in_danger, case.elsewhere) == (True, False, True)
    assert list(case.platforms.all()) == [platform.platform]


def test_only_the_pictures_are_needed(reporter: Reporter) -> None:
    assert reporter.report(picture(fingerprint("md5"), kind="video")).status_code == 201


@pytest.mark.parametrize(
    "key", [None, "", "short", "x" * 21, "x" * 129, "with spaces in the middle of it", "ü" * 30]
)
def test_a_missing_or_malformed_key_is_named(reporter: Reporter, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}

    answer = reporter.post("", {"media": [picture()]}, **headers)

    assert answer.status_code == 400
    assert fields(answer) == ["Idempotency-Key"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"media": []}, "media"),
    ({"media": "everything"}, "media"),
    ({"subject": "a friend"}, "subject"),
    ({"age_band": "14"}, "age_band"),
    ({"deadline": "soon"}, "deadline"),
    ({"posted": True}, "posted"),
    ({"in_danger": "perhaps"}, "in_danger"),
    ({"platforms": ["nowhere"]}, "platforms"),
    ({"language": "<script>"}, "language"),
    # PostgreSQL, unlike SQLite, refuses more than the column holds.
    ({"language": "eng-abcdefgh"}, "language"),
    ({"name": "Anna"}, "name"),
    ({"media": [picture() | {"file_name": "anna.jpg"}]}, "media.0.file_name"),
    ({"media": [picture(kind="sound")]}, "media.0.kind"),
    ({"media": [{"kind": "image", "fingerprints": []}]}, "media.0.fingerprints"),
    (
        {"media": [picture(fingerprint("md5"), fingerprint("pdq"), kind="video")]},
        "media.0.fingerprints.1.algorithm",
    ),
    ({"media": [picture(fingerprint("phash"), kind="video")]}, "media.0.fingerprints.0.algorithm"),
    (
        {"media": [picture(fingerprint("md5") | {"algorithm": "crc32"})]},
        "media.0.fingerprints.0.algorithm",
    ),
    ({"media": [picture(fingerprint("pdq", value="xyz"))]}, "media.0.fingerprints.0.value"),
    ({"media": [picture(fingerprint("pdq", value="ab" * 16))]}, "media.0.fingerprints.0.value"),
    ({"media": [picture(fingerprint("pdq", quality=None))]}, "media.0.fingerprints.0.quality"),
    ({"media": [picture(fingerprint("pdq", quality=101))]}, "media.0.fingerprints.0.quality"),
    ({"media": [picture(fingerprint("pdq", variant="my-holiday"))]}, "media.0.fingerprints.0.variant"),
    ({"media": [picture(), picture(fingerprint("md5", value=""))]}, "media.1.fingerprints.0.value"),
    ({"media": [picture(*[fingerprint("pdq") for _ in range(81)])]}, "media.0.fingerprints"),
    ({"media": [picture(fingerprint("md5"), fingerprint("md5"))]}, "media.0.fingerprints"),
    ({"media": [picture(fingerprint("sha256"), fingerprint("sha256"))]}, "media.0.fingerprints"),
    ({"media": [picture(fingerprint("md5")) for _ in range(51)]}, "media"),
]


@pytest.mark.parametrize(("over", "field"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_wrong_is_named_and_nothing_is_kept(
    reporter: Reporter, over: dict[str, Any], field: str
) -> None:
    answer = reporter.post("", {"media": [picture()]} | over, **{"Idempotency-Key": new_key()})

    assert answer.status_code == 400, answer.content
    named = fields(answer)
    assert named, answer.content
    assert set(named) == {field}
    assert not Case.objects.exists()
    assert not Entry.objects.exists()


def test_a_flood_of_unknown_fields_is_not_answered_one_by_one(reporter: Reporter) -> None:
    body = {f"field-{number}": 1 for number in range(5_000)}

    answer = reporter.post("", body, **{"Idempotency-Key": new_key()})

    assert answer.status_code == 400
    assert len(answer.content) < 2_000


def test_a_body_that_is_too_large_is_a_clear_refusal(reporter: Reporter, settings: Any) -> None:
    settings.REPORT_MAX_BYTES = 100

    answer = reporter.report()

    assert answer.status_code == 413
    assert fields(answer) == ["media"]


def test_a_list_or_broken_json_is_a_clear_refusal(reporter: Reporter) -> None:
    bodies: tuple[Any, ...] = ([], "text", None, 5)
    for body in bodies:
        assert reporter.post("", body, **{"Idempotency-Key": new_key()}).status_code == 400
    broken = reporter.browser.post("/api/v1/cases/", "{", content_type="application/json")
    assert broken.status_code == 400


def test_only_json_is_taken(reporter: Reporter) -> None:
    """A form on another site can send these without asking anybody."""
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = reporter.browser.post(
            "/api/v1/cases/", "{}", content_type=content_type, headers={"Idempotency-Key": new_key()}
        )
        assert answer.status_code == 415, content_type


@pytest.mark.parametrize("path", ["", "status/", "media/", "withdraw/", "withdraw/cancel/"])
def test_nothing_can_be_fetched_with_get(reporter: Reporter, path: str) -> None:
    """An address stays in histories and logs, so a code must never fit into one."""
    answer = reporter.browser.get(f"/api/v1/cases/{path}")

    assert answer.status_code == 405
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 201),
        ({"Origin": portal_settings.SITE_URL}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_other_sites_may_not_make_her_browser_report(
    reporter: Reporter, headers: dict[str, str], status: int
) -> None:
    answer = reporter.post("", {"media": [picture()]}, **{"Idempotency-Key": new_key()}, **headers)

    assert answer.status_code == status


def test_no_cookie_is_set_or_read_even_while_signed_in(reporter: Reporter) -> None:
    reporter.browser.force_login(User.objects.create_user("triager"))

    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = reporter.report()

    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert not [query for query in asked if "session" in query["sql"] or "staff_user" in query["sql"]]


@pytest.mark.usefixtures("platform")
def test_more_pictures_take_no_more_queries(reporter: Reporter) -> None:
    counts = []
    for pictures in (1, 20):
        with CaptureQueriesContext(connection) as asked:
            assert reporter.report(*[picture() for _ in range(pictures)]).status_code == 201
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_blank_picture_is_listed_by_its_exact_hashes_only(reporter: Reporter) -> None:
    reporter.report(
        picture(
            fingerprint("pdq", quality=49), fingerprint("phash"), fingerprint("sha256"), fingerprint("md5")
        )
    )

    assert set(Entry.objects.values_list("algorithm", flat=True)) == {"sha256", "md5"}


def test_values_are_kept_in_lower_case(reporter: Reporter) -> None:
    reporter.report(picture(fingerprint("md5", value="AB" * 16)))

    assert Entry.objects.get().value == "ab" * 16
