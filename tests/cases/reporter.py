"""The reporter as her browser speaks for her."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client


def fingerprint(algorithm: str = "sha256", **over: Any) -> dict[str, Any]:
    digits = {"pdq": 64, "phash": 16, "md5": 32, "sha256": 64}[algorithm]
    told: dict[str, Any] = {"algorithm": algorithm, "value": secrets.token_hex(digits // 2)}
    if algorithm == "pdq":
        told["quality"] = 100
    return told | over


def picture(*fingerprints: dict[str, Any], kind: str = "image") -> dict[str, Any]:
    return {"kind": kind, "fingerprints": list(fingerprints) or [fingerprint("pdq"), fingerprint("sha256")]}


def new_key() -> str:
    return secrets.token_urlsafe(24)


@dataclass
class Reporter:
    browser: Client
    address: str = "203.0.113.7"

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        answer = self.browser.post(
            f"/api/v1/cases/{path}",
            json.dumps(body),
            content_type="application/json",
            headers=headers or None,
            REMOTE_ADDR=self.address,
        )
        assert isinstance(answer, HttpResponse)
        return answer

    def report(self, *pictures: dict[str, Any], key: str | None = None, **answers: Any) -> HttpResponse:
        body = {"media": list(pictures) or [picture()], **answers}
        return self.post("", body, **{"Idempotency-Key": key or new_key()})

    def code(self, *pictures: dict[str, Any], **answers: Any) -> str:
        """Report and keep the code."""
        answer = self.report(*pictures, **answers)
        assert answer.status_code == 201, answer.content
        code: str = told(answer)["access_code"]
        return code

    def status(self, code: str, **headers: str) -> HttpResponse:
        return self.post("status/", {"access_code": code}, **headers)

    def add(self, code: str, *pictures: dict[str, Any], key: str | None = None) -> HttpResponse:
        body = {"access_code": code, "media": list(pictures) or [picture()]}
        return self.post("media/", body, **{"Idempotency-Key": key or new_key()})

    def write(self, code: str, text: str, *, danger: bool = False, key: str | None = None) -> HttpResponse:
        body = {"access_code": code, "text": text, "danger": danger}
        return self.post("messages/", body, **{"Idempotency-Key": key or new_key()})

    def tell(
        self, code: str, *places: dict[str, Any], authorised: bool = False, key: str | None = None
    ) -> HttpResponse:
        body = {"access_code": code, "locations": list(places), "authorised": authorised}
        return self.post("locations/", body, **{"Idempotency-Key": key or new_key()})

    def withdraw(self, code: str) -> HttpResponse:
        return self.post("withdraw/", {"access_code": code})

    def cancel(self, code: str) -> HttpResponse:
        return self.post("withdraw/cancel/", {"access_code": code})


def told(answer: HttpResponse) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(answer.content)
    return read


def fields(answer: HttpResponse) -> list[str]:
    """The fields that a problem names."""
    return [error["field"] for error in told(answer)["errors"]]
