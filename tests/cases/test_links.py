"""Which cases hold the same picture is known at the desk, changes nothing there, and is never said outward."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import hashes.services
from cases import services
from cases.models import Case, CaseLink
from cases.services import links
from hashes.services import following
from platforms.services import NewKey
from tests.cases.desk import NOW, kinds, make_case, make_new_picture
from tests.cases.reporter import Reporter, fingerprint, picture, told
from tests.makers import client_of, signed_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
PDQ = "0f" * 32
# 31 of its bits differ, and one more.
NEAR = f"{int(PDQ, 16) ^ (2**31 - 1):064x}"
FAR = f"{int(PDQ, 16) ^ (2**32 - 1):064x}"


def test_the_same_and_the_nearly_same_picture_link_two_cases_both_ways() -> None:
    new = make_new_picture(PDQ)
    first, same = make_case(pictures=[new]), make_case(pictures=[new])
    near, far = make_case(pictures=[make_new_picture(NEAR)]), make_case(pictures=[make_new_picture(FAR)])
    _publish()

    for case in (first, same, near, far):
        links.find_links(case=case, on=NOW.date())

    assert _linked(first) == {(same.pk, "same"), (near.pk, "near")}
    assert _linked(near) == {(first.pk, "near"), (same.pk, "near"), (far.pk, "near")}
    # One bit too far from the first ones.
    assert (first.pk, "near") not in _linked(far)


def test_links_are_found_when_the_list_has_the_numbers() -> None:
    new = make_new_picture(PDQ)
    first, second = make_case(pictures=[new]), make_case(pictures=[new])
    _publish()

    services.follow_cases(now=NOW)

    assert _linked(first) == {(second.pk, "same")}
    assert links.find_links(case=first, on=NOW.date()) == 0


def test_a_link_changes_nothing_about_either_case() -> None:
    new = make_new_picture(PDQ)
    first, second = make_case(pictures=[new], posted="yes"), make_case(pictures=[new])
    _publish()
    before = list(Case.objects.order_by("pk").values())

    links.find_links(case=second, on=NOW.date())

    assert list(Case.objects.order_by("pk").values()) == before
    assert kinds(first) == kinds(second) == ["received"]


def test_a_flood_of_copies_is_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "AT_MOST", 5)
    monkeypatch.setattr(links, "SHOWN", 2)
    new = make_new_picture(PDQ)
    cases = [make_case(pictures=[new]) for _ in range(9)]
    _publish()
    for case in cases:
        links.find_links(case=case, on=NOW.date())

    found = links.links_of(cases[0])

    assert len(found.shown) == 2
    assert found.are_many
    assert max(CaseLink.objects.filter(case=case).count() for case in cases) <= 5


def test_what_left_the_list_links_nothing() -> None:
    new = make_new_picture(PDQ)
    gone, case = make_case(pictures=[new]), make_case(pictures=[new])
    hashes.services.take_off_pictures(picture_ids=links.picture_ids(gone))
    _publish()

    assert links.find_links(case=case, on=NOW.date()) == 0


def test_her_status_reads_the_same_whether_her_case_is_linked_or_not(reporter: Reporter) -> None:
    alone = picture(fingerprint("pdq"), fingerprint("sha256"))
    code = reporter.code(alone)
    before = told(reporter.status(code))
    same = {**alone, "fingerprints": alone["fingerprints"]}
    for _ in range(3):
        reporter.code(same)
    _publish()
    for case in Case.objects.all():
        links.find_links(case=case, on=NOW.date())
    assert CaseLink.objects.exists()

    after = told(reporter.status(code))

    assert _without_rungs(after) == _without_rungs(before)


def test_no_platform_reads_that_two_cases_are_linked(platform: NewKey) -> None:
    new = make_new_picture(PDQ)
    case, other = make_case(pictures=[new]), make_case(pictures=[new])
    _publish()
    links.find_links(case=case, on=NOW.date())
    server = client_of(platform.key)

    feed = server.get("/api/v1/feed/?after=0").content
    match = server.post("/api/v1/match/", {"hashes": [{"algorithm": "pdq", "value": PDQ}]}, format="json")

    for text in (feed, match.content):
        for secret in (case, other, *links.picture_ids(case), *links.picture_ids(other)):
            name = str(getattr(secret, "pk", secret))
            assert name.encode() not in text
            assert name.replace("-", "").encode() not in text
        assert b"link" not in text.lower()


def test_no_page_of_the_reporters_and_no_reply_to_her_knows_of_links() -> None:
    outward = [
        *(ROOT / "templates" / "cases" / "report").glob("*.html"),
        *(ROOT / "templates" / "cases" / "status").glob("*.html"),
        *(ROOT / "cases" / "static" / "cases").glob("status*.js"),
        *[ROOT / "cases" / name for name in ("api.py", "status_answer.py", "talk_api.py") if _is_there(name)],
        *[
            ROOT / "cases" / "services" / f"{name}.py"
            for name in ("status", "notices", "escalations", "messages", "figures")
            if (ROOT / "cases" / "services" / f"{name}.py").exists()
        ],
    ]
    assert len(outward) > 15
    knows = re.compile(r"CaseLink|links_of|find_links|find_alike|services import .*\blinks\b")
    assert [path.name for path in outward if knows.search(path.read_text())] == []


def test_the_desk_is_told_not_to_tell(client: Client, triager: Any) -> None:
    new = make_new_picture(PDQ)
    case, other = make_case(pictures=[new]), make_case(pictures=[new])
    _publish()
    links.find_links(case=case, on=NOW.date())

    page = signed_in(client, triager).get(f"/triage/{case.pk}/").content.decode()

    assert other.pk.hex[:8] in page
    assert "Never tell a reporter or a platform" in page


def _publish() -> None:
    hashes.services.publish(now=NOW)
    following.look_at_once()


def _linked(case: Case) -> set[tuple[Any, str]]:
    return set(CaseLink.objects.filter(case=case).values_list("other_id", "kind"))


def _without_rungs(status: dict[str, Any]) -> str:
    return json.dumps({name: told for name, told in status.items() if name != "platforms"}, sort_keys=True)


def _is_there(name: str) -> bool:
    return (ROOT / "cases" / name).exists()
