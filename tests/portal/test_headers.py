"""What static files may do."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.test import Client

from hashes.pixel_policy import PIXEL_POLICY

# An answer that is closed ends its request, which looks after the connection.
pytestmark = pytest.mark.django_db


def _policy(client: Client, path: str) -> str | None:
    answer = client.get(f"/static/{path}")
    answer.close()
    assert answer.status_code == 200
    return answer.headers.get("Content-Security-Policy")


def test_no_script_of_ours_is_a_worker_with_a_network(client: Client) -> None:
    """The frame that touches pixels could start any of them, and a worker obeys its own answer's policy."""
    files = [path for finder in get_finders() for path, _storage in finder.list(())]
    scripts = [path for path in files if path.endswith(".js")]
    assert {"cases/proof-worker.js", "hashes/worker.js"} < {*scripts}
    assert [path for path in scripts if _policy(client, path) != PIXEL_POLICY] == []
