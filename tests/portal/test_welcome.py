"""What is printed when the portal is ready can be followed word by word."""

from __future__ import annotations

from pathlib import Path

from portal.run import ROOT, Welcome


def said(*, var: Path = ROOT / "var", **environment: str) -> str:
    return "\n".join(Welcome(port=8001, var=var, environment=environment).lines())


def test_people_are_sent_where_the_site_is() -> None:
    printed = said(SITE_URL="https://reclaim.example/", STAFF_URL="https://staff.reclaim.example")
    assert "https://reclaim.example/report/" in printed
    assert "https://reclaim.example/api/v1/docs/" in printed
    assert "https://staff.reclaim.example/admin/" in printed
    assert "127.0.0.1" not in printed


def test_without_addresses_of_its_own_it_is_met_on_this_machine() -> None:
    printed = said(SITE_URL="")
    assert "http://127.0.0.1:8001/report/" in printed
    assert "http://127.0.0.1:8001/admin/" in printed


def test_where_no_report_is_taken_nobody_is_sent_to_one() -> None:
    printed = said(SURFACES="safety")
    assert "/report/" not in printed
    assert "/status/" not in printed
    assert "/report/" in said(SURFACES="takedown, safety")


def test_where_members_were_invented_their_pages_are_one_click_away(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "members.json").write_text('{"teen": "http://127.0.0.1:8001/teen/enter/abc/"}')
    printed = said(var=tmp_path, DEMO="1")
    assert "/teen/enter/abc/" in printed
    assert "demo_members --links" in printed
    assert "/review/" in printed
    only_takedown = said(var=tmp_path, DEMO="1", SURFACES="takedown")
    assert "/teen/" not in only_takedown
    assert "/review/" not in only_takedown


def test_each_command_reaches_the_portal_that_runs(tmp_path: Path) -> None:
    var = tmp_path / "two words"
    for demo in ("0", "1"):
        printed = said(var=var, DEMO=demo, DATABASE_URL="sqlite:////srv/reclaim.sqlite3")
        commands = [line for line in printed.splitlines() if "manage.py" in line or "make run" in line]
        assert commands
        for command in commands:
            assert f"VAR_DIR='{var}' DATABASE_URL=sqlite:////srv/reclaim.sqlite3 " in command


def test_what_is_usual_is_not_repeated() -> None:
    assert "VAR_DIR=" not in said()
    assert "DATABASE_URL=" not in said(DATABASE_URL="")


def test_a_password_is_not_printed() -> None:
    printed = said(DATABASE_URL="postgres://reclaim:s3cret@db.example/reclaim")
    assert "s3cret" not in printed
    assert "DATABASE_URL=postgres://reclaim:PASSWORD@db.example/reclaim" in printed
