"""The API describes itself, to programs and to people, without asking anybody else."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.servers import Portal


def test_every_endpoint_says_how_its_errors_look(client: Client) -> None:
    described = client.get("/api/v1/schema/").json()
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    assert len(operations) > 5
    for operation in operations:
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
    assert set(described["components"]["schemas"]["Problem"]["properties"]) == {
        "type",
        "title",
        "status",
        "detail",
        "errors",
    }


@pytest.mark.real_servers
def test_people_read_it_under_the_strict_policy_from_this_host_alone(
    portal_server: Portal, page: Page
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{portal_server.url}/api/v1/docs/")
    page.get_by_text("/api/v1/feed/", exact=False).first.wait_for()
    assert answer is not None
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert [url for url in asked if not url.startswith((portal_server.url, "data:", "blob:"))] == []
    assert complaints == []
