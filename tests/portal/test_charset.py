from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from portal.wsgi import application


def _answer(*, charset: str, query: bytes = b"", body: bytes = b"{}") -> str:
    """What the server is told to say first."""
    said: list[object] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/cases/status/",
        "QUERY_STRING": query.decode("latin-1"),
        "CONTENT_TYPE": f"application/json; charset={charset}",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "203.0.113.7",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }

    def start(status: str, _headers: Any, _error: Any = None) -> Callable[[bytes], object]:
        said.append(status)
        return said.append

    list(application(environ, start))
    return str(said[0])


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "zlib", "rot13", "undefined", "utf-7", "nonsense", '"'])
def test_no_charset_that_a_client_names_breaks_anything(charset: str) -> None:
    status = _answer(charset=charset, query="caf\u00e9=1".encode())

    assert status.startswith("4"), status
