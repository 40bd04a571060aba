"""Which private keys open what reporters write, and how they are replaced."""

from __future__ import annotations

import base64
import os
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from nacl.public import PrivateKey
from pytest_django.fixtures import Settings

from cases import checks, code_keys, team_keys
from cases.errors import TeamKeyMissing
from cases.models import Case
from cases.services import key_rotation
from cases.services.case_keys import case_key_for_team, open_sealed, seal
from tests.cases.reporter import Reporter

pytestmark = pytest.mark.django_db


def _text(key: PrivateKey) -> str:
    return base64.b64encode(bytes(key)).decode()


def _rotate(*options: str) -> str:
    said = StringIO()
    call_command("team_key_rotate", *options, stdout=said)
    return said.getvalue()


def test_what_is_sealed_for_a_case_opens_with_the_teams_key(reporter: Reporter) -> None:
    reporter.code()
    case = Case.objects.get()
    sealed = seal("Nobody else reads this: ünïcode 🐌", case_key=case_key_for_team(case))

    assert open_sealed(sealed, case_key=case_key_for_team(case)) == "Nobody else reads this: ünïcode 🐌"
    assert b"Nobody" not in sealed


def test_without_the_private_key_it_is_said_that_it_is_missing(
    reporter: Reporter, settings: Settings, tmp_path: Path
) -> None:
    reporter.code()
    settings.TEAM_PRIVATE_KEY_FILE = tmp_path / "elsewhere.key"

    with pytest.raises(TeamKeyMissing):
        case_key_for_team(Case.objects.get())


def test_a_folder_and_several_files_are_read_alike(
    team_key: PrivateKey, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    other, third = PrivateKey.generate(), PrivateKey.generate()
    (folder / "one.key").write_text(_text(team_key) + "\n" + _text(third) + "\nnonsense\n")
    (folder / "two.key").write_text(_text(other))
    (folder / "notes.txt").write_text(_text(PrivateKey.generate()))

    settings.TEAM_PRIVATE_KEY_FILE = folder
    of_folder = set(team_keys.private_keys().values())
    settings.TEAM_PRIVATE_KEY_FILE = f"{folder}/one.key, {folder}/two.key"

    assert of_folder == {bytes(team_key), bytes(other), bytes(third)}
    assert set(team_keys.private_keys().values()) == of_folder


def test_the_check_warns_exactly_when_the_desk_can_not_read(settings: Settings, tmp_path: Path) -> None:
    assert checks.desk_can_read() == []
    settings.TEAM_PRIVATE_KEY_FILE = tmp_path / "elsewhere.key"
    assert [found.id for found in checks.desk_can_read()] == ["reclaim.W006"]
    settings.SURFACES = ["safety"]
    assert checks.desk_can_read() == []


def test_a_rotation_seals_every_case_for_the_new_key_and_changes_no_case_key(
    reporter: Reporter, team_key: PrivateKey
) -> None:
    for _ in range(3):
        reporter.code()
    before = {case.pk: case_key_for_team(case) for case in Case.objects.all()}

    said = _rotate()

    assert "3 of 3 cases sealed anew." in said
    assert _text(team_key) not in said
    assert {case.pk: case_key_for_team(case) for case in Case.objects.all()} == before
    # The old key opens none of them any more.
    file = team_keys.key_files()[0]
    file.write_text(_text(team_key))
    with pytest.raises(TeamKeyMissing):
        case_key_for_team(Case.objects.all()[0])


def test_the_private_half_is_for_its_owner_alone(reporter: Reporter) -> None:
    reporter.code()
    _rotate()
    assert team_keys.key_files()[0].stat().st_mode & 0o077 == 0


def test_a_rotation_that_was_cut_short_is_finished_and_not_begun_again(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        reporter.code()
    monkeypatch.setattr(key_rotation.seal_anew, "__kwdefaults__", {"batch": 1})
    really = key_rotation._seal
    sealed: list[Case] = []

    def killed(case: Case, *, public_key: bytes) -> bool:
        if sealed:
            raise KeyboardInterrupt
        sealed.append(case)
        return really(case, public_key=public_key)

    monkeypatch.setattr(key_rotation, "_seal", killed)
    with pytest.raises(KeyboardInterrupt):
        _rotate()
    monkeypatch.setattr(key_rotation, "_seal", really)
    public = team_keys.public_key()

    said = _rotate()

    assert "1 of 2 cases sealed anew." in said
    assert "2 of 2 cases sealed anew." in said
    assert team_keys.public_key() == public
    assert len(Case.objects.values_list("team_key_id", flat=True).distinct()) == 1


def test_a_report_handed_in_while_the_key_changes_is_sealed_anew_as_well(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        reporter.code()
    really, before = key_rotation._seal, Case.objects.all()[0].team_key_id

    def while_one_comes_in(case: Case, *, public_key: bytes) -> bool:
        sealed = really(case, public_key=public_key)
        if case == Case.objects.order_by("pk").last() and Case.objects.count() == 3:
            # It read the old public key before the new one was there, and its number lies behind the round.
            late = Case.objects.get(selector=reporter.code()[:5])
            Case.objects.filter(pk=late.pk).delete()
            late.pk, late.team_key_id = UUID(int=1), before
            late.key_for_team = code_keys.wrap_for_team(
                case_key=code_keys.new_case_key(), team_public_key=_old_public_half()
            )
            late.save(force_insert=True)
        return sealed

    monkeypatch.setattr(key_rotation, "_seal", while_one_comes_in)

    said = _rotate()

    assert "4 of 4 cases sealed anew." in said
    assert "--finish" in said
    assert len(Case.objects.values_list("team_key_id", flat=True).distinct()) == 1
    assert all(case_key_for_team(case) for case in Case.objects.all())


def _old_public_half() -> bytes:
    """The second key of the file: a rotation puts the new one before it."""
    old = base64.b64decode(team_keys.key_files()[0].read_text().split()[1])
    return bytes(PrivateKey(old).public_key)


def test_finishing_makes_no_other_pair(reporter: Reporter) -> None:
    reporter.code()
    _rotate()
    public = team_keys.public_key()
    assert _rotate("--finish") == ""
    assert team_keys.public_key() == public


def test_a_case_that_nobody_can_open_makes_the_rotation_fail_loudly(
    reporter: Reporter, team_key: PrivateKey
) -> None:
    reporter.code()
    Case.objects.update(team_key_id="of another age")
    assert team_key

    with pytest.raises(CommandError, match="1 cases stay sealed"):
        _rotate()


def test_a_new_pair_stands_in_a_folder_beside_the_old_one(
    reporter: Reporter, settings: Settings, tmp_path: Path, team_key: PrivateKey
) -> None:
    reporter.code()
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "old.key").write_text(_text(team_key))
    settings.TEAM_PRIVATE_KEY_FILE = folder

    _rotate()

    assert len(os.listdir(folder)) == 2  # noqa: PTH208 - Only counted.
    assert case_key_for_team(Case.objects.get())
