"""The addresses that platforms' servers talk to."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from accounts.models import Account
from platforms.services import NewKey
from safety.engine import RULE_VERSION
from safety.models import Flag
from tests.makers import client_of, make_platform
from tests.safety.makers import event, make_account, make_standing

EVENTS, DECISIONS, FLAGS = "/api/v1/events/", "/api/v1/decisions/", "/api/v1/flags/"
STANDING = "/api/v1/accounts/adult/standing/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield


def post(chatter: NewKey, path: str, body: object) -> tuple[int, dict[str, object]]:
    answer = client_of(chatter.key).post(path, body, format="json")
    return answer.status_code, answer.json()


def test_events_say_what_became_of_each_row(chatter: NewKey, adult: Account, teen: Account) -> None:
    row = event(adult, teen)
    status, told = post(chatter, EVENTS, {"events": [row, row, row | {"id": "x", "kind": "wave"}, 7]})
    assert status == 200
    rejected = told.pop("rejected")
    assert told == {"accepted": 1, "repeated": 1}
    assert [(one["index"], one["field"], one["code"]) for one in rejected] == [  # type: ignore[attr-defined]
        (2, "kind", "invalid_choice"),
        (3, "", "not_an_object"),
    ]
    assert all(one["detail"] for one in rejected)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (EVENTS, {}, "events"),
        (EVENTS, {"events": {}}, "events"),
        (EVENTS, {"events": []}, "events"),
        (EVENTS, {"events": [{}] * 1_001}, "events"),
        (EVENTS, [], "body"),
        (DECISIONS, [], "body"),
        (DECISIONS, {"decisions": []}, "decisions"),
        (DECISIONS, {"decisions": "x"}, "decisions"),
        (DECISIONS, {"decisions": [{}] * 1_001}, "decisions"),
        (DECISIONS, {"action": "message", "actor": "a", "target": "a"}, "target"),
        (DECISIONS, {"action": "wave", "actor": "a", "target": "b"}, "action"),
        (DECISIONS, {"action": "message", "actor": "", "target": "b"}, "actor"),
        (DECISIONS, {"action": "message", "actor": "a", "target": "b", "connected": "yes"}, "connected"),
        (DECISIONS, {"action": "message", "actor": "a", "target": "b", "mutuals": -1}, "mutuals"),
    ],
)
def test_what_is_no_request_names_the_field(chatter: NewKey, path: str, body: object, field: str) -> None:
    status, problem = post(chatter, path, body)
    assert status == 400
    assert [error["field"] for error in problem["errors"]] == [field]  # type: ignore[attr-defined]


def test_each_wrong_question_of_a_batch_is_named_with_its_place(chatter: NewKey) -> None:
    good = {"action": "message", "actor": "a", "target": "b"}
    status, problem = post(chatter, DECISIONS, {"decisions": [good, good | {"actor": None}, "x"]})
    assert status == 400
    fields = sorted(error["field"] for error in problem["errors"])  # type: ignore[attr-defined]
    assert fields == ["decisions.1.actor", "decisions.2"]


@pytest.mark.usefixtures("adult", "teen")
def test_one_question_has_one_answer_and_a_batch_has_results(chatter: NewKey) -> None:
    question = {"action": "message", "actor": "adult", "target": "teen", "mutuals": 0, "connected": False}
    status, answer = post(chatter, DECISIONS, question)
    assert status == 200
    assert answer.pop("decision_id")
    expected = {
        "decision": "deny",
        "ttl": 60,
        "to_actor": {"key": "cannot_message", "text": "You can't message this account."},
        "to_target": None,
    }
    assert answer == expected
    status, answers = post(chatter, DECISIONS, {"decisions": [question, question | {"connected": True}]})
    assert [one["decision"] for one in answers["results"]] == ["deny", "allow"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["nul\u0000", "../teen", "a/b", "batch", "\u202e", "x" * 128])
@pytest.mark.usefixtures("teen")
def test_a_name_that_nobody_can_have_is_a_strangers(chatter: NewKey, name: str) -> None:
    status, answer = post(chatter, DECISIONS, {"action": "comment", "actor": name, "target": "teen"})
    assert (status, answer["decision"]) == (200, "notice")


def test_a_standing_is_told_with_its_reasons_and_flags(
    chatter: NewKey, adult: Account, now: datetime
) -> None:
    reason = {"rule": "R8", "weight": 0.5, "expires_on": "2027-01-01", "facts": {}, "events": []}
    make_standing(adult, 2, now=now, reasons=[reason], rule_version=RULE_VERSION)
    make_flag(adult, 1, now)
    answer = client_of(chatter.key).get(STANDING)
    assert answer.status_code == 200
    told = answer.json()
    (shown,) = told.pop("reasons")
    assert told == {
        "level": 2,
        "score": 0.8,
        "flags": [{"level": 2, "opened_at": "2026-11-23T09:30:17Z", "closed_at": None, "outcome": None}],
    }
    assert (shown["rule"], shown["weight"], shown["expires_on"]) == ("R8", 0.5, "2027-01-01")
    assert "shares a device" in shown["text"]


@pytest.mark.usefixtures("adult", "teen")
def test_who_did_nothing_stands_at_the_default_and_a_stranger_nowhere(chatter: NewKey) -> None:
    client = client_of(chatter.key)
    default = {"level": 0, "score": 0.0, "reasons": [], "flags": []}
    for name in ("adult", "teen"):
        assert client.get(f"/api/v1/accounts/{name}/standing/").json() == default
    assert client.get("/api/v1/accounts/nobody/standing/").status_code == 404
    assert client_of(make_platform("Elsewhere", scopes=("safety",)).key).get(STANDING).status_code == 404


def make_flag(account: Account, number: int, now: datetime, **over: object) -> Flag:
    told = {"cause": "restricted", "level": 2, "score": 0.8, "rule_version": "1", "inputs_hash": "0" * 64}
    return Flag.objects.create(
        account=account, platform_id=account.platform_id, number=number, opened_at=now, **{**told, **over}
    )


def test_flags_are_followed_by_cursor(chatter: NewKey, now: datetime) -> None:
    adults = [make_account(chatter.platform, "21_plus") for _ in range(130)]
    for number, one in enumerate(adults, start=1):
        make_flag(one, number * 2, now)
    make_flag(make_account(make_platform("Elsewhere").platform, "21_plus"), 999, now)
    client, cursor = client_of(chatter.key), 0
    seen: list[dict[str, object]] = []
    for has_more in (True, False, False):
        page = client.get(FLAGS, {"cursor": cursor}).json()
        assert page["has_more"] is has_more
        cursor, seen = page["next_cursor"], [*seen, *page["flags"]]
    assert [one["account"] for one in seen] == [one.external_id for one in adults]
    # A decision moves a flag to the end.
    Flag.objects.filter(number=2).update(number=1_000, state="closed", outcome="lifted", closed_at=now)
    (moved,) = client.get(FLAGS, {"cursor": cursor}).json()["flags"]
    assert (moved["account"], moved["state"], moved["outcome"]) == (adults[0].external_id, "closed", "lifted")


def test_flags_since_a_time(chatter: NewKey, adult: Account, now: datetime) -> None:
    make_flag(adult, 1, now - timedelta(days=3), state="closed", outcome="upheld", closed_at=now)
    make_flag(adult, 2, now - timedelta(days=2))
    client = client_of(chatter.key)
    for since, numbers in (
        (now - timedelta(days=1), 1),
        (now - timedelta(days=9), 2),
        (now + timedelta(1), 0),
    ):
        assert len(client.get(FLAGS, {"since": since.isoformat()}).json()["flags"]) == numbers
    assert client.get(FLAGS, {"since": "yesterday"}).status_code == 400
    assert client.get(FLAGS, {"cursor": "-1"}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"), [("post", EVENTS), ("post", DECISIONS), ("get", STANDING), ("get", FLAGS)]
)
@pytest.mark.usefixtures("adult")
def test_only_keys_for_safety_and_only_that_verb(chatter: NewKey, method: str, path: str) -> None:
    assert getattr(client_of("no-key"), method)(path).status_code == 401
    feed = make_platform("Lists", scopes=("feed", "match", "feedback"))
    assert getattr(client_of(feed.key), method)(path).status_code == 403
    other = {"post": "get", "get": "post"}[method]
    assert getattr(client_of(chatter.key), other)(path).status_code == 405
    assert getattr(client_of(chatter.key), method)(path)["Cache-Control"] == "no-store"


def test_a_body_of_the_largest_batch_is_taken(chatter: NewKey, adult: Account, teen: Account) -> None:
    row = event(adult, teen, labels=["off_platform", "secrecy", "photo_request", "gift_card"])
    rows = [row | {"id": str(uuid4()) + "x" * 80} for _ in range(1_000)]
    status, told = post(chatter, EVENTS, {"events": rows})
    assert (status, told["accepted"]) == (200, 1_000)
