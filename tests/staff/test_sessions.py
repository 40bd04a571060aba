"""What is known of a browser is forgotten with its session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from staff.browsers import family
from staff.services import User
from staff.tasks import forget_ended_sessions
from tests.makers import signed_in


@pytest.mark.django_db
def test_a_session_that_ended_is_forgotten_and_a_living_one_stays(senior: User, triager: User) -> None:
    for user in (senior, triager):
        signed_in(client := Client(), user)
        UserSession.objects.create(user=user, session_key=client.session.session_key, user_agent="Firefox/1")
    kept = UserSession.objects.get(user=triager)
    ended = Session.objects.exclude(session_key=kept.session_key)
    ended.update(expire_date=timezone.now() - timedelta(minutes=1))
    forget_ended_sessions()
    assert list(UserSession.objects.all()) == [kept]
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 (KHTML) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML) Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_of_a_browser_the_kind_is_kept_and_no_version(user_agent: str, told: str) -> None:
    assert family(user_agent) == told
    assert not any(letter.isdigit() for letter in told)
