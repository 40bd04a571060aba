"""Whoever refuses: under /api/ every error has one shape, and none tells what went wrong inside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.decorators.http import require_GET
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.middleware import ProblemsForPrograms

KEYS = {"type", "title", "status", "detail", "errors"}
SECRET = "what stands inside"


class Endpoint(APIView):
    permission_classes = ()

    class Input(serializers.Serializer[None]):
        class Hash(serializers.Serializer[None]):
            value = serializers.CharField(max_length=4)

        hashes = Hash(many=True, allow_empty=False)

    def post(self, request: Request) -> Response:
        self.Input(data=request.data).is_valid(raise_exception=True)
        return Response({})

    def put(self, request: Request) -> Response:
        return Response(request.data)

    def get(self, request: Request) -> Response:
        if request.query_params.get("slow"):
            raise Throttled(wait=7)
        raise RuntimeError(SECRET)


@require_GET
def plain(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it.
    raise RuntimeError(SECRET)


urlpatterns = [path("api/endpoint/", Endpoint.as_view()), path("api/plain/", plain), path("plain/", plain)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert set(body) == KEYS
    assert body["status"] == status
    assert body["detail"]
    assert SECRET not in str(body)
    return body


def test_a_wrong_field_is_named_with_its_place(client: Client) -> None:
    body = {"hashes": [{"value": "ok"}, {"value": "too long"}]}
    told = problem(client.post("/api/endpoint/", body, content_type="application/json"), 400)
    assert [set(error) for error in told["errors"]] == [{"field", "code", "detail"}]
    assert told["errors"][0]["field"] == "hashes.1.value"


@pytest.mark.parametrize(
    ("body", "field"),
    [([], "body"), ("text", "body"), ({"hashes": "all"}, "hashes"), ({"hashes": []}, "hashes")],
)
def test_what_concerns_a_whole_field_or_body_bears_its_name(client: Client, body: Any, field: str) -> None:
    told = problem(client.post("/api/endpoint/", json.dumps(body), content_type="application/json"), 400)
    assert [error["field"] for error in told["errors"]] == [field]


@pytest.mark.parametrize("body", ["{", '{"hashes": NaN}', "[" * 100_000, b"\xff\xfe\x00", ""])
def test_malformed_json_is_the_senders_mistake(client: Client, body: str | bytes) -> None:
    problem(client.post("/api/endpoint/", body, content_type="application/json"), 400)


NESTED = [f'{{"hashes": {"[" * depth}{"]" * depth}}}' for depth in (40, 700, *range(860, 1_000, 10))]
HALF_A_PAIR = ['"\\ud800"', '{"\\udfff": 1}', '{"hashes": [{"value": "\\ud800"}]}', '[[{"\\ud800": 1}]]']


@pytest.mark.parametrize("body", [*NESTED, *HALF_A_PAIR])
def test_what_could_not_be_written_down_again_is_not_taken(client: Client, body: str) -> None:
    problem(client.put("/api/endpoint/", body, content_type="application/json"), 400)


def test_a_body_as_deep_as_any_of_ours_and_every_letter_is_taken(client: Client) -> None:
    body = {"hashes": [{"value": [[[[[["a 😀 ü"]]]]]]}]}
    assert client.put("/api/endpoint/", body, content_type="application/json").json() == body


def test_another_type_of_body_is_refused(client: Client) -> None:
    problem(client.post("/api/endpoint/", "a=b", content_type="text/plain"), 415)


def test_a_method_that_is_not_there_says_which_are(client: Client) -> None:
    for address in ("/api/endpoint/", "/api/plain/"):
        response = client.delete(address)
        problem(response, 405)
        assert "GET" in response.headers["Allow"]


def test_an_error_inside_says_nothing_but_that(client: Client) -> None:
    problem(client.get("/api/endpoint/"), 500)
    problem(client.get("/api/plain/"), 500)


def test_an_unknown_address_is_a_problem(client: Client) -> None:
    problem(client.get("/api/v1/nowhere/"), 404)


def test_a_strange_host_is_a_problem(client: Client) -> None:
    problem(client.get("/api/endpoint/", headers={"host": "elsewhere.example"}), 400)


def test_who_must_wait_is_told_how_long(client: Client) -> None:
    response = client.get("/api/endpoint/?slow=1")
    problem(response, 429)
    assert response.headers["Retry-After"] == "7"


def test_a_problem_keeps_the_headers_that_protect(client: Client) -> None:
    assert "Content-Security-Policy" in client.get("/api/plain/").headers


def test_pages_for_people_stay_pages(rf: RequestFactory) -> None:
    page = HttpResponse("<p>not here</p>", status=404)
    assert ProblemsForPrograms(lambda _: page)(rf.get("/help/nowhere/")) is page
    assert page.content == b"<p>not here</p>"
