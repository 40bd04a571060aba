"""The administrator says who works here; each change is written down."""

from __future__ import annotations

import io
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from staff.models import AuditRow
from staff.services import User, verify_chain
from tests.makers import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/staff/people/"


@pytest.fixture
def at_work(client: Client, administrator: User) -> Client:
    return signed_in(client, administrator)


def acts() -> list[str]:
    return list(AuditRow.objects.order_by("position").values_list("act", flat=True))


def test_somebody_new_signs_in_with_the_password_that_was_shown(at_work: Client) -> None:
    answer = at_work.post(f"{PAGE}add/", {"username": "nora", "role": "triager"})
    user, password = answer.context["shown"]
    assert password in answer.content.decode()
    assert password not in at_work.get(PAGE).content.decode()
    assert user.role == "triager"
    newcomer = Client()
    newcomer.post("/staff/sign-in/", {"login": "nora", "password": password})
    assert newcomer.get("/triage/held/").headers["Location"] == "/staff/second-step/"
    row = AuditRow.objects.get(act="staff.add")
    assert (row.object_id, row.detail) == (str(user.pk), {"role": "triager"})


def test_a_name_is_given_once(at_work: Client, triager: User) -> None:
    answer = at_work.post(f"{PAGE}add/", {"username": triager.username, "role": "senior"})
    assert answer.status_code == 400
    assert "works here already" in answer.content.decode()
    assert acts() == []


def test_a_role_is_changed_and_the_change_written_down(
    at_work: Client, triager: User, administrator: User
) -> None:
    at_work.post(f"{PAGE}{triager.pk}/role/", {"role": "senior"})
    triager.refresh_from_db()
    assert triager.role == "senior"
    row = AuditRow.objects.get()
    assert (row.actor, row.act, row.detail) == (
        administrator,
        "staff.role",
        {"from": "triager", "to": "senior"},
    )
    assert verify_chain() is None
    assert at_work.post(f"{PAGE}{triager.pk}/role/", {"role": "emperor"}).status_code == 400


def test_who_left_is_out_at_the_next_click(at_work: Client, triager: User) -> None:
    working = signed_in(Client(), triager)
    assert working.get("/triage/held/").status_code == 200
    at_work.post(f"{PAGE}{triager.pk}/close/")
    assert working.get("/triage/held/").status_code == 302
    at_work.post(f"{PAGE}{triager.pk}/open/")
    triager.refresh_from_db()
    assert triager.is_active
    assert acts() == ["staff.close", "staff.open"]


def test_a_lost_phone_is_helped_and_every_session_ends(at_work: Client, triager: User) -> None:
    working = signed_in(Client(), triager)
    answer = at_work.post(f"{PAGE}{triager.pk}/reset/")
    assert answer.context["shown"][1] in answer.content.decode()
    assert working.get("/triage/held/").status_code == 302
    assert not Authenticator.objects.filter(user=triager).exists()


@pytest.mark.parametrize("verb", ["role", "close", "open", "reset"])
def test_nobody_changes_themselves(at_work: Client, administrator: User, verb: str) -> None:
    at_work.post(f"{PAGE}{administrator.pk}/{verb}/", {"role": "senior"})
    administrator.refresh_from_db()
    assert (administrator.role, administrator.is_active) == ("administrator", True)
    assert Authenticator.objects.filter(user=administrator).exists()
    assert acts() == []


@pytest.mark.parametrize("verb", ["role", "close", "reset"])
def test_who_runs_the_machine_is_above_the_administrator(at_work: Client, verb: str) -> None:
    owner = User.objects.create_superuser("owner")
    assert at_work.post(f"{PAGE}{owner.pk}/{verb}/", {"role": "senior"}).status_code == 404
    assert "owner" not in at_work.get(PAGE).content.decode()


def test_the_machines_owner_adds_the_first_administrator() -> None:
    said = io.StringIO()
    call_command("staff_add", "ada", role="administrator", stdout=said)
    ada: Any = User.objects.get(username="ada")
    assert ada.check_password(said.getvalue().strip())
    assert acts() == ["staff.add"]
    with pytest.raises(CommandError):
        call_command("staff_add", "ada", role="administrator", stdout=said)
