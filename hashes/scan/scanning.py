"""The scan: follow the list, hash and ask about new files, compare the others with the list's news, say what was done."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from hashes.scan.client import Answer, PortalClient
from hashes.scan.errors import ListReplaced, PortalRefused, ScopeMissing
from hashes.scan.looking import Looked, look_at
from hashes.scan.news import NewHit, News
from hashes.scan.policy import BLOCKED, WITHDRAWN, Verdict, feedback, fold, judge
from hashes.scan.state import Remembered, State
from hashes.scan.walking import Found, Skipped, walk

MATCH_BATCH = 1_000
# So many files for each core are begun before the first of them is asked about.
LOOK_AHEAD = 4
# Files whose hashes are compared with the news together, and remembered together.
COMPARED_AT_A_TIME = 10_000
LOOK = (
    "What matched was said to be blocked, which makes it confirmed for every platform. Look at each file that "
    "is listed. If nobody does, scan with --review-only."
)


@dataclass
class Report:
    """What a scan found. Files by name; who prints it decides whether names are shown."""

    # Files that the portal was asked about; the others were compared with the list's news.
    asked: int = 0
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
    # Ask about every file, whatever is known of it.
    ask_all: bool = False
    most_bytes: int = 2 << 30
    # Decoding and hashing let other threads run, so threads are enough to use every core.
    at_once: int = os.cpu_count() or 1
    on_file: Callable[[], None] = lambda: None

    def run(self, folder: Path) -> Report:
        report = Report()
        if not self._reads_list(report):
            self._ask_all(folder, report)
            return report
        if self.ask_all:
            self.state.forget_comparisons()
        files = self._ask_new(folder, report)
        # The answers may know more of the list than what was read before them.
        if self._follow_list():
            raise ListReplaced("the portal began another list meanwhile; run it again")
        self._compare_with_news()
        self._judge(files, report)
        self._give_feedback(report)
        return report

    def _reads_list(self, report: Report) -> bool:
        try:
            self._follow_list()
        except ScopeMissing as missing:
            report.notes.append(
                f"{missing} Without the list there are no entries to give feedback on, and no news to compare "
                "with: every file was asked about."
            )
            return False
        return True

    def _follow_list(self) -> bool:
        """Read what is new on the list, then ask beyond it: only that proves that it arrived.

        Say whether it is another list than before.
        """
        is_another = False
        while True:
            after = self.state.position()
            page = self.client.feed(after=after)
            if page["next_after"] < after:
                # The portal's list ends before the place where this copy was.
                self.state.forget_list()
                is_another = True
                continue
            self.state.follow(page["changes"], after=page["next_after"])
            if not page["changes"]:
                return is_another

    def _ask_all(self, folder: Path, report: Report) -> None:
        """With a key that is told verdicts only: there is nothing to keep, because the list may have changed."""
        looked = ((found, one.looked) for found, one in self._looked(folder, report))
        for batch in _batches(looked):
            results = iter(self._ask(batch, report).results)
            for found, one in batch:
                verdict = fold([next(results) for _ in one.fingerprints])
                _tell(report, found.name, verdict, is_skipped=bool(one.skipped))

    def _ask_new(self, folder: Path, report: Report) -> list[tuple[str, bool]]:
        """Ask about files that were not asked about before. Name all that there are, and which were skipped."""
        position = self.state.position()
        files: list[tuple[str, bool]] = []
        for batch in _batches(self._unasked(folder, report, files)):
            answer = self._ask(batch, report)
            self.state.compared(
                [found.name for found, _ in batch],
                _hits(batch, answer),
                # What the answers know beyond the copy of the list is compared again, once the copy has it.
                through=min(answer.through, position),
            )
        return files

    def _unasked(
        self, folder: Path, report: Report, files: list[tuple[str, bool]]
    ) -> Iterator[tuple[Found, Looked]]:
        for found, one in self._looked(folder, report):
            files.append((found.name, bool(one.looked.skipped)))
            if one.through is None:
                yield found, one.looked

    def _ask(self, batch: list[tuple[Found, Looked]], report: Report) -> Answer:
        report.asked += len(batch)
        return self.client.match([one for _, looked in batch for one in looked.fingerprints])

    def _compare_with_news(self) -> None:
        """Bring the files that were asked about before to where the copy of the list is."""
        position = self.state.position()
        for through in self.state.behind():
            news = News(self.state.news(after=through))
            for files in self.state.kept(through=through, at_a_time=COMPARED_AT_A_TIME):
                self.state.compared(
                    [file.name for file in files], list(news.in_files(files)), through=position
                )

    def _judge(self, files: list[tuple[str, bool]], report: Report) -> None:
        for name, is_skipped in files:
            verdict = judge(self.state.hits_of(name), review_only=self.review_only)
            _tell(report, name, verdict, is_skipped=is_skipped)

    def _looked(self, folder: Path, report: Report) -> Iterator[tuple[Found, Remembered]]:
        for found, one in self._looks(folder, report):
            if one.looked.skipped:
                report.skipped.append(Skipped(found.name, one.looked.skipped))
            if one.looked.fingerprints:
                yield found, one

    def _looks(self, folder: Path, report: Report) -> Generator[tuple[Found, Remembered], None, None]:
        """In the order of the folder, while all cores look at what comes next."""
        waiting: deque[tuple[Found, Remembered | Future[Looked]]] = deque()
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

    def _finished(self, found: Found, one: Remembered | Future[Looked]) -> tuple[Found, Remembered]:
        if isinstance(one, Remembered):
            return found, one
        looked = one.result()
        self.state.remember(found, looked)
        return found, Remembered(looked, None)

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


def _tell(report: Report, name: str, verdict: Verdict, *, is_skipped: bool) -> None:
    # What could not be decoded is a file of the scan only if its very bytes are on the list.
    if not is_skipped or verdict.verdict != "none":
        report.verdicts[name] = verdict


def _hits(batch: Sequence[tuple[Found, Looked]], answer: Answer) -> Iterator[NewHit]:
    results = iter(answer.results)
    for found, looked in batch:
        for result in islice(results, len(looked.fingerprints)):
            if "matches" not in result:
                raise ScopeMissing("the key lost the scope feed meanwhile; run it again")
            yield from (NewHit(found.name, hit["entry"], hit["distance"]) for hit in result["matches"])


def _batches(looked: Iterator[tuple[Found, Looked]]) -> Iterator[list[tuple[Found, Looked]]]:
    """As many files as fit into one question."""
    batch: list[tuple[Found, Looked]] = []
    size = 0
    for found, one in looked:
        if size + len(one.fingerprints) > MATCH_BATCH:
            yield batch
            batch, size = [], 0
        batch.append((found, one))
        size += len(one.fingerprints)
    if batch:
        yield batch
