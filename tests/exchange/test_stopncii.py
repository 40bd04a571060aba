"""What a StopNCII client is answered: one row a value, by time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from hashes.exchange import stopncii
from hashes.models import Canary, Entry, Feedback, Reader
from hashes.services import Fingerprint, NewPicture, ensure_canaries, list_pictures, withdraw_pictures
from tests.exchange.conftest import Clients
from tests.makers import make_picture

Publish = Callable[[datetime], None]
VALUE, OTHER = "ab" * 32, "cd" * 32


def pdq(value: str = VALUE, *, variant: str = "original") -> Fingerprint:
    return Fingerprint("pdq", value, quality=100, variant=variant)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def test_equal_values_of_two_reports_are_one_row_and_stay_until_both_are_gone(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    one, other = make_picture(pdq()), make_picture(pdq())
    publish_at(earlier)
    assert clients.values()[VALUE] == "Active"
    withdraw_pictures(picture_ids=[one])
    publish_at(earlier + timedelta(minutes=10))
    since = seconds(earlier + timedelta(minutes=5))
    assert clients.values(startTimestamp=since)[VALUE] == "Active"
    withdraw_pictures(picture_ids=[other])
    publish_at(earlier + timedelta(minutes=20))
    assert clients.values(startTimestamp=since)[VALUE] == "Withdrawn"


def test_a_first_sync_has_no_row_for_what_is_gone(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    gone = make_picture(pdq())
    make_picture(pdq(OTHER))
    withdraw_pictures(picture_ids=[gone])
    publish_at(earlier)
    first = clients.values(startTimestamp=10)
    assert VALUE not in first
    assert first[OTHER] == "Active"
    assert clients.values(startTimestamp=11)[VALUE] == "Withdrawn"


def test_who_goes_on_after_a_first_sync_is_told_nothing_of_what_was_gone_before(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    gone = make_picture(pdq())
    make_picture(pdq(OTHER))
    publish_at(earlier)
    withdraw_pictures(picture_ids=[gone])
    publish_at(earlier + timedelta(minutes=10))
    page = clients.stopncii("FetchHashes", startTimestamp=10).json()
    assert OTHER in {one["hashValue"] for one in page["hashRecords"]}
    assert clients.values(startTimestamp=page["nextSetTimestamp"]) == {}


def test_what_is_withdrawn_between_two_pages_of_a_first_sync_is_told_to_who_goes_on(
    clients: Clients, publish_at: Publish, earlier: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopncii, "PAGE", 2)
    gone = make_picture(pdq())
    publish_at(earlier)
    for number in range(4):
        make_picture(pdq(f"{number:064x}"))
    publish_at(earlier + timedelta(minutes=1))
    with time_machine.travel(earlier + timedelta(minutes=2), tick=False):
        page = clients.stopncii("FetchHashes", startTimestamp=10, pageSize=1).json()
    assert page["hashRecords"][0]["hashValue"] == VALUE
    withdraw_pictures(picture_ids=[gone])
    publish_at(earlier + timedelta(minutes=3))
    make_picture(pdq(OTHER))
    publish_at(earlier + timedelta(minutes=4))
    seen: dict[str, str] = {}
    while page["hasMoreRecords"]:
        query = {"startTimestamp": 10, "pageSize": 1, "nextPageToken": page["nextPageToken"]}
        page = clients.stopncii("FetchHashes", **query).json()
        seen |= {one["hashValue"]: one["hashStatus"] for one in page["hashRecords"]}
    assert seen[OTHER] == "Active"
    assert VALUE not in seen
    assert page["nextSetTimestamp"] == seconds(earlier + timedelta(minutes=2))
    assert clients.values(startTimestamp=page["nextSetTimestamp"])[VALUE] == "Withdrawn"


def test_what_is_stamped_after_a_first_sync_is_told_to_who_goes_on(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    """Also by a publisher whose clock is behind the one that answered."""
    make_picture(pdq(OTHER))
    publish_at(earlier - timedelta(hours=1))
    page = clients.stopncii("FetchHashes", startTimestamp=10).json()
    make_picture(pdq())
    publish_at(earlier)
    with time_machine.travel(earlier + timedelta(hours=3)):
        assert clients.values(startTimestamp=page["nextSetTimestamp"])[VALUE] == "Active"


@pytest.mark.parametrize("token", ["x", "1-", "-1", "1-2-3", "٣"])
def test_another_token_than_the_last_pages_is_refused(clients: Clients, token: str) -> None:
    answer = clients.stopncii("FetchHashes", startTimestamp=10, nextPageToken=token)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "nextPageToken"


def test_what_is_stamped_in_the_future_is_told_when_its_time_has_come(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    make_picture(pdq())
    publish_at(earlier + timedelta(hours=3))
    assert VALUE not in clients.values()


def test_pages_go_on_where_they_stopped_and_the_checkpoint_never_goes_back(
    clients: Clients, publish_at: Publish, earlier: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopncii, "PAGE", 7)
    values = [f"{number:064x}" for number in range(1, 31)]
    for batch in range(3):
        for value in values[10 * batch : 10 * batch + 10]:
            make_picture(pdq(value))
        publish_at(earlier + timedelta(minutes=batch))
    seen: list[str] = []
    checkpoints, token = [10], None
    while token != "":
        query = {"startTimestamp": 10, "pageSize": 1} | ({"nextPageToken": token} if token else {})
        page = clients.stopncii("FetchHashes", **query).json()
        seen += [one["hashValue"] for one in page["hashRecords"]]
        checkpoints.append(page["nextSetTimestamp"])
        assert page["count"] == len(page["hashRecords"])
        assert page["hasMoreRecords"] == (page["nextPageToken"] is not None)
        token = page["nextPageToken"] or ""
    assert checkpoints == sorted(checkpoints)
    canaries = set(Canary.objects.values_list("value", flat=True))
    assert sorted(set(seen) - canaries) == values
    assert len(seen) == len(set(seen))
    again = clients.values(startTimestamp=seconds(earlier + timedelta(minutes=2)))
    assert set(values[20:]) <= set(again)
    assert not set(values[:10]) & set(again)


def test_coming_back_later_proves_what_was_collected(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    make_picture(pdq())
    publish_at(earlier)
    clients.values()
    assert not Reader.objects.filter(pk=clients.new.platform.pk, collected_through__gt=0).exists()
    clients.values(startTimestamp=seconds(earlier) + 1)
    assert Reader.objects.get(pk=clients.new.platform.pk).collected_through >= 1


def test_a_row_says_nothing_about_whose_it_is(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    one = NewPicture("image", (pdq(), pdq(OTHER, variant="rotate-90")))
    list_pictures(pictures=[one], release=True)
    publish_at(earlier)
    rows = clients.stopncii("FetchHashes").json()["hashRecords"]
    ours = {row["hashValue"]: row for row in rows if row["hashValue"] in {VALUE, OTHER}}
    numbers = [list(row["caseNumbers"]) for row in ours.values()]
    assert len(ours) == 2
    assert numbers[0] != numbers[1]
    assert {tuple(row) for row in rows} == {
        ("lastModtimestamp", "signalType", "hashValue", "hashStatus", "caseNumbers", "CSPFeedbacks")
    }
    text = str(rows)
    assert "rotate" not in text
    assert not [pk for pk in Entry.objects.values_list("pk", flat=True) if str(pk) in text]


def test_a_platform_may_take_originals_only(clients: Clients, publish_at: Publish, earlier: datetime) -> None:
    list_pictures(pictures=[NewPicture("image", (pdq(), pdq(OTHER, variant="rotate-90")))], release=True)
    publish_at(earlier)
    assert {VALUE, OTHER} <= set(clients.values())
    Reader.objects.update_or_create(pk=clients.new.platform.pk, defaults={"wants_variants": False})
    assert VALUE in clients.values()
    assert OTHER not in clients.values()


def test_feedback_by_value_reaches_every_picture_with_it(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    make_picture(pdq())
    make_picture(pdq())
    publish_at(earlier)
    said = [
        {"hashValue": VALUE, "feedbackValue": "NotBlocked", "tags": ["x", "allowed_here"]},
        {"hashValue": "ef" * 32, "feedbackValue": "Blocked", "tags": []},
        {"hashValue": VALUE, "feedbackValue": "QualityUnknown", "tags": []},
    ]
    answer = clients.stopncii("SubmitFeedback", {"count": 3, "hashFeedbacks": said})
    assert (answer.status_code, answer.json()) == (200, {"count": 1, "unknown": 1})
    kept = Feedback.objects.values_list("outcome", "reason")
    assert list(kept) == [("not_blocked", "allowed_here")] * 2


def test_a_platforms_own_hashes_are_listed_once_and_confirmed_by_it(
    clients: Clients, publish_at: Publish, earlier: datetime
) -> None:
    ensure_canaries(platform_id=clients.new.platform.pk, now=earlier)
    record = {
        "signalType": "StopNCIISignalType.ImagePDQ",
        "hashValue": VALUE,
        "CSPFeedbacks": [{"feedbackValue": "Blocked", "tags": []}],
    }
    body = {"count": 1, "hashRecords": [record]}
    assert clients.stopncii("SubmitHashes", body).json() == {"count": 1, "known": 0}
    assert clients.stopncii("SubmitHashes", body).json() == {"count": 0, "known": 1}
    publish_at(earlier)
    entry = Entry.objects.get()
    assert (entry.review, entry.picture.source_id) == ("confirmed", clients.new.platform.pk)
    assert clients.values()[VALUE] == "Active"
    withdraw_pictures(picture_ids=[entry.picture_id])
    assert clients.stopncii("SubmitHashes", body).json() == {"count": 0, "known": 1}


@pytest.mark.parametrize(
    ("call", "body", "field"),
    [
        ("SubmitHashes", {"hashRecords": [{"signalType": "Text", "hashValue": VALUE}]}, "signalType"),
        ("SubmitHashes", {"hashRecords": [{"signalType": "ImagePDQ", "hashValue": "xy"}]}, "hashValue"),
        ("SubmitHashes", {"hashRecords": []}, "hashRecords"),
        (
            "SubmitFeedback",
            {"hashFeedbacks": [{"hashValue": VALUE, "feedbackValue": "Eaten"}]},
            "feedbackValue",
        ),
        ("SubmitFeedback", [], ""),
    ],
)
def test_what_is_wrong_is_named(clients: Clients, call: str, body: object, field: str) -> None:
    answer = clients.stopncii(call, body)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert field in str(answer.json()["errors"])
    assert not Entry.objects.exists()


def test_wrong_keys_open_nothing(clients: Clients) -> None:
    path = "/exchange/stopncii/v1/FetchHashes"
    wrong = [
        {},
        {"x-functions-key": clients.new.key},
        {"x-functions-key": clients.new.key, "ocp-apim-subscription-key": "wrong"},
        {"x-functions-key": "wrong.wrong", "ocp-apim-subscription-key": "wrong"},
        {"authorization": f"Bearer {clients.new.key}"},
    ]
    for headers in wrong:
        assert clients.http.get(path, headers=headers).status_code == 401, headers


def test_each_list_has_canaries_of_its_own(clients: Clients) -> None:
    first = clients.values()
    assert len(first) == 4
    assert clients.values() == first
    assert Canary.objects.count() == 4
