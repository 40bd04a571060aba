"""The portal's native API, as a platform's server speaks it."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import httpx

from hashes.fingerprints import Fingerprint
from hashes.scan.errors import (
    KeyRefused,
    NoPortal,
    PortalNotReached,
    PortalRefused,
    ScopeMissing,
    UrlNotUsable,
)

_ATTEMPTS = 6
_LONGEST_WAIT = 30.0
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class Answer(NamedTuple):
    """A result for each hash, and up to which number of the list they were compared."""

    results: list[dict[str, Any]]
    through: int


class PortalClient:
    """Every request can be repeated, so each is, while the portal is busy or away."""

    def __init__(
        self,
        *,
        url: str,
        key: str,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._http = httpx.Client(
            base_url=usable(url),
            headers={"Authorization": f"Bearer {key}"},
            timeout=_TIMEOUT,
            transport=transport,
            # The key goes to the portal and to nobody whom an environment variable names.
            trust_env=False,
        )
        self._sleep = sleep
        self._tell = tell

    def close(self) -> None:
        self._http.close()

    def feed(self, *, after: int) -> dict[str, Any]:
        return self._ask("GET", "/api/v1/feed/", holds="next_after", params={"after": after, "limit": 10_000})

    def match(self, fingerprints: Sequence[Fingerprint]) -> Answer:
        hashes = [{"algorithm": one.algorithm, "value": one.value} for one in fingerprints]
        answer = self._ask("POST", "/api/v1/match/", holds="results", json={"hashes": hashes})
        # A portal that doesn't say how much of its list it compared may have compared nothing yet.
        return Answer(answer["results"], answer.get("through", 0))

    def give_feedback(self, *, entry: str, outcome: str, count: int) -> None:
        said = {"entry": entry, "outcome": outcome, "reason": None, "count": count}
        self._ask("POST", "/api/v1/feedback/", holds="entry", json=said)

    def _ask(self, verb: str, path: str, *, holds: str, **request: Any) -> dict[str, Any]:
        """What the portal answered: an object that holds this."""
        for attempt in range(_ATTEMPTS):
            answer = self._try(verb, path, **request)
            if isinstance(answer, httpx.Response) and not _may_pass(answer):
                return _content(answer, holds=holds)
            if attempt < _ATTEMPTS - 1:
                self._wait(answer, attempt=attempt)
        raise PortalNotReached(f"{_what_happened(answer)} {_ATTEMPTS} times; run it again to go on")

    def _wait(self, answer: httpx.Response | httpx.TransportError, *, attempt: int) -> None:
        seconds = _pause(answer, attempt=attempt)
        tries = f"{attempt + 1} of {_ATTEMPTS - 1}"
        self._tell(f"Trying again in {seconds:g} s ({tries}): {_what_happened(answer)}.")
        self._sleep(seconds)

    def _try(self, verb: str, path: str, **request: Any) -> httpx.Response | httpx.TransportError:
        try:
            return self._http.request(verb, path, **request)
        except httpx.TransportError as error:
            return error


def usable(url: str) -> str:
    """The portal's address. A key is not sent over the network in the clear."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise UrlNotUsable(f"{url} is no address of a portal, such as https://reclaim.example.org")
    if parsed.scheme == "http" and not _is_this_machine(parsed.host):
        raise UrlNotUsable(f"{url} would send the key in the clear: use https")
    return url.rstrip("/")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _may_pass(answer: httpx.Response) -> bool:
    return answer.status_code == 429 or answer.status_code >= 500


def _pause(answer: httpx.Response | httpx.TransportError, *, attempt: int) -> float:
    """As long as the portal asks for, else twice as long each time."""
    asked = answer.headers.get("Retry-After", "") if isinstance(answer, httpx.Response) else ""
    wait = float(asked) if asked.isdecimal() else 0.5 * 2**attempt
    return min(wait, _LONGEST_WAIT)


def _what_happened(answer: httpx.Response | httpx.TransportError) -> str:
    if isinstance(answer, httpx.Response):
        return f"the portal answered {answer.status_code}"
    return f"the portal was not reached ({type(answer).__name__})"


def _content(answer: httpx.Response, *, holds: str) -> dict[str, Any]:
    if answer.status_code == 401:
        raise KeyRefused("the portal refuses this key: it is wrong, revoked or out of time")
    if answer.status_code == 403:
        raise ScopeMissing(_detail(answer))
    if answer.status_code == 404 and not _is_problem(answer):
        raise NoPortal("what answers at this address is no Reclaim portal")
    if answer.status_code == 404:
        raise NoPortal(
            "the portal has no such address: --url is its own alone, as in https://reclaim.example"
        )
    if not answer.is_success:
        raise PortalRefused(f"the portal answered {answer.status_code}: {_detail(answer)}")
    content = _json(answer)
    if not isinstance(content, dict) or holds not in content:
        raise NoPortal("what answers at this address is no Reclaim portal")
    return content


def _is_problem(answer: httpx.Response) -> bool:
    """Every refusal of a portal's is one, so another server's can be told from it."""
    return str(answer.headers.get("Content-Type", "")).startswith("application/problem+json")


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _detail(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase
