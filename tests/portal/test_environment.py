"""The environment is made once, and is never believed to be whole when it is half."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts import environment


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An environment somewhere else, where pip is only heard and not run."""
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "installed.json")
    monkeypatch.setattr(environment, "ROOT", _checkout(tmp_path))
    monkeypatch.setattr(environment, "_python_version", lambda: "Python 3.11.9")
    (tmp_path / ".venv").mkdir()
    heard: list[str] = []

    (tmp_path / "var").mkdir()

    def run(command: list[str], **_: object) -> bool:
        heard.append(" ".join(command))
        return True

    monkeypatch.setattr(environment, "_run", run)
    return heard


def _checkout(folder: Path) -> Path:
    (folder / "requirements").mkdir()
    for name in environment.INCLUDES:
        (folder / "requirements" / f"{name}.txt").write_text(f"{name}==1\n")
    return folder


def installs(commands: list[str]) -> list[str]:
    return [Path(command.split()[-1]).stem for command in commands if "pip install" in command]


def test_what_is_there_is_not_installed_again(commands: list[str]) -> None:
    environment.provide("demo")
    environment.provide("demo")
    assert installs(commands) == ["demo"]
    assert "--require-hashes" in commands[-1]


def test_the_larger_set_serves_the_smaller(commands: list[str]) -> None:
    environment.provide("test")
    environment.provide("demo")
    environment.provide("base")
    assert installs(commands) == ["test"]


def test_new_pins_are_installed(commands: list[str], tmp_path: Path) -> None:
    environment.provide("demo")
    (tmp_path / "requirements" / "demo.txt").write_text("demo==2\n")
    environment.provide("demo")
    assert installs(commands) == ["demo", "demo"]


def test_an_installation_that_broke_off_is_not_believed(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.provide("base")
    monkeypatch.setattr(environment, "_run", lambda command, **_: "install" not in command)
    with pytest.raises(environment.EnvironmentFailed):
        environment.provide("demo")
    assert environment.installed() == set()
    assert installs(commands) == ["base"]


def test_a_stamp_that_can_not_be_read_counts_as_none(commands: list[str]) -> None:
    environment.STAMP.write_text('{"digests": [')
    environment.provide("base")
    assert installs(commands) == ["base"]


def test_another_python_makes_a_new_environment(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    environment.provide("base")
    monkeypatch.setattr(environment, "_python_version", lambda: "Python 3.13.0")
    environment.provide("base")
    assert installs(commands) == ["base", "base"]
    assert json.loads(environment.STAMP.read_text())["python"] == "Python 3.13.0"


def test_an_old_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(environment.EnvironmentFailed, match=r"PYTHON=python3\.12"):
        environment._require_python()


def test_of_what_pip_says_a_few_lines_are_told_and_the_rest_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with environment._Pip(tmp_path / "install.log", count=45) as pip:
        for number in range(45):
            pip.says(f"Collecting package-{number}==1.0\n")
            pip.says(f"  Downloading package-{number}.whl (1 MB)\n")
        pip.says("Installing collected packages: many\n")
    told = capsys.readouterr().out.splitlines()
    assert told == ["  20 of 45 packages ...", "  40 of 45 packages ...", "  Unpacking them ..."]
    assert (tmp_path / "install.log").read_text().count("Downloading") == 45


def test_what_a_command_says_is_heard_line_by_line_and_its_failure_is_known() -> None:
    said: list[str] = []
    assert environment._run([sys.executable, "-c", "print('one'); print('two')"], heard=said.append)
    assert said == ["one\n", "two\n"]
    assert not environment._run([sys.executable, "-c", "raise SystemExit('wrong')"], heard=said.append)
    assert said[-1] == "wrong\n"


def test_a_failed_installation_shows_what_pip_said_last(
    commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert commands == []

    def fail(command: list[str], *, heard: Callable[[str], None] | None = None, quiet: bool = False) -> bool:
        if heard is None or quiet:
            return True
        heard("Collecting demo==1\n")
        heard("ERROR: No space left on device\n")
        return "install" not in command

    monkeypatch.setattr(environment, "_run", fail)
    with pytest.raises(environment.EnvironmentFailed, match="No space left") as failure:
        environment.provide("demo")
    assert str(tmp_path / "var" / "install.log") in str(failure.value)


@pytest.mark.usefixtures("commands")
def test_without_a_compiler_the_peers_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_can_compile", lambda: False)
    assert environment._buildable("peers") == "test"
    assert environment._buildable("demo") == "demo"


def test_peers_that_do_not_build_are_done_without_and_not_tried_each_time(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = environment._run
    monkeypatch.setattr(
        environment, "_run", lambda command, **_: heard(command) and "peers.txt" not in command[-1]
    )
    environment.provide("peers")
    environment.provide("peers")
    assert installs(commands) == ["peers", "test"]
