from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest

from hashes.index import Hit
from hashes.scan.client import PortalClient, usable
from hashes.scan.errors import PortalNotReached, ScanStopped, UrlNotUsable
from hashes.scan.policy import feedback, fold, judge

Answer = httpx.Response | Exception
PROBLEM = {"Content-Type": "application/problem+json"}


def client_of(*answers: Answer, tell: Callable[[str], None] = print) -> tuple[PortalClient, list[float]]:
    """A client whose portal answers like this, one request after the other, and how long it waited."""
    left, waits = list(answers), list[float]()

    def answer(_request: httpx.Request) -> httpx.Response:
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    transport = httpx.MockTransport(answer)
    client = PortalClient(
        url="https://portal.example/", key="k", transport=transport, sleep=waits.append, tell=tell
    )
    return client, waits


def test_a_busy_portal_is_asked_again_after_as_long_as_it_says() -> None:
    client, waits = client_of(
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.Response(503),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.Response(429, headers={"Retry-After": "86400"}),
        httpx.Response(200, json={"results": [{"verdict": "none"}]}),
    )
    assert client.match([]) == ([{"verdict": "none"}], 0)
    assert waits == [7.0, 1.0, 2.0, 4.0, 30.0]


def test_each_wait_is_told_before_it_begins() -> None:
    told: list[str] = []
    answers = (
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.ConnectError("refused"),
        httpx.Response(200, json={"results": []}),
    )
    client, waits = client_of(*answers, tell=lambda text: told.append(f"{text} {len(waits)}"))
    client.match([])
    assert told == [
        "Trying again in 7 s (1 of 5): the portal answered 429. 0",
        "Trying again in 1 s (2 of 5): the portal was not reached (ConnectError). 1",
    ]


@pytest.mark.parametrize("answer", [lambda: httpx.Response(502), lambda: httpx.ConnectError("refused")])
def test_it_gives_up_in_the_end(answer: Callable[[], Answer]) -> None:
    client, waits = client_of(*(answer() for _ in range(6)))
    with pytest.raises(PortalNotReached, match="6"):
        client.feed(after=0)
    assert len(waits) == 5


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (httpx.Response(400, json={"detail": "64 hex digits."}), "64 hex digits"),
        (httpx.Response(404, text="<html>"), "is no Reclaim portal"),
        (httpx.Response(404, json={"detail": "Not here."}), "is no Reclaim portal"),
        (httpx.Response(404, json={"detail": "Not here."}, headers=PROBLEM), "--url is its own alone"),
        (httpx.Response(200, text="<html>"), "is no Reclaim portal"),
        (httpx.Response(200, json=["ok"]), "is no Reclaim portal"),
        (httpx.Response(200, json={"status": "ok"}), "is no Reclaim portal"),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example"}), "302"),
    ],
)
def test_a_refusal_is_not_repeated(answer: httpx.Response, told: str) -> None:
    client, waits = client_of(answer)
    with pytest.raises(ScanStopped, match=told):
        client.feed(after=0)
    assert waits == []


@pytest.mark.parametrize(
    "url", ["https://portal.example", "http://127.0.0.1:8000/", "http://[::1]:8000", "http://localhost"]
)
def test_addresses_that_keep_the_key_safe_are_used(url: str) -> None:
    assert usable(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example",
        "http://10.0.0.7",
        "ftp://x",
        "x",
        "",
        "https://",
        "http://localhost.evil.example",
    ],
)
def test_others_are_not(url: str) -> None:
    with pytest.raises(UrlNotUsable):
        usable(url)


A, B, C = (UUID(int=number) for number in range(3))


def hit(entry: UUID, algorithm: str = "pdq", review: str = "unreviewed") -> Hit:
    return Hit(entry, algorithm, 3, review)


def test_a_file_is_judged_by_its_strongest_hit() -> None:
    match, review = [hit(A), hit(B, review="check_first")], hit(C, review="check_first")
    assert judge([], review_only=False) == ("none", None, {})
    assert judge([review], review_only=False) == ("review", "check_first", {str(C): "pending_review"})
    # Of a match, only what made it one is blocked.
    assert judge([review, *match], review_only=False) == ("match", "unreviewed", {str(A): "blocked"})
    assert judge([hit(C, algorithm="phash"), *match], review_only=False).said == {str(A): "blocked"}
    assert judge(match, review_only=True) == ("match", "unreviewed", {str(A): "pending_review"})
    seen = [hit(A, review="confirmed"), hit(B)]
    assert judge(seen, review_only=True).said == {str(A): "blocked", str(B): "pending_review"}


def test_a_confirmed_hint_makes_no_match_confirmed() -> None:
    hint = hit(C, algorithm="phash", review="confirmed")
    assert judge([hint, hit(A)], review_only=True) == ("match", "unreviewed", {str(A): "pending_review"})
    assert judge([hint], review_only=True).review == "confirmed"
    answers: list[dict[str, object]] = [
        {"verdict": "review", "review": "confirmed"},
        {"verdict": "match", "review": "unreviewed"},
        {"verdict": "none", "review": None},
    ]
    assert fold(answers) == ("match", "unreviewed", {})
    assert fold(answers[:1]) == ("review", "confirmed", {})
    assert fold([]) == ("none", None, {})


def test_a_block_outweighs_what_still_waits() -> None:
    waits = judge([hit(A, algorithm="phash")], review_only=False)
    blocked = judge([hit(A)], review_only=False)
    for order in ([waits, blocked, blocked], [blocked, waits, blocked]):
        assert feedback(order) == {str(A): ("blocked", 2)}
    assert feedback([waits]) == {str(A): ("pending_review", 1)}
