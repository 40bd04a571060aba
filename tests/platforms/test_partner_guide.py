"""The guide's commands, run as they stand against a portal as `make run` starts it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import ROOT, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(600)]
GUIDE = ROOT / "docs" / "partners.md"
# Not to be found in what a command prints.
_BETWEEN = "\N{SECTION SIGN} next block"


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_guides_commands_do_what_it_says() -> None:
    with portal() as running:
        # A second terminal knows of the first one's portal only what the guide tells it, and where this test has it.
        env = {name: value for name, value in running.env.items() if name != "DEMO"}
        env |= {"SITE": running.url, "PYTHON": sys.executable}
        script = "\n".join(f"{block}echo '{_BETWEEN}'" for block in blocks())
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=ROOT, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert Path(running.var, "demo", "uploads").is_dir()
    key, listed, feed, match, said, media, scan = done.stdout.split(_BETWEEN)[:-1]
    assert not key.strip()
    assert "1 listed" in listed
    [entry] = [one["entry"] for one in json.loads(feed)["changes"] if one["value"].startswith("f0e1d2c3")]
    [answer] = json.loads(match)["results"]
    assert (answer["verdict"], answer["matches"][0]["entry"], answer["matches"][0]["distance"]) == (
        "match",
        entry,
        2,
    )
    assert json.loads(said)["outcome"] == "pending_review"
    assert json.loads(media)["algorithms"] == ["md5", "pdq", "phash", "sha256"]
    assert json.loads(scan)["scanned"] > 5
