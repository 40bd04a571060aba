"""Many who change the list at the same time, each in threads of one process.

`python -m tests.exchange.format_load SEED THREADS STEPS PLATFORM` with DATABASE_URL naming the database.
"""

from __future__ import annotations

import random
import sys
import threading
import time
import traceback
from uuid import UUID

import django
from django.db import connection, transaction
from django.utils import timezone

# Several reports hold the same: one row for all of them where the list is told by value.
COMMON = [f"{number:02x}" * 32 for number in range(1, 4)]
LONGEST_SECONDS = 0.25


class Writer(threading.Thread):
    """Lists, withdraws and reviews in transactions of very different lengths; some give up."""

    def __init__(self, name: str, *, steps: int, platform: int) -> None:
        super().__init__(name=name)
        self.chance = random.Random(name)  # noqa: S311 - Nothing secret: a mix of long and short transactions.
        self.steps, self.platform = steps, platform
        self.mine: list[UUID] = []
        self.failed = ""

    def run(self) -> None:
        try:
            for _ in range(self.steps):
                self.step()
                time.sleep(self.chance.random() * LONGEST_SECONDS)
        except Exception:  # noqa: BLE001 - Told by the process.
            self.failed = traceback.format_exc()
        finally:
            connection.close()

    def step(self) -> None:
        what = self.chance.random()
        if not self.mine or what < 0.5:
            self.list_one()
        elif what < 0.75:
            withdraw_pictures(picture_ids=[self.mine.pop(self.chance.randrange(len(self.mine)))])
        else:
            self.review(self.chance.choice(self.mine))

    def list_one(self) -> None:
        with transaction.atomic():
            (new,) = list_pictures(pictures=[self.picture()], release=True)
            time.sleep(self.chance.random() ** 3 * LONGEST_SECONDS)
            gives_up = self.chance.random() < 0.1
            transaction.set_rollback(gives_up)
        if not gives_up:
            self.mine.append(new)

    def picture(self) -> NewPicture:
        md5 = Fingerprint("md5", f"{self.chance.getrandbits(128):032x}")
        if self.chance.random() < 0.2:
            return NewPicture("video", (md5,))
        own = f"{self.chance.getrandbits(256):064x}"
        value = self.chance.choice(COMMON) if self.chance.random() < 0.2 else own
        return NewPicture("image", (Fingerprint("pdq", value, quality=100), md5))

    def review(self, picture: UUID) -> None:
        """As soon as platforms are told of it."""
        told = FeedChange.objects.filter(entry__picture=picture, number__isnull=False)
        deadline = time.monotonic() + 60
        while (entry := told.values_list("entry_id", flat=True).first()) is None:
            assert time.monotonic() < deadline, "Nobody numbers it."
            time.sleep(0.05)
        give_feedback(
            platform_id=self.platform,
            entry_id=entry,
            outcome="blocked",
            reason=None,
            count=1,
            on=timezone.now().date(),
        )


def write(seed: str, threads: str, steps: str, platform: str) -> None:
    writers = [
        Writer(f"{seed}-{number}", steps=int(steps), platform=int(platform)) for number in range(int(threads))
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    failed = [writer.failed for writer in writers if writer.failed]
    if failed:
        sys.exit(failed[0])


if __name__ == "__main__":
    django.setup()

from hashes.models import FeedChange  # noqa: E402 - Models can be imported once Django is set up.
from hashes.services import (  # noqa: E402
    Fingerprint,
    NewPicture,
    give_feedback,
    list_pictures,
    withdraw_pictures,
)

if __name__ == "__main__":
    write(*sys.argv[1:])
