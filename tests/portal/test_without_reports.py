from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _only_safety(settings: Any) -> None:
    settings.SURFACES = ["safety"]


def test_the_first_page_leads_to_people_who_help(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"] == "/help/"


@pytest.mark.parametrize("path", ["/help/", "/privacy/"])
def test_no_page_leads_to_a_report_that_nobody_takes(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert 'href="/report/"' not in page
    assert 'href="/status/"' not in page
