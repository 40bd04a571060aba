from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from platforms.services import NewKey, membership_of
from staff.services import User

pytestmark = pytest.mark.django_db


def test_a_platforms_reviewer_belongs_to_it_from_the_start(platform: NewKey) -> None:
    out = StringIO()
    call_command("platform_reviewer", "loopfeed", "theo", stdout=out)
    theo = User.objects.get(username="theo")
    assert theo.role == "safety_reviewer"
    assert membership_of(user_id=theo.pk) == platform.platform.pk
    password = next(line for line in out.getvalue().splitlines() if line.startswith("Password ")).split()[1]
    assert theo.check_password(password)


def test_nobody_is_moved_to_a_platform_by_their_name(platform: NewKey, triager: User) -> None:  # noqa: ARG001
    with pytest.raises(CommandError, match="works here already"):
        call_command("platform_reviewer", "loopfeed", triager.username)
    with pytest.raises(CommandError, match="platform_list"):
        call_command("platform_reviewer", "nowhere", "theo")
    assert membership_of(user_id=triager.pk) is None
    assert not User.objects.filter(username="theo").exists()
