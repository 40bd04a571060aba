"""Whatever is sent, the answer is one that the OpenAPI document names, and never a server error."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
import schemathesis.specs.openapi.checks as openapi_checks
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings

from cases import code_keys
from platforms.services import NewKey
from portal.wsgi import application
from tests.makers import make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_cheap_derivation", "connection_stays")]

# A value may fit the schema and still be no hash or nobody's entry, so refusals as such are no failures.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]

_document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # It ships no types.
schema = schemathesis.openapi.from_dict(_document)
schema.app = application


@pytest.fixture
def all_of_it(db: None) -> NewKey:  # noqa: ARG001 - It stands in the database.
    """A platform that takes part in both surfaces, so that no address stops at the scope."""
    return make_platform("Loopfeed", scopes=("feed", "match", "feedback", "safety"))


@pytest.fixture
def _cheap_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_keys, "MEMORY", 1_024)


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)
def test_every_answer_is_in_the_contract(case: Any, all_of_it: NewKey) -> None:
    response = case.call(headers={"Authorization": f"Bearer {all_of_it.key}"})
    case.validate_response(response, checks=CHECKS)
