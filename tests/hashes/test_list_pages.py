"""The list's desk: a queue, a page for each picture, and one address for each thing that can be decided."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hashes import services
from hashes.concern_words import spelled
from hashes.models import Concern, Picture
from hashes.services.concerns import PAGE
from platforms.services import NewKey
from staff.services import HeldAction, User
from tests.hashes.disputing import TODAY, dispute, make_listed, make_operator
from tests.makers import make_picture, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, triager: User) -> Client:
    return signed_in(client, triager)


@pytest.fixture
def disputed() -> UUID:
    picture = make_listed()
    for name in ("Loopfeed", "Chatterbox"):
        dispute(make_operator(name, operator=f"{name} Inc."), picture)
    return picture


def shown(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"hashes:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client: Client, verb: str, picture: UUID, **form: object) -> tuple[int, str]:
    answer = client.post(reverse(f"hashes:list_{verb}", args=[picture]), form, follow=True)
    return answer.status_code, answer.content.decode()


def newest() -> int:
    return Concern.objects.latest("pk").pk


def status(picture: UUID) -> str:
    return Picture.objects.get(pk=picture).status


def test_an_empty_queue_says_so(desk: Client) -> None:
    assert "Nothing waits." in shown(desk, "list")
    assert "Nothing of this kind waits." in shown(desk, "list", kind="flood")


def test_the_queue_says_why_in_words(desk: Client, disputed: UUID) -> None:
    page = shown(desk, "list")
    assert "Platforms of different operators looked" in page
    assert "Loopfeed Inc., Chatterbox Inc." in page
    assert "off the list, until people decide" in page
    assert reverse("hashes:list_picture", args=[disputed]) in page
    assert "Platforms of different operators looked" not in shown(desk, "list", kind="flood")


def test_days_are_written_as_everywhere_and_once(desk: Client, disputed: UUID) -> None:
    page = shown(desk, "list_picture", disputed)
    assert "<dd>23 Nov 2026</dd>" in page
    assert spelled({"days": ["2026-13-99"], "a": "20"}) == [("Said on", "2026-13-99"), ("A", "20")]


def test_more_than_a_page_waits(desk: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(PAGE + 1):
        services.raise_concern(kind="flood", on=TODAY, evidence={}, picture_id=make_picture())
    first = desk.get(reverse("hashes:list"))
    assert len(first.context["waiting"]) == PAGE
    rest = desk.get(reverse("hashes:list") + first.context["next_address"])
    assert len(rest.context["waiting"]) == 1
    shown(desk, "list", after="nonsense", kind="nonsense")
    with django_assert_num_queries(9):
        shown(desk, "list")


def test_a_pictures_page_says_who_said_what_and_what_followed(
    desk: Client, disputed: UUID, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services.publish(now=timezone.now())
    page = shown(desk, "list_picture", disputed)
    for words in (
        "Loopfeed Inc.",
        "left it",
        "not what it claims",
        "check first",
        "taken off",
        "put on the list",
    ):
        assert words in page, words
    assert "Leave it as it is" in page
    assert "Ask a second person to put it back" in page
    assert "Take it off for good" in page
    with django_assert_num_queries(12):
        shown(desk, "list_picture", disputed)


def test_no_fingerprint_stands_on_any_page(desk: Client, disputed: UUID) -> None:
    pages = shown(desk, "list") + shown(desk, "list_picture", disputed)
    values = Picture.objects.get(pk=disputed).entries.values_list("value", flat=True)
    assert [value for value in values if value in pages] == []


def test_left_as_it_is(desk: Client, disputed: UUID, senior: User) -> None:
    seen = newest()
    code, page = sent(desk, "leave", disputed, seen=seen)
    assert code == 200
    assert "It asks for nothing any more" in page
    assert "Left as it is" in page
    code, page = sent(signed_in(Client(), senior), "leave", disputed, seen=seen)
    assert code == 409
    assert "tessa was first" in page
    assert "Nothing of yours was done" in page


def test_what_was_raised_while_somebody_read_is_not_ended_unseen(desk: Client, disputed: UUID) -> None:
    seen = newest()
    services.raise_concern(kind="flood", on=TODAY, evidence={"count": 90}, picture_id=disputed)
    sent(desk, "leave", disputed, seen=seen)
    assert Concern.objects.get(ended_on=None).kind == "flood"


def test_taken_off_for_good(desk: Client, disputed: UUID) -> None:
    code, page = sent(desk, "take_off", disputed)
    assert (code, status(disputed)) == (200, "withdrawn")
    assert "Off the list for good" in page
    assert "Ask a second person" not in page
    assert sent(desk, "take_off", disputed)[0] == 409
    assert sent(desk, "put_back", disputed, why="x")[0] == 409


def test_two_people_put_it_back(desk: Client, disputed: UUID, senior: User) -> None:
    code, page = sent(desk, "put_back", disputed, why="Both err: they mistook the uniform.")
    assert code == 200
    assert "Waits for a second person, asked by tessa" in page
    assert sent(desk, "put_back", disputed, why="again")[0] == 409
    second = signed_in(Client(), senior)
    waiting = HeldAction.objects.get()
    queue = second.get("/triage/held/").content.decode()
    assert reverse("hashes:list_picture", args=[disputed]) in queue
    second.post(f"/triage/held/{waiting.pk}/release/")
    assert status(disputed) == "listed"
    page = shown(desk, "list_picture", disputed)
    assert "Put on the list by two people" in page
    assert "Released by sena" in page
    assert "list.restore" in page


@pytest.mark.parametrize("form", [{}, {"why": "  "}, {"why": "x" * 301}, {"why": "\x00"}])
def test_the_second_person_reads_why(desk: Client, disputed: UUID, form: dict[str, str]) -> None:
    assert sent(desk, "put_back", disputed, **form)[0] == 409
    assert not HeldAction.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "-1", str(2**70)])
def test_a_form_that_somebody_changed_does_nothing(desk: Client, disputed: UUID, seen: str) -> None:
    assert sent(desk, "leave", disputed, seen=seen)[0] == 409
    assert Concern.objects.get().ended_on is None


def test_a_concern_about_a_platform_has_its_page(desk: Client, platform: NewKey) -> None:
    evidence: dict[str, object] = {"count": 812, "usual": 3.0, "over_how_long": "an hour"}
    services.raise_concern(kind="probing", on=TODAY, evidence=evidence, platform_id=platform.platform.pk)
    page = shown(desk, "list_concern", newest())
    for words in ("Loopfeed", "Times", "812", ">3<", "Over how long", "an hour"):
        assert words in page, words
    left = desk.post(reverse("hashes:list_leave_concern", args=[newest()]), follow=True)
    assert "It asks for nothing any more" in left.content.decode()
    assert desk.post(reverse("hashes:list_leave_concern", args=[newest()])).status_code == 409


def test_a_concern_about_a_picture_leads_to_the_picture(desk: Client, disputed: UUID) -> None:
    there = desk.get(reverse("hashes:list_concern", args=[newest()]))
    assert there.headers["Location"] == reverse("hashes:list_picture", args=[disputed])
    assert desk.post(reverse("hashes:list_leave_concern", args=[newest()])).status_code == 404


def test_what_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get(reverse("hashes:list_picture", args=[uuid4()])).status_code == 404
    for verb in ("leave", "take_off", "put_back"):
        assert sent(desk, verb, uuid4())[0] == 404


@pytest.mark.parametrize("role", ["platform_manager", "auditor"])
def test_who_only_looks_is_offered_nothing_to_decide(client: Client, disputed: UUID, role: str) -> None:
    looking = signed_in(client, make_user("somebody", role=role))
    page = shown(looking, "list_picture", disputed)
    assert "Loopfeed" in page
    assert "Leave it as it is" not in page
    assert "Ask a second person" not in page
    assert "Take it off" not in page
    for verb in ("leave", "take_off", "put_back"):
        assert sent(looking, verb, disputed, seen=newest(), why="x")[0] == 403
    assert status(disputed) == "quarantined"


@pytest.mark.parametrize("role", ["liaison", "safety_reviewer", "administrator", ""])
def test_others_see_nothing(client: Client, disputed: UUID, role: str) -> None:
    outside = signed_in(client, make_user("somebody", role=role))
    for path in (reverse("hashes:list"), reverse("hashes:list_picture", args=[disputed])):
        assert outside.get(path).status_code == 403
