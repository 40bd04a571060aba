from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from cases.errors import LineTooLong
from cases.fair_gate import FairGate


class _Crowd:
    """Visitors of a gate, each in a thread, who note when they got in and leave when told."""

    def __init__(self, gate: FairGate) -> None:
        self.gate = gate
        self.inside: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._leave = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def comes(self, client: str, name: str) -> None:
        thread = threading.Thread(target=self._visit, args=(client, name))
        self._threads.append(thread)
        thread.start()

    def one_leaves(self) -> None:
        self._leave.release()

    def goes_home(self) -> None:
        for _ in self._threads:
            self._leave.release()
        for thread in self._threads:
            thread.join(timeout=10)

    def _visit(self, client: str, name: str) -> None:
        with self.gate.turn(client):
            with self._lock:
                self.inside.append(name)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            self._leave.acquire()
            with self._lock:
                self._at_once -= 1


def _until(true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(1_000):
        if true():
            return
        waiting.wait(0.01)
    raise AssertionError("it never came true")


def _waiting(gate: FairGate) -> int:
    return sum(len(line) for line in gate._lines.values())


def test_a_long_line_of_one_client_does_not_delay_another() -> None:
    gate = FairGate(places=1, line=10)
    crowd = _Crowd(gate)
    crowd.comes("flood", "flood 0")
    _until(lambda: crowd.inside == ["flood 0"])
    for number in range(1, 9):
        crowd.comes("flood", f"flood {number}")
    _until(lambda: _waiting(gate) == 8)
    crowd.comes("girl", "girl")
    _until(lambda: _waiting(gate) == 9)

    crowd.one_leaves()
    crowd.one_leaves()

    _until(lambda: "girl" in crowd.inside)
    assert crowd.inside.index("girl") <= 2
    crowd.goes_home()


def test_never_more_inside_than_there_are_places() -> None:
    crowd = _Crowd(FairGate(places=2, line=50))

    for number in range(20):
        crowd.comes(f"client {number % 5}", str(number))
    crowd.goes_home()

    assert len(crowd.inside) == 20
    assert crowd.most_at_once <= 2


def test_a_client_whose_line_is_full_is_told_at_once() -> None:
    gate = FairGate(places=1, line=1)
    crowd = _Crowd(gate)
    crowd.comes("flood", "inside")
    _until(lambda: crowd.inside == ["inside"])
    crowd.comes("flood", "in line")
    _until(lambda: _waiting(gate) == 1)

    with pytest.raises(LineTooLong), gate.turn("flood"):
        pass

    crowd.goes_home()


def test_a_place_is_given_back_when_the_work_fails() -> None:
    gate = FairGate(places=1, line=1)

    with pytest.raises(ZeroDivisionError), gate.turn("one"):
        raise ZeroDivisionError

    with gate.turn("two"):
        assert True
