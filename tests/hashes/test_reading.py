from __future__ import annotations

from datetime import datetime

from hashes.models import FeedCounter, Reader
from hashes.services import FeedPage, publish, read_feed, release_pictures, withdraw_pictures
from platforms.services import NewKey
from tests.makers import make_picture


def read(platform: NewKey, *, after: int = 0, limit: int = 100) -> FeedPage:
    return read_feed(platform_id=platform.platform.pk, after=after, limit=limit)


def marks(platform: NewKey) -> tuple[int, int]:
    reader = Reader.objects.get(pk=platform.platform.pk)
    return reader.collected_through, reader.followed_through


def test_an_empty_list_is_an_empty_page(platform: NewKey) -> None:
    assert read(platform) == FeedPage(changes=[], next_after=0, has_more=False)


def test_a_reader_gets_every_change_once_in_order(platform: NewKey, now: datetime) -> None:
    picture = make_picture()
    publish(now=now)
    withdraw_pictures(picture_ids=[picture])
    publish(now=now)

    pages = [read(platform, limit=3)]
    while pages[-1].has_more:
        pages.append(read(platform, after=pages[-1].next_after, limit=3))
    changes = [change for page in pages for change in page.changes]
    assert [change.number for change in changes] == list(range(1, 9))
    assert [change.change for change in changes] == ["added"] * 4 + ["withdrawn"] * 4
    assert [len(page.changes) for page in pages] == [3, 3, 2]


def test_what_has_no_number_is_not_shown(platform: NewKey, now: datetime) -> None:
    make_picture()
    assert read(platform).changes == []
    publish(now=now)
    assert len(read(platform).changes) == 4


def test_being_served_a_page_proves_nothing_but_asking_beyond_it_does(
    platform: NewKey, now: datetime
) -> None:
    make_picture()
    publish(now=now)
    read(platform)
    assert marks(platform) == (0, 0)
    read(platform, after=2)
    assert marks(platform) == (2, 0)
    read(platform, after=4)
    assert marks(platform) == (4, 2)


def test_asking_again_from_the_same_place_shows_that_it_follows(platform: NewKey, now: datetime) -> None:
    make_picture()
    publish(now=now)
    read(platform, after=4)
    read(platform, after=4)
    assert marks(platform) == (4, 4)


def test_going_back_takes_nothing_back(platform: NewKey, now: datetime) -> None:
    make_picture()
    publish(now=now)
    read(platform, after=4)
    read(platform, after=1)
    assert marks(platform) == (4, 0)


def test_a_place_beyond_the_end_counts_to_the_end_only(platform: NewKey, now: datetime) -> None:
    make_picture()
    publish(now=now)
    page = read(platform, after=999)
    assert marks(platform) == (4, 0)
    # It is called back: what gets the numbers 5 to 999 later must reach it.
    assert page == FeedPage(changes=[], next_after=4, has_more=False)
    assert FeedCounter.objects.get().last_number == 4


def test_readers_do_not_touch_each_others_marks(
    platform: NewKey, outsider_platform: NewKey, now: datetime
) -> None:
    picture = make_picture(release=False)
    release_pictures(picture_ids=[picture])
    publish(now=now)
    read(outsider_platform)
    read(platform, after=4)
    assert marks(outsider_platform) == (0, 0)
