from __future__ import annotations

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema


@pytest.mark.parametrize(
    ("path", "verb", "answer"),
    [
        ("/api/v1/feed/", "get", "FeedPage"),
        ("/api/v1/match/", "post", "MatchAnswer"),
        ("/api/v1/feedback/", "post", "Feedback"),
    ],
)
def test_each_endpoint_for_platforms_is_described_with_its_problems(
    described: dict[str, Any], path: str, verb: str, answer: str
) -> None:
    endpoint = described["paths"][path][verb]
    assert endpoint["security"] == [{"platformKey": []}]
    content = endpoint["responses"]["200"]["content"]["application/json"]
    assert content["schema"] == {"$ref": f"#/components/schemas/{answer}"}
    for status in ("400", "401", "403"):
        problem = endpoint["responses"][status]["content"]["application/problem+json"]
        assert problem["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_the_description_says_how_many_hashes_may_be_asked_about(described: dict[str, Any]) -> None:
    hashes = described["components"]["schemas"]["MatchRequest"]["properties"]["hashes"]
    assert (hashes["minItems"], hashes["maxItems"]) == (1, 1000)
    assert described["components"]["securitySchemes"]["platformKey"]["scheme"] == "bearer"
