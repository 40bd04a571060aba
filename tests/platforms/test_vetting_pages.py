"""At the desk: who takes part, and on what terms."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hashes.services import publish
from platforms.models import Platform, PlatformKey
from platforms.services import NewKey, add_platform, ask_for_feed, credential, mark_of
from staff.services import AuditRow, HeldAction, User, verify_chain
from tests.makers import client_of, make_picture, make_platform, make_user, signed_in
from tests.platforms.makers import vet

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Quietboard",
    "operator": "Quiet Ltd",
    "contact": "trust@quiet.example",
    "agreed_on": "2026-01-01",
    "expires_on": "2099-12-31",
    "acts": "fingerprints",
    "own_report_url": "https://quiet.example/report",
    "scopes": ["match", "feedback"],
}


@pytest.fixture
def petra(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    return make_user("petra", role="platform_manager")


@pytest.fixture
def desk(client: Client, petra: User) -> Client:
    return signed_in(client, petra)


@pytest.fixture
def quiet(db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    return vet(make_platform("Quietboard", scopes=("match",)))


def at(name: str, new: NewKey, *more: str) -> str:
    return reverse(f"platforms:{name}", args=[new.platform.pk, *more])


def seen(new: NewKey) -> str:
    return mark_of(Platform.objects.get(pk=new.platform.pk))


def facts(new: NewKey, **changed: str) -> dict[str, str]:
    kept = {"operator": "Quietboard", "contact": "trust@platform.example", "acts": "fingerprints"}
    return {**kept, "own_report_url": "", "seen": seen(new), **changed}


def dates(new: NewKey, last: str = "2099-12-31") -> dict[str, str]:
    return {"agreed_on": "2026-01-01", "expires_on": last, "seen": seen(new)}


def scopes_of(key: str) -> set[str]:
    known = credential(key=key, now=timezone.now())
    return set(known.scopes) if known else set()


def key_in(page: str) -> str:
    found = re.search(r'<code class="code">([^<]+)</code>', page)
    assert found is not None
    return found[1]


def acts() -> list[str]:
    return list(AuditRow.objects.order_by("position").values_list("act", flat=True))


def test_a_platform_is_let_in_without_the_list_and_its_key_is_shown_once(desk: Client, petra: User) -> None:
    answer = desk.post(reverse("platforms:platform_add"), {**NEW, "scopes": ["match", "submit"]})
    key = key_in(answer.content.decode())
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert scopes_of(key) == {"match", "submit"}
    assert "/exchange/stopncii/v1" in answer.content.decode()
    again = desk.post(reverse("platforms:platform_add"), NEW)
    assert (again.status_code, key in again.content.decode()) == (400, False)
    page = desk.get(reverse("platforms:platform", args=[Platform.objects.get().pk]))
    assert key.partition(".")[2] not in page.content.decode()
    row = AuditRow.objects.get()
    assert (row.act, row.actor) == ("platform.add", petra)
    assert key.partition(".")[2] not in str(row.detail)
    for session in Session.objects.all():
        assert key.partition(".")[2] not in str(session.get_decoded())


def test_nobody_gives_the_list_by_a_form(desk: Client, quiet: NewKey) -> None:
    assert (
        desk.post(reverse("platforms:platform_add"), {**NEW, "name": "X", "scopes": ["feed"]}).status_code
        == 400
    )
    asked = {"seen": seen(quiet), "overlap_hours": "1", "more": ["feed"]}
    assert desk.post(at("platform_key", quiet), asked).status_code == 400
    assert not [key for key in PlatformKey.objects.all() if "feed" in key.scopes]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "☺"),
        ("operator", ""),
        ("contact", " "),
        ("agreed_on", "soon"),
        ("expires_on", "2025-12-31"),
        ("own_report_url", "http://quiet.example"),
        ("acts", "nothing"),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(desk: Client, field: str, value: str) -> None:
    answer = desk.post(reverse("platforms:platform_add"), {**NEW, field: value})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Platform.objects.exists()


def test_two_people_let_it_read_the_list(desk: Client, quiet: NewKey, administrator: User) -> None:
    asked = desk.post(at("platform_feed", quiet), {"reason": "Signed, insured, known to us"}, follow=True)
    assert "It waits for a second person." in asked.content.decode()
    assert desk.post(at("platform_feed", quiet), {"reason": "again"}).status_code == 409
    second = signed_in(Client(), administrator)
    waiting = second.get(reverse("staff:held")).content.decode()
    assert "Signed, insured, known to us" in waiting
    assert f'href="{at("platform", quiet)}"' in waiting
    held = HeldAction.objects.get()
    desk.post(reverse("staff:held_release", args=[held.pk]))
    assert "feed" not in scopes_of(quiet.key)
    second.post(reverse("staff:held_release", args=[held.pk]))
    assert client_of(quiet.key).get("/api/v1/feed/").status_code == 200
    assert "Two people let it read the list" in desk.get(at("platform", quiet)).content.decode()
    assert acts() == ["held.ask", "platform.feed", "held.release"]
    assert verify_chain() is None


def test_who_is_not_vetted_can_not_be_asked_for_and_the_page_says_what_is_missing(desk: Client) -> None:
    bare = add_platform(name="Bare", scopes=["match"])
    shown = desk.get(at("platform", bare)).content.decode()
    for missing in ("whom to call", "the first day of an agreement", "last day"):
        assert missing in shown
    answer = desk.post(at("platform_feed", bare), {"reason": "please"})
    assert answer.status_code == 409
    assert "Missing: whom to call" in answer.content.decode()
    assert not HeldAction.objects.exists()


def test_without_a_reason_nothing_is_asked_for(desk: Client, quiet: NewKey) -> None:
    assert desk.post(at("platform_feed", quiet), {"reason": " "}).status_code == 400
    assert not HeldAction.objects.exists()


def test_facts_are_changed_and_the_change_of_an_operator_is_shown(desk: Client, quiet: NewKey) -> None:
    make_platform("Loop")
    path = at("platform_facts", quiet)
    assert "Changed." in desk.post(path, facts(quiet, operator="loop"), follow=True).content.decode()
    shown = desk.post(path, facts(quiet, operator="Quiet Ltd"), follow=True).content.decode()
    assert "Since then the same operator as Loop" in shown
    assert "Until then the same operator as Loop" in shown
    unchanged = desk.post(path, facts(quiet, operator="Quiet Ltd"), follow=True).content.decode()
    assert "Nothing was changed." in unchanged
    assert [row.detail["fields"] for row in AuditRow.objects.all()] == [["operator"]] * 2


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(desk: Client, quiet: NewKey) -> None:
    stale = facts(quiet, contact="old@quiet.example")
    Platform.objects.update(contact="new@quiet.example")
    answer = desk.post(at("platform_facts", quiet), stale)
    assert answer.status_code == 409
    assert "read it again, then decide" in answer.content.decode()
    assert Platform.objects.get().contact == "new@quiet.example"
    assert acts() == []


def test_a_new_key_goes_beside_the_old_one_and_a_reload_makes_no_other(desk: Client, quiet: NewKey) -> None:
    asked = {"seen": seen(quiet), "overlap_hours": "2", "more": ["feedback"]}
    answer = desk.post(at("platform_key", quiet), asked)
    key = key_in(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    assert scopes_of(key) == {"match", "feedback"}
    assert scopes_of(quiet.key) == {"match"}
    assert desk.post(at("platform_key", quiet), asked).status_code == 409
    assert PlatformKey.objects.count() == 2
    assert "until 31 Dec 2099" in answer.content.decode()
    old = PlatformKey.objects.get(prefix=quiet.key.partition(".")[0])
    assert old.expiry_date is not None
    assert timedelta(hours=1) < old.expiry_date - timezone.now() < timedelta(hours=3)


def test_a_key_is_revoked_once(desk: Client, quiet: NewKey) -> None:
    path = at("platform_revoke", quiet, quiet.key.partition(".")[0])
    for said in ("Revoked.", "was revoked before"):
        assert said in desk.post(path, follow=True).content.decode()
    assert scopes_of(quiet.key) == set()
    assert acts() == ["platform.key_revoke"]


def test_a_part_that_ended_begins_again_without_the_list(desk: Client) -> None:
    reader = vet(make_platform("Reader", scopes=("feed", "match")))
    for said in ("It takes part no more.", "had ended before"):
        assert said in desk.post(at("platform_end", reader), follow=True).content.decode()
    assert scopes_of(reader.key) == set()
    refused = desk.post(at("platform_key", reader), {"seen": seen(reader), "overlap_hours": "0"})
    assert refused.status_code == 409
    assert "Write down a new agreement first" in refused.content.decode()
    desk.post(at("platform_agreement", reader), dates(reader))
    answer = desk.post(at("platform_key", reader), {"seen": seen(reader), "overlap_hours": "0"})
    assert scopes_of(key_in(answer.content.decode())) == {"match"}
    assert acts() == ["platform.end", "platform.agreement", "platform.key_add"]


def test_renewed_in_time_it_goes_on_reading_and_renewed_too_late_it_asks_again(desk: Client) -> None:
    reader = vet(make_platform("Reader", scopes=("feed", "match")))
    desk.post(at("platform_agreement", reader), dates(reader, "2098-01-01"))
    assert scopes_of(reader.key) == {"feed", "match"}
    Platform.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    said = desk.post(at("platform_agreement", reader), dates(reader), follow=True).content.decode()
    assert "ask for the list again" in said
    assert scopes_of(reader.key) == {"match"}


def test_an_agreement_that_is_over_before_it_begins_is_refused(desk: Client, quiet: NewKey) -> None:
    assert desk.post(at("platform_agreement", quiet), dates(quiet, "2025-01-01")).status_code == 400
    assert Platform.objects.get().expires_on is not None
    assert acts() == []


@pytest.mark.usefixtures("quiet")
def test_the_list_shows_how_each_stands_and_costs_the_same(
    desk: Client, petra: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    reader = vet(make_platform("Reader", scopes=("feed",)))
    near = now.date() + timedelta(days=9)
    Platform.objects.filter(pk=reader.platform.pk).update(expires_on=near)
    over = make_platform("Gone")
    Platform.objects.filter(pk=over.platform.pk).update(expires_on=now.date() - timedelta(days=1))
    client_of(reader.key).get("/api/v1/feed/")
    make_picture()
    publish(now=now)
    ask_for_feed(slug="quietboard", by=petra, reason="signed", now=now)
    with django_assert_num_queries(11):
        shown = desk.get(reverse("platforms:platforms")).content.decode()
    for told in ("ends soon", "4 behind", "canaries stand in its list", "asked for the list", ">over<"):
        assert told in shown
    for number in range(5):
        make_platform(f"Other {number}")
    with django_assert_num_queries(11):
        desk.get(reverse("platforms:platforms"))
    client_of(reader.key).get("/api/v1/feed/", {"after": 8})
    assert "in step" in desk.get(at("platform", reader)).content.decode()


def test_triage_does_not_look_after_platforms(client: Client, triager: User, quiet: NewKey) -> None:
    signed_in(client, triager)
    assert client.get(at("platform", quiet)).status_code == 403
    for name in ("platform_facts", "platform_agreement", "platform_key", "platform_feed", "platform_end"):
        assert client.post(at(name, quiet)).status_code == 403
    assert Platform.objects.get().is_active


def test_what_there_is_not_has_no_page(desk: Client) -> None:
    for name in ("platform_feed", "platform_end", "platform_facts"):
        assert desk.post(reverse(f"platforms:{name}", args=[77])).status_code == 404
    assert desk.get(reverse("platforms:platform", args=[77])).status_code == 404
