from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import altcha
import pytest
from django.test import RequestFactory

from cases import access_code, clients, code_keys
from tests.cases.reporter import Reporter, fields, told


def _wrong(code: str, *, selector: str | None = None) -> str:
    """A well-formed code that opens nothing."""
    other = access_code.symbols_from(b"\x5a" * 10, count=14)
    return access_code.compose(selector=selector or code[:5], secret=other)


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every Argon2id call, by its code."""
    made: list[str] = []
    really = code_keys.derive_root

    def counted(*, code: str, salt: bytes) -> code_keys.Root:
        made.append(code)
        return really(code=code, salt=salt)

    monkeypatch.setattr(code_keys, "derive_root", counted)
    return made


def test_known_wrong_and_unknown_codes_cost_one_derivation_each(
    reporter: Reporter, derivations: list[str]
) -> None:
    code = reporter.code()
    costs = []
    for tried in (code, _wrong(code), _wrong(code, selector="ZZZZZ")):
        derivations.clear()
        reporter.status(tried)
        costs.append(len(derivations))

    assert costs == [1, 1, 1]


def test_wrong_and_unknown_are_answered_with_the_same_bytes(reporter: Reporter) -> None:
    code = reporter.code()

    wrong = reporter.status(_wrong(code))
    unknown = reporter.status(_wrong(code, selector="ZZZZZ"))

    assert wrong.status_code == unknown.status_code == 404
    assert wrong.content == unknown.content
    assert dict(wrong.headers) == dict(unknown.headers)


def test_a_slip_of_the_finger_is_the_same_answer_without_a_derivation(
    reporter: Reporter, derivations: list[str]
) -> None:
    code = reporter.code()
    derivations.clear()

    slipped = reporter.status(code[:-1] + ("0" if code[-1] != "0" else "1"))

    assert slipped.status_code == 404
    assert derivations == []


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code}  "]
)
def test_case_spaces_and_hyphens_do_not_matter(reporter: Reporter, typed: Callable[[str], str]) -> None:
    assert reporter.status(typed(reporter.code())).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"access_code": ""}, {"access_code": None}, {"access_code": ["x"]}, {"access_code": "x" * 65}],
)
def test_what_can_not_be_a_code_is_named(reporter: Reporter, body: dict[str, Any]) -> None:
    answer = reporter.post("status/", body)

    assert answer.status_code == 400
    assert fields(answer) == ["access_code"]


def test_after_five_wrong_codes_of_one_selector_a_proof_is_asked(reporter: Reporter) -> None:
    code = reporter.code()
    answers = []
    for number in range(6):
        reporter.address = f"203.0.113.{number}"
        answers.append(reporter.status(_wrong(code)).status_code)

    assert answers == [404] * 5 + [428]


@pytest.mark.parametrize(
    ("address", "neighbour", "is_same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("2001:db8:0:1::7", "2001:db8:0:2::8", True),
        ("2001:db8::7", "2001:db8:1::7", False),
        ("no address", "", True),
    ],
)
def test_clients_are_told_apart_by_the_network_that_one_of_them_can_use(
    rf: RequestFactory, address: str, neighbour: str, *, is_same: bool
) -> None:
    one, other = (clients.bucket(rf.post("/", REMOTE_ADDR=each)) for each in (address, neighbour))

    assert (one == other) is is_same


def test_a_known_and_an_unknown_selector_come_to_their_limit_alike(reporter: Reporter) -> None:
    code = reporter.code()
    rows = []
    for selector in (code[:5], "ZZZZZ"):
        row = []
        for number in range(7):
            reporter.address = f"198.51.100.{number}"
            row.append(reporter.status(_wrong(code, selector=selector)).status_code)
        rows.append(row)

    assert rows[0] == rows[1]


def test_a_thousand_wrong_codes_of_one_client_cost_another_nothing(
    reporter: Reporter, derivations: list[str]
) -> None:
    code = reporter.code()
    derivations.clear()
    reporter.address = "198.51.100.1"
    for number in range(1_000):
        selector = access_code.symbols_from(number.to_bytes(4, "little"), count=5)
        reporter.status(_wrong(code, selector=selector))
    flood = len(derivations)

    reporter.address = "203.0.113.9"
    answer = reporter.status(code)

    assert answer.status_code == 200
    # Ten derivations, then the flood is asked for proof and costs next to nothing.
    assert flood == 10
    assert len(derivations) == flood + 1


def _at_the_limit(reporter: Reporter, code: str) -> dict[str, Any]:
    for number in range(6):
        reporter.address = f"203.0.113.{number}"
        answer = reporter.status(_wrong(code))
    assert answer.status_code == 428
    challenge: dict[str, Any] = told(answer)["challenge"]
    return challenge


def _encoded(challenge: dict[str, Any], solution: dict[str, Any] | None = None) -> str:
    payload = {"challenge": challenge} | ({"solution": solution} if solution else {})
    return base64.b64encode(json.dumps(payload).encode()).decode()


def _solved(challenge: dict[str, Any]) -> str:
    solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
    assert solution is not None
    return _encoded(challenge, solution.to_dict())


@pytest.fixture
def cheap_proof(settings: Any) -> None:
    settings.PROOF_OF_WORK_COST = 10


@pytest.mark.usefixtures("cheap_proof")
def test_a_solved_challenge_opens_the_way_once(reporter: Reporter) -> None:
    code = reporter.code()
    header = _solved(_at_the_limit(reporter, code))

    assert reporter.status(code, **{"X-Proof-Of-Work": header}).status_code == 200
    assert reporter.status(code, **{"X-Proof-Of-Work": header}).status_code == 428


@pytest.mark.usefixtures("cheap_proof")
def test_a_proof_counts_only_where_it_was_asked_for(reporter: Reporter, settings: Any) -> None:
    code = reporter.code()
    header = _solved(_at_the_limit(reporter, code))
    settings.REPORTS_PER_HOUR_BEFORE_PROOF = 0

    answer = reporter.post(
        "",
        {"media": [{"kind": "image", "fingerprints": [{"algorithm": "md5", "value": "0" * 32}]}]},
        **{"Idempotency-Key": "k" * 30, "X-Proof-Of-Work": header},
    )

    assert answer.status_code == 428


@pytest.mark.usefixtures("cheap_proof")
@pytest.mark.parametrize(
    "header", ["", "%%%", "e30=", base64.b64encode(b"[" * 3000).decode(), _encoded({}, {})]
)
def test_nonsense_is_no_proof(reporter: Reporter, header: str) -> None:
    code = reporter.code()
    _at_the_limit(reporter, code)

    assert reporter.status(code, **{"X-Proof-Of-Work": header}).status_code == 428


@pytest.mark.usefixtures("cheap_proof")
def test_a_challenge_of_ones_own_making_is_no_proof(reporter: Reporter) -> None:
    code = reporter.code()
    challenge = _at_the_limit(reporter, code)
    challenge["parameters"]["keyPrefix"] = ""

    assert reporter.status(code, **{"X-Proof-Of-Work": _solved(challenge)}).status_code == 428


def test_a_slow_device_may_wait_instead(reporter: Reporter, time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T09:30:00Z", tick=False)
    code = reporter.code()
    header = _encoded(_at_the_limit(reporter, code))

    time_machine.move_to("2026-11-23T09:30:59Z", tick=False)
    assert reporter.status(code, **{"X-Proof-Of-Work": header}).status_code == 428
    time_machine.move_to("2026-11-23T09:31:01Z", tick=False)
    assert reporter.status(code, **{"X-Proof-Of-Work": header}).status_code == 200


def test_waiting_out_many_challenges_at_once_opens_the_way_once(
    reporter: Reporter, time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23T09:30:00Z", tick=False)
    code = reporter.code()
    headers = [_encoded(_at_the_limit(reporter, code))]
    headers += [_encoded(told(reporter.status(code))["challenge"]) for _ in range(3)]

    time_machine.move_to("2026-11-23T09:31:30Z", tick=False)
    answers = [reporter.status(code, **{"X-Proof-Of-Work": header}).status_code for header in headers]

    assert answers == [200, 428, 428, 428]


def test_the_challenge_says_how_long_a_wait_takes(reporter: Reporter) -> None:
    code = reporter.code()
    _at_the_limit(reporter, code)

    answer = reporter.status(code)

    assert answer["Retry-After"] == "60"
    assert answer["Content-Type"].startswith("application/")


def test_a_flood_of_reports_is_asked_for_proof_by_client_before_it_is_by_all(
    reporter: Reporter, settings: Any
) -> None:
    settings.REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF = 2
    answers = [reporter.report().status_code for _ in range(3)]
    reporter.address = "203.0.113.200"

    assert answers == [201, 201, 428]
    assert reporter.report().status_code == 201


def test_sending_a_right_code_again_and_again_is_asked_for_proof_too(
    reporter: Reporter, settings: Any
) -> None:
    settings.CODES_PER_CLIENT = 3
    code = reporter.code()
    answers = [reporter.status(code).status_code for _ in range(4)]
    reporter.address = "203.0.113.200"

    assert answers == [200, 200, 200, 428]
    assert reporter.status(code).status_code == 200
