"""One command starts everything, and nothing of it stays behind, however it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.leash import MAKER, Maker
from portal.run import CannotStart, start
from portal.secrets_file import ensure_secrets
from portal.supervisor import FIRST_PAUSE, HEALTHY_AFTER, Part
from tests.servers import ROOT, Portal, free_port, portal

pytestmark = pytest.mark.real_servers
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux ends a child with its parent.")


def test_what_dies_is_started_again() -> None:
    with portal() as running:
        before = running.processes
        for name in ("web", "worker"):
            os.kill(before[name], signal.SIGKILL)
        _until(lambda: not {before["web"], before["worker"]} & set(running.processes.values()))
        running.wait()
        assert running.processes["supervisor"] == before["supervisor"]


def test_ctrl_c_stops_all_of_it() -> None:
    with _stopped_by(signal.SIGINT) as code:
        assert code == 0


@linux_only
def test_a_killed_supervisor_leaves_no_orphan() -> None:
    with _stopped_by(signal.SIGKILL) as code:
        assert code == -signal.SIGKILL


@linux_only
def test_a_killed_maker_takes_everything_along(tmp_path: Path) -> None:
    env = os.environ | {"VAR_DIR": str(tmp_path), "PORT": str(free_port()), "DEMO": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    # The shell stands for make: it waits for the portal, which follows it.
    maker = subprocess.Popen(
        ["sh", "-c", f"RECLAIM_MAKER=$$ {sys.executable} -m portal.run & wait"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    running = Portal(f"http://127.0.0.1:{env['PORT']}", tmp_path, env, maker)
    (tmp_path / "portal.log").touch()
    running.wait()
    pids = _tree(running)
    maker.kill()
    maker.wait()
    _until(lambda: not any(map(_is_alive, pids)))


@linux_only
def test_a_make_that_was_interrupted_alone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # It says that it listens: in the background a shell starts what doesn't.
    listens = "import signal; signal.signal(2, signal.default_int_handler); print(flush=True); input(); "
    behaves = listens + "signal.signal(2, signal.SIG_DFL); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", behaves], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as make:
        assert make.stdin is not None
        assert make.stdout is not None
        make.stdout.readline()
        monkeypatch.setenv(MAKER, str(make.pid))
        maker = Maker()
        assert not maker.was_interrupted()
        make.stdin.write("\n")
        make.stdin.flush()
        make.stdout.readline()
        assert maker.was_interrupted()
        make.kill()


def test_who_was_not_started_by_make_follows_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MAKER, raising=False)
    assert not Maker().was_interrupted()


def test_a_second_portal_on_the_same_folder_is_refused(portal_server: Portal) -> None:
    with pytest.raises(CannotStart, match=r"runs on .* already"):
        start({"VAR_DIR": str(portal_server.var), "PORT": str(free_port())})


def test_a_busy_port_is_said_with_what_to_do(portal_server: Portal, tmp_path: Path) -> None:
    port = portal_server.url.rpartition(":")[2]
    with pytest.raises(CannotStart, match=rf"Port {port} .* make run PORT={int(port) + 1}"):
        start({"VAR_DIR": str(tmp_path), "PORT": port})


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_a_port_that_is_none_is_said(port: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="which is no port"):
        start({"VAR_DIR": str(tmp_path), "PORT": port})


def test_bad_settings_stop_the_start_with_a_hint_and_no_traceback(tmp_path: Path) -> None:
    env = os.environ | {"VAR_DIR": str(tmp_path), "PORT": str(free_port()), "MEDIA_PER_CASE": "many"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-m", "portal.run"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "MEDIA_PER_CASE can't be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    path = tmp_path / "secrets.env"
    first = path.read_text()
    ensure_secrets(tmp_path)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_stands_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("ACCESS_CODE_PEPPER=kept\n")
    ensure_secrets(tmp_path)
    lines = (tmp_path / "secrets.env").read_text().splitlines()
    assert lines[0] == "ACCESS_CODE_PEPPER=kept"
    assert [line.partition("=")[0] for line in lines] == ["ACCESS_CODE_PEPPER", "SECRET_KEY"]


def test_what_keeps_dying_is_started_later_and_later() -> None:
    part = Part("web", [])
    pauses = []
    for _ in range(3):
        part.started_at = 100.0
        part.schedule(100.1)
        pauses.append(part.starts_at - 100.1)
    assert pauses == pytest.approx([FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE])
    part.schedule(100.0 + HEALTHY_AFTER)
    assert part.starts_at == pytest.approx(100.0 + HEALTHY_AFTER + FIRST_PAUSE)


@contextlib.contextmanager
def _stopped_by(what: signal.Signals):  # type: ignore[no-untyped-def]
    with portal() as running:
        pids = _tree(running)
        running.supervisor.send_signal(what)
        code = running.supervisor.wait(20)
        _until(lambda: not any(map(_is_alive, pids)))
        yield code


def _tree(running: Portal) -> set[int]:
    listed = set(running.processes.values())
    children = Path(f"/proc/{running.processes['web']}/task/{running.processes['web']}/children")
    return listed | ({int(pid) for pid in children.read_text().split()} if children.exists() else set())


def _is_alive(pid: int) -> bool:
    """A zombie, whose parent has not looked yet, is not."""
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state != "Z"
    return False


def _until(is_so: Callable[[], bool], within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "It did not come to be so in time."
        time.sleep(0.05)
