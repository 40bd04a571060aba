"""Members come by a link that opens once; what a platform, a stranger or an old link can't do is tried here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import tasks
from accounts.access import MemberRequest, guardian, teen
from accounts.errors import LinkGone, UnknownAccount
from accounts.models import Account, MemberSession, SignInLink
from accounts.services import AccountFacts, links
from platforms.services import NewKey, end_platform
from portal.schedule import SCHEDULE
from tests.accounts.makers import make_account
from tests.makers import client_of, make_platform


@teen
def teens_page(request: MemberRequest) -> HttpResponse:
    return HttpResponse(f"in as {request.member.external_id}")


@guardian
def guardians_page(request: MemberRequest) -> HttpResponse:
    return HttpResponse(f"in as {request.member.external_id}")


def no_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("outside")


urlpatterns = [
    path("teen/probe/", teens_page),
    path("guardian/probe/", guardians_page),
    path("help/probe/", no_page),
    path("", include("portal.urls")),
]
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def platform(outsider_platform: NewKey) -> NewKey:
    """A platform whose key may speak of members."""
    return outsider_platform


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_account("mia", platform_id=platform.platform.pk)


@pytest.fixture
def parent(platform: NewKey) -> AccountFacts:
    return make_account("parent", platform_id=platform.platform.pk, age_band="21_plus")


def link_for(platform: NewKey, external_id: str) -> str:
    answer = client_of(platform.key).post(f"/api/v1/accounts/{external_id}/sign-in/")
    assert answer.status_code == 201, answer.content
    return str(answer.json()["url"])


def enter(client: Client, url: str) -> Any:
    return client.post(urlsplit(url).path)


def sees(client: Client, page: str = "/teen/probe/") -> str:
    answer = client.get(page)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


@pytest.mark.usefixtures("mia")
def test_a_teen_comes_in_by_the_link_and_stays_for_twelve_hours(
    client: Client, platform: NewKey, settings: Any
) -> None:
    settings.MEMBER_URL = "https://teens.test"
    asked_at = timezone.now()
    answer = client_of(platform.key).post("/api/v1/accounts/mia/sign-in/")
    told = answer.json()
    assert told["url"].startswith("https://teens.test/teen/enter/")
    lasts = datetime.fromisoformat(told["expires_at"]) - asked_at
    assert timedelta(minutes=9) < lasts < timedelta(minutes=11)
    assert answer.headers["Cache-Control"] == "no-store"
    settings.MEMBER_URL = settings.SITE_URL
    inside = enter(client, told["url"])
    assert (inside.status_code, inside.headers["Location"]) == (302, "/teen/")
    assert sees(client) == "in as mia"
    cookie = inside.cookies["teen"]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/teen/", "Strict", True)
    assert cookie["max-age"] == 12 * 3600


@pytest.mark.usefixtures("parent", "mia")
def test_an_adult_comes_in_at_the_other_door_only(client: Client, platform: NewKey) -> None:
    url = link_for(platform, "parent")
    assert "/guardian/enter/" in url
    assert enter(client, url.replace("/guardian/", "/teen/")).status_code == 410
    assert enter(client, url).headers["Location"] == "/guardian/"
    assert sees(client, "/guardian/probe/") == "in as parent"
    assert sees(client) == "403"
    teens = link_for(platform, "mia")
    assert enter(client, teens.replace("/teen/", "/guardian/")).status_code == 410
    assert sees(client, "/guardian/probe/") == "in as parent"


@pytest.mark.usefixtures("mia")
def test_neither_secret_is_stored(client: Client, platform: NewKey) -> None:
    url = link_for(platform, "mia")
    secret = urlsplit(url).path.split("/")[-2]
    assert secret not in repr(SignInLink.objects.values())
    enter(client, url)
    assert client.cookies["teen"].value not in repr(MemberSession.objects.values())
    assert not SignInLink.objects.exists()


@pytest.mark.usefixtures("mia")
def test_programs_that_look_at_the_link_first_do_not_use_it_up(client: Client, platform: NewKey) -> None:
    url = link_for(platform, "mia")
    where = urlsplit(url).path
    for look in (client.get, client.head, client.options):
        look(where)
    assert sees(client) == "403"
    shown = client.get(where)
    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
    assert enter(client, url).status_code == 302


@pytest.mark.usefixtures("mia")
def test_a_link_opens_once(client: Client, platform: NewKey) -> None:
    url = link_for(platform, "mia")
    enter(client, url)
    another = Client()
    assert enter(another, url).status_code == 410
    assert another.get(urlsplit(url).path).status_code == 410
    assert sees(another) == "403"
    assert sees(client) == "in as mia"


@pytest.mark.usefixtures("mia")
def test_the_second_of_two_taps_leads_in_as_well(client: Client, platform: NewKey) -> None:
    url = link_for(platform, "mia")
    assert [enter(client, url).status_code for _ in range(2)] == [302, 302]
    assert MemberSession.objects.count() == 1


def test_a_spent_link_leads_nobody_into_the_session_of_a_sister(
    client: Client, platform: NewKey, mia: AccountFacts
) -> None:
    make_account("lea", platform_id=mia.platform_id)
    spent = link_for(platform, "mia")
    enter(Client(), spent)
    enter(client, link_for(platform, "lea"))
    assert enter(client, spent).status_code == 410


def test_of_two_who_use_a_link_at_once_one_comes_in(
    platform: NewKey, mia: AccountFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.make_link(platform_id=platform.platform.pk, external_id="mia", now=now)
    found = SignInLink.objects.get()

    class Late:
        def select_for_update(self, **_: object) -> Late:
            return self

        def first(self) -> SignInLink:
            # The other one deletes the row between this one's look and its own delete.
            SignInLink.objects.all().delete()
            return found

    monkeypatch.setattr(links, "_open_links", lambda *_, **__: Late())
    with pytest.raises(LinkGone):
        links.use_link(secret=link.secret, minor=True, now=now)
    assert not MemberSession.objects.filter(account=mia.id).exists()


@pytest.mark.usefixtures("mia")
def test_a_link_lasts_ten_minutes(platform: NewKey, now: datetime) -> None:
    link = links.make_link(platform_id=platform.platform.pk, external_id="mia", now=now)
    almost, over = link.expires_at - timedelta(seconds=1), link.expires_at
    assert over - now == timedelta(minutes=10)
    assert links.is_open(secret=link.secret, minor=True, now=almost)
    assert not links.is_open(secret=link.secret, minor=True, now=over)
    with pytest.raises(LinkGone):
        links.use_link(secret=link.secret, minor=True, now=over)


@pytest.mark.usefixtures("mia")
def test_a_session_lasts_twelve_hours(platform: NewKey, now: datetime) -> None:
    link = links.make_link(platform_id=platform.platform.pk, external_id="mia", now=now)
    session = links.use_link(secret=link.secret, minor=True, now=now)
    almost, over = now + timedelta(hours=12, seconds=-1), now + timedelta(hours=12)
    assert links.who_is_in(secret=session, minor=True, now=almost) is not None
    assert links.who_is_in(secret=session, minor=True, now=over) is None


@pytest.mark.usefixtures("mia")
def test_a_cookie_that_somebody_planted_is_not_taken_over(client: Client, platform: NewKey) -> None:
    """Or whoever planted it would be signed in beside her."""
    client.cookies["teen"] = "planted"
    enter(client, link_for(platform, "mia"))
    assert client.cookies["teen"].value != "planted"
    planter = Client()
    planter.cookies["teen"] = "planted"
    assert sees(planter) == "403"


def test_signing_in_again_ends_the_session_before(
    client: Client, platform: NewKey, mia: AccountFacts
) -> None:
    make_account("leo", platform_id=mia.platform_id)
    enter(client, link_for(platform, "mia"))
    kept = client.cookies["teen"].value
    enter(client, link_for(platform, "leo"))
    assert sees(client) == "in as leo"
    client.cookies["teen"] = kept
    assert sees(client) == "403"


@pytest.mark.usefixtures("mia")
def test_signing_out_ends_the_session_and_not_only_the_cookie(client: Client, platform: NewKey) -> None:
    enter(client, link_for(platform, "mia"))
    kept = client.cookies["teen"].value
    assert client.get("/teen/sign-out/").status_code == 405
    assert sees(client) == "in as mia"
    answer = client.post("/teen/sign-out/")
    assert answer.status_code == 200
    assert answer.cookies["teen"]["max-age"] == 0
    client.cookies["teen"] = kept
    assert sees(client) == "403"
    # Twice does no harm.
    assert client.post("/teen/sign-out/").status_code == 200


@pytest.mark.usefixtures("mia")
def test_a_link_to_a_deleted_account_and_its_session_open_nothing(client: Client, platform: NewKey) -> None:
    inside, outside = link_for(platform, "mia"), link_for(platform, "mia")
    enter(client, inside)
    Account.objects.filter(external_id="mia").delete()
    assert enter(Client(), outside).status_code == 410
    assert sees(client) == "403"


@pytest.mark.usefixtures("mia")
def test_who_is_eighteen_now_leaves_the_teens_pages(client: Client, platform: NewKey) -> None:
    waiting = link_for(platform, "mia")
    enter(client, link_for(platform, "mia"))
    Account.objects.filter(external_id="mia").update(age_band="18_20")
    assert sees(client) == "403"
    assert sees(client, "/guardian/probe/") == "403"
    assert enter(Client(), waiting).status_code == 410


@pytest.mark.usefixtures("mia")
def test_when_a_platform_ends_its_members_are_out(client: Client, platform: NewKey) -> None:
    waiting = link_for(platform, "mia")
    enter(client, link_for(platform, "mia"))
    end_platform(slug=platform.platform.slug)
    assert sees(client) == "403"
    assert enter(Client(), waiting).status_code == 410


def test_a_stranger_reads_how_to_come_and_nothing_is_kept_on_the_way(client: Client) -> None:
    answer = client.get("/teen/probe/")
    assert answer.status_code == 403
    assert b"from your app" in answer.content
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/guardian/probe/").status_code == 403


@pytest.mark.usefixtures("mia")
def test_another_site_can_press_the_button_for_nobody(platform: NewKey) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict, link_for(platform, "mia")).status_code == 403
    assert SignInLink.objects.exists()


@pytest.mark.usefixtures("mia")
def test_over_https_the_cookie_is_for_https_only(client: Client, platform: NewKey, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    inside = enter(client, link_for(platform, "mia"))
    assert inside.cookies["__Secure-teen"]["secure"] is True


def test_every_page_for_members_costs_one_query(
    client: Client, platform: NewKey, mia: AccountFacts, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert mia
    enter(client, link_for(platform, "mia"))
    with django_assert_num_queries(1):
        assert sees(client) == "in as mia"


@pytest.mark.parametrize("name", ["nobody", "a%00b", "batch", "%C3%BC"])
def test_no_link_is_made_for_who_is_not_known(platform: NewKey, name: str) -> None:
    answer = client_of(platform.key).post(f"/api/v1/accounts/{name}/sign-in/")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_no_platform_makes_links_for_anothers_members(mia: AccountFacts, now: datetime) -> None:
    with pytest.raises(UnknownAccount):
        links.make_link(platform_id=mia.platform_id + 1, external_id="mia", now=now)


@pytest.mark.usefixtures("mia")
def test_a_key_without_the_scope_makes_no_link() -> None:
    listener = make_platform("Listener", scopes=("feed",))
    assert client_of(listener.key).post("/api/v1/accounts/mia/sign-in/").status_code == 403


@pytest.mark.usefixtures("mia")
def test_only_asking_makes_a_link(platform: NewKey) -> None:
    client = client_of(platform.key)
    for ask in (client.get, client.put, client.delete):
        assert ask("/api/v1/accounts/mia/sign-in/").status_code == 405
    assert Client().post("/api/v1/accounts/mia/sign-in/").status_code == 401


@pytest.mark.usefixtures("mia")
def test_what_is_over_is_dropped(platform: NewKey, now: datetime) -> None:
    old = links.make_link(platform_id=platform.platform.pk, external_id="mia", now=now - timedelta(hours=13))
    links.use_link(secret=old.secret, minor=True, now=now - timedelta(hours=13))
    for age in (timedelta(minutes=11), timedelta(minutes=1)):
        link = links.make_link(platform_id=platform.platform.pk, external_id="mia", now=now - age)
    living = links.use_link(secret=link.secret, minor=True, now=now)
    assert links.forget_ended(now=now) == 2
    assert links.who_is_in(secret=living, minor=True, now=now) is not None
    assert links.forget_ended(now=now) == 0


def test_the_worker_knows_what_to_drop() -> None:
    scheduled = {row["task"] for row in SCHEDULE.values()}
    for task in (tasks.forget_ended, tasks.forget_changes):
        assert task.name in scheduled
        task.run()
