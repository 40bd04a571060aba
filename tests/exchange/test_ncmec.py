"""What an NCMEC client is answered: one element an entry, in ranges of time."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from hashes.exchange import ncmec
from hashes.exchange.ncmec_xml import written
from hashes.models import Canary, Entry, Feedback
from hashes.services import Fingerprint, withdraw_pictures
from tests.exchange.conftest import NAMESPACE, NCMEC, Clients
from tests.makers import make_picture

Publish = Callable[[datetime], None]
VALUE = "ab" * 32
EPOCH = "1970-01-01T00:00:00Z"
AFFIRMATIVE = '<feedbackSubmission xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><affirmative/></feedbackSubmission>'


def pdq(value: str = VALUE) -> Fingerprint:
    return Fingerprint("pdq", value, quality=100)


def in_range(clients: Clients, since: str | datetime, before: datetime) -> dict[str, str]:
    """The entries of a range, each with its tag, canaries apart."""
    asked = {"from": since if isinstance(since, str) else written(since), "to": written(before)}
    found = {
        str(one.findtext(f"{NAMESPACE}id")): one.tag.removeprefix(NAMESPACE)
        for one in clients.entries(**asked)
    }
    canaries = {str(pk) for pk in Canary.objects.values_list("pk", flat=True)}
    return {entry: tag for entry, tag in found.items() if entry not in canaries}


def test_an_entry_is_in_the_range_of_its_last_change_and_in_no_other(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    picture = make_picture(pdq())
    publish_at(earlier)
    entry = str(Entry.objects.get().pk)
    minute = timedelta(minutes=1)
    assert in_range(clients, earlier, earlier + minute) == {entry: "image"}
    # Half open: a moment belongs to the range that begins with it.
    assert in_range(clients, earlier - minute, earlier) == {}
    assert in_range(clients, earlier + minute, earlier + 2 * minute) == {}
    withdraw_pictures(picture_ids=[picture])
    publish_at(earlier + 10 * minute)
    assert in_range(clients, earlier + minute, timezone.now()) == {entry: "deletedImage"}
    assert in_range(clients, EPOCH, timezone.now()) == {}


def test_an_element_holds_what_their_client_reads(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    make_picture(pdq())
    publish_at(earlier)
    answer = clients.ncmec("/v2/entries", **{"from": EPOCH, "to": written(timezone.now())})
    root = ET.fromstring(answer.content)
    images = root.find(f"{NAMESPACE}images")
    assert images is not None
    assert images.get("count") == str(len(images))
    ours = next(one for one in images if one.findtext(f"{NAMESPACE}fingerprints/{NAMESPACE}pdq") == VALUE)
    assert ours.findtext(f"{NAMESPACE}timestamp") == written(earlier)
    assert str(images.get("maxTimestamp")) >= written(earlier)
    member = ours.find(f"{NAMESPACE}member")
    assert member is not None
    assert (member.get("id"), member.text) == ("1", "Reclaim")
    assert [child.tag.removeprefix(NAMESPACE) for child in ours] == [
        "member",
        "timestamp",
        "id",
        "fingerprints",
    ]


def test_pages_follow_one_another_while_rows_change(
    clients: Clients, publish_at: Publish, earlier: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ncmec, "PAGE", 4)
    pictures = [make_picture(pdq(f"{number:064x}")) for number in range(1, 11)]
    publish_at(earlier)
    staying = Entry.objects.exclude(picture=pictures[9])
    expected = {str(pk) for pk in staying.values_list("pk", flat=True)}
    seen: set[str] = set()
    link = f"/v2/entries?from={EPOCH}&to={written(timezone.now())}"
    while link:
        root = ET.fromstring(clients.http.get(NCMEC + link, headers={"authorization": clients.basic}).content)
        seen |= {str(one.text) for one in root.iter(f"{NAMESPACE}id")}
        link = root.findtext(f"{NAMESPACE}paging/{NAMESPACE}next") or ""
        assert not link or link.startswith("/v2/entries?")
        withdraw_pictures(picture_ids=pictures[9:])
    assert expected <= seen


@pytest.mark.parametrize("hours", [-8.0, 0.0, 1.0, 5.75, 13.0])
def test_a_client_that_calls_its_local_time_utc_misses_nothing(
    clients: Clients, publish_at: Publish, earlier: datetime, hours: float
) -> None:
    make_picture(pdq())
    publish_at(earlier)
    zone = timedelta(hours=hours)
    now = timezone.now() - timedelta(seconds=5)
    first = in_range(clients, EPOCH, now + zone)
    # West of Greenwich the last hours come later, and come.
    later = in_range(clients, now + zone, now + timedelta(hours=9) + zone) if hours < 0 else {}
    assert len(first | later) == 1
    if hours > 0:
        assert in_range(clients, now - timedelta(hours=1) + zone, now + zone) == {}


def test_a_vote_is_what_the_platform_says(clients: Clients, publish_at: Publish, earlier: datetime) -> None:
    make_picture(pdq())
    publish_at(earlier)
    entry = Entry.objects.get()
    known = ET.fromstring(clients.ncmec("/v2/feedback/PDQ/reasons").content)
    guid = {one.get("name"): one.get("guid") for one in known[0]}["not_the_same"]
    path = f"/v2/entries/1/{entry.pk}/PDQ/feedback"
    negative = f"<feedbackSubmission><negative><reasonIds><guid>{guid}</guid></reasonIds></negative></feedbackSubmission>"
    assert clients.vote(path, AFFIRMATIVE).status_code == 200
    assert clients.vote(path, negative).status_code == 200
    kept = Feedback.objects.order_by("id").values_list("outcome", "reason")
    assert list(kept) == [("blocked", ""), ("not_blocked", "not_the_same")]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no xml",
        "<a/>",
        "<feedbackSubmission/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><feedbackSubmission/>',
        "<" * 5_000,
        '<?xml version="1.0" encoding="nobody-knows"?><feedbackSubmission/>',
        '<?xml version="1.0" encoding="shift_jis"?><feedbackSubmission/>',
        "<feedbackSubmission>\0</feedbackSubmission>",
    ],
)
def test_a_vote_that_is_none_is_refused(
    clients: Clients, publish_at: Publish, earlier: datetime, body: str
) -> None:
    make_picture(pdq())
    publish_at(earlier)
    answer = clients.vote(f"/v2/entries/1/{Entry.objects.get().pk}/PDQ/feedback", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "feedbackSubmission"
    assert not Feedback.objects.exists()


def test_a_vote_on_nothing_is_not_found_and_one_on_a_canary_is_thanked_for(clients: Clients) -> None:
    clients.entries(**{"from": EPOCH, "to": written(timezone.now())})
    canary = Canary.objects.filter(algorithm="pdq").first()
    assert canary is not None
    assert clients.vote(f"/v2/entries/1/{canary.pk}/PDQ/feedback", AFFIRMATIVE).status_code == 200
    assert clients.vote(f"/v2/entries/1/{uuid4()}/PDQ/feedback", AFFIRMATIVE).status_code == 404
    assert clients.vote(f"/v2/entries/7/{canary.pk}/PDQ/feedback", AFFIRMATIVE).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("times", [{}, {"to": "yesterday"}, {"to": EPOCH, "from": "x"}])
def test_times_that_are_none_are_named(clients: Clients, times: dict[str, str]) -> None:
    answer = clients.ncmec("/v2/entries", **times)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in {"to", "from"}


def test_the_last_day_that_can_be_written_is_a_time(clients: Clients) -> None:
    assert clients.ncmec("/v2/entries", to="9999-12-31T23:59:59Z").status_code == 200


def test_a_wrong_password_or_somebody_elses_name_opens_nothing(clients: Clients) -> None:
    for pair in ("loop:wrong", f"other:{clients.new.key}", "no-colon", "", "loop:abc\0.def"):
        clients_basic = "Basic " + base64.b64encode(pair.encode()).decode()
        answer = clients.http.get(f"{NCMEC}/v2/status", headers={"authorization": clients_basic})
        assert answer.status_code == 401
        assert "Basic" in answer.headers["WWW-Authenticate"]
