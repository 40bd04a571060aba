"""Disputes in other systems' words reach the list as our own do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from hashes import services
from hashes.models import Concern, Entry, Picture
from staff.services import User
from tests.exchange.conftest import Clients
from tests.hashes.disputing import dispute, make_operator
from tests.makers import make_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def picture(publish_at: Callable[[datetime], None], earlier: datetime) -> UUID:
    listed = make_picture()
    publish_at(earlier)
    dispute(make_operator("Other", operator="Other Inc."), listed)
    return listed


def status(picture: UUID) -> str:
    return Picture.objects.get(pk=picture).status


def by_value(clients: Clients, picture: UUID, value: str = "NotBlocked") -> None:
    hash_value = Entry.objects.filter(picture=picture, algorithm="pdq")[0].value
    said = {"hashValue": hash_value, "feedbackValue": value, "tags": ["not_what_it_claims"]}
    answer = clients.stopncii("SubmitFeedback", {"count": 1, "hashFeedbacks": [said]})
    assert answer.status_code == 200


def test_a_negative_vote_that_says_why_is_a_dispute(clients: Clients, picture: UUID) -> None:
    known = ET.fromstring(clients.ncmec("/v2/feedback/PDQ/reasons").content)
    guid = {one.get("name"): one.get("guid") for one in known[0]}["not_what_it_claims"]
    body = f"<feedbackSubmission><negative><reasonIds><guid>{guid}</guid></reasonIds></negative></feedbackSubmission>"
    entry = Entry.objects.get(picture=picture, algorithm="pdq")
    assert clients.vote(f"/v2/entries/1/{entry.pk}/PDQ/feedback", body).status_code == 200
    assert status(picture) == "quarantined"


def test_so_is_what_is_said_by_value_about_every_picture_with_it(
    clients: Clients, picture: UUID, publish_at: Callable[[datetime], None], earlier: datetime
) -> None:
    by_value(clients, picture)
    assert status(picture) == "quarantined"
    assert Concern.objects.get().evidence["platforms"] == ["other", clients.new.platform.slug]
    publish_at(earlier)


def test_what_a_client_sends_again_and_again_disputes_nothing_that_was_put_back(
    clients: Clients,
    picture: UUID,
    publish_at: Callable[[datetime], None],
    earlier: datetime,
    triager: User,
    now: datetime,
) -> None:
    by_value(clients, picture)
    services.put_back(picture_id=picture, by=triager, now=now)
    publish_at(earlier)
    dispute(make_operator("Third"), picture)
    for _ in range(2):
        by_value(clients, picture)
    assert status(picture) == "listed"
    by_value(clients, picture, "PendingReview")
    by_value(clients, picture)
    assert status(picture) == "quarantined"
