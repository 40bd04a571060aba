"""The scan: follow the list, hash what is new, ask about everything, say what was done."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from hashes.scan.client import PortalClient
from hashes.scan.errors import PortalRefused, ScopeMissing
from hashes.scan.looking import Looked, look_at
from hashes.scan.policy import BLOCKED, WITHDRAWN, Verdict, feedback, judge
from hashes.scan.state import State
from hashes.scan.walking import Found, Skipped, walk

MATCH_BATCH = 1_000
# So many files for each core are begun before the first of them is asked about.
LOOK_AHEAD = 4
LOOK = (
    "What matched was said to be blocked, which makes it confirmed for every platform. Look at each file that "
    "is listed. If nobody does, scan with --review-only."
)


@dataclass(frozen=True)
class Report:
    """What a scan found. Files by name; who prints it decides whether names are shown."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    feedback: dict[str, int] = field(default_factory=lambda: {"sent": 0, "withdrawals": 0, "refused": 0})

    def count(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.verdicts.values())


@dataclass(frozen=True)
class Scan:
    client: PortalClient
    state: State
    review_only: bool = False
    most_bytes: int = 2 << 30
    # Decoding and hashing let other threads run, so threads are enough to use every core.
    at_once: int = os.cpu_count() or 1
    on_file: Callable[[], None] = lambda: None

    def run(self, folder: Path) -> Report:
        report = Report()
        reads_list = self._follow_list(report)
        for batch in _batches(self._looked(folder, report)):
            self._ask(batch, report)
        if reads_list:
            self._give_feedback(report)
        return report

    def _follow_list(self, report: Report) -> bool:
        """Read what is new on the list, then ask beyond it: only that proves that it arrived."""
        try:
            while self._read_page():
                pass
        except ScopeMissing as missing:
            report.notes.append(f"{missing} Without the list there are no entries to give feedback on.")
            return False
        return True

    def _read_page(self) -> bool:
        after = self.state.position()
        page = self.client.feed(after=after)
        if page["next_after"] < after:
            # The portal's list ends before the place where this copy was: it is another one.
            self.state.forget_list()
            return True
        self.state.follow(page["changes"], after=page["next_after"])
        return bool(page["changes"])

    def _looked(self, folder: Path, report: Report) -> Iterator[tuple[str, Looked]]:
        for found, looked in self._looks(folder, report):
            if looked.skipped:
                report.skipped.append(Skipped(found.name, looked.skipped))
            if looked.fingerprints:
                yield found.name, looked

    def _looks(self, folder: Path, report: Report) -> Generator[tuple[Found, Looked], None, None]:
        """In the order of the folder, while all cores look at what comes next."""
        waiting: deque[tuple[Found, Looked | Future[Looked]]] = deque()
        pool = ThreadPoolExecutor(self.at_once)
        try:
            for found in walk(folder, most_bytes=self.most_bytes):
                self.on_file()
                if isinstance(found, Skipped):
                    report.skipped.append(found)
                    continue
                waiting.append((found, self.state.remembered(found) or pool.submit(look_at, found)))
                if len(waiting) > LOOK_AHEAD * self.at_once:
                    yield self._finished(*waiting.popleft())
            while waiting:
                yield self._finished(*waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)

    def _finished(self, found: Found, looked: Looked | Future[Looked]) -> tuple[Found, Looked]:
        if isinstance(looked, Future):
            looked = looked.result()
            self.state.remember(found, looked)
        return found, looked

    def _ask(self, batch: list[tuple[str, Looked]], report: Report) -> None:
        results = iter(self.client.match([one for _, looked in batch for one in looked.fingerprints]))
        for name, looked in batch:
            answers = [next(results) for _ in looked.fingerprints]
            verdict = judge(answers, review_only=self.review_only)
            # What could not be decoded is a file of the scan only if its very bytes are on the list.
            if not looked.skipped or verdict.verdict != "none":
                report.verdicts[name] = verdict

    def _give_feedback(self, report: Report) -> None:
        done = feedback(report.verdicts.values())
        gone = {entry: (WITHDRAWN, count) for entry, count in self.state.withdrawn_after_saying()}
        try:
            for entry, (outcome, count) in {**gone, **done}.items():
                if not self.state.was_said(entry, outcome, count):
                    report.feedback[self._say(entry, outcome, count)] += 1
        except ScopeMissing as missing:
            report.notes.append(f"{missing} Feedback was skipped.")
            return
        if not self.review_only and any(outcome == BLOCKED for outcome, _ in done.values()):
            report.notes.append(LOOK)

    def _say(self, entry: str, outcome: str, count: int) -> str:
        """Say it, and name the heap on which it is counted."""
        try:
            self.client.give_feedback(entry=entry, outcome=outcome, count=count)
        except PortalRefused:
            return "refused"
        self.state.say(entry, outcome, count)
        return "withdrawals" if outcome == WITHDRAWN else "sent"


def _batches(looked: Iterator[tuple[str, Looked]]) -> Iterator[list[tuple[str, Looked]]]:
    """As many files as fit into one question."""
    batch: list[tuple[str, Looked]] = []
    size = 0
    for name, one in looked:
        if size + len(one.fingerprints) > MATCH_BATCH:
            yield batch
            batch, size = [], 0
        batch.append((name, one))
        size += len(one.fingerprints)
    if batch:
        yield batch
