"""Django's own admin is for those who run the machine, and the demo has somebody for each role."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client

from staff.models import AuditRow, User
from staff.policy import ROLES
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


def test_a_superuser_sees_who_works_here(client: Client) -> None:
    signed_in(client, User.objects.create_superuser("machine-owner"))
    assert client.get("/admin/staff/user/").status_code == 200


def test_a_superuser_needs_a_second_factor_too(client: Client) -> None:
    client.force_login(User.objects.create_superuser("machine-owner"))
    answer = client.get("/admin/staff/user/", follow=True)
    assert answer.redirect_chain[-1][0] == "/staff/second-step/"


def test_there_is_no_second_door_without_a_limit_on_guessing(client: Client) -> None:
    for answer in (
        client.get("/admin/login/"),
        client.post("/admin/login/", {"username": "a", "password": "b"}),
    ):
        assert answer.headers["Location"].startswith("/staff/sign-in/")


def test_what_a_superuser_changes_is_written_down(client: Client, triager: User) -> None:
    owner = User.objects.create_superuser("machine-owner")
    signed_in(client, owner)
    form = {
        "username": "tessa",
        "role": "senior",
        "is_active": "on",
        "date_joined_0": "2026-11-23",
        "date_joined_1": "09:00",
    }
    assert client.post(f"/admin/staff/user/{triager.pk}/change/", form).status_code == 302
    triager.refresh_from_db()
    assert triager.role == "senior"
    row = AuditRow.objects.get()
    assert (row.actor, row.act, row.object_id) == (owner, "staff.change", str(triager.pk))
    assert "Role" in str(row.detail)
    assert client.get(f"/admin/staff/user/{triager.pk}/delete/").status_code == 403


@pytest.mark.parametrize("is_staff", [True, False])
def test_others_do_not_come_in(client: Client, *, is_staff: bool) -> None:
    signed_in(client, User.objects.create_user("colleague", is_staff=is_staff, role="administrator"))
    assert client.get("/admin/staff/user/", follow=True).status_code == 403


def test_the_demos_sign_in_works_and_is_made_once(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    call_command("demo_staff")
    kept = tmp_path / "demo" / "staff.json"
    first = kept.read_text()
    call_command("demo_staff")
    assert kept.read_text() == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    sign_in = json.loads(first)
    for name in (*ROLES, "demo"):
        user = authenticate(username=name, password=sign_in["password"])
        assert isinstance(user, User)
        assert (user.role, user.is_superuser) == (("", True) if name == "demo" else (name, False))
        app = Authenticator.objects.get(user=user, type="totp")
        assert decrypt(app.data["secret"]) == sign_in["totp_secret"]


def test_a_demo_from_before_the_roles_gets_them(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    User.objects.create_superuser("demo")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "staff.json").write_text(json.dumps({"username": "demo", "password": "old"}))
    call_command("demo_staff")
    assert User.objects.filter(role__in=ROLES).count() == len(ROLES)


def test_the_demo_says_which_code_the_app_shows(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.VAR_DIR, said = True, tmp_path, io.StringIO()
    call_command("demo_staff")
    call_command("demo_code", stdout=said)
    app = Authenticator.objects.get(user__username="triager", type="totp").wrap()
    assert app.validate_code(said.getvalue().strip())


@pytest.mark.parametrize("command", ["demo_staff", "demo_code"])
def test_a_real_portal_gets_no_demo_sign_in(settings: Any, command: str) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command(command, stdout=io.StringIO())
    assert not User.objects.exists()
