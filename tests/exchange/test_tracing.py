from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from hashes.models import Canary
from hashes.services import ensure_canaries
from platforms.services import NewKey
from tests.exchange.conftest import Clients

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def two_lists(clients: Clients, platform: NewKey) -> tuple[NewKey, NewKey]:
    for one in (clients.new, platform):
        ensure_canaries(platform_id=one.platform.pk, now=timezone.now())
    return clients.new, platform


def test_a_leaked_list_names_who_had_it(two_lists: tuple[NewKey, NewKey], tmp_path: Path) -> None:
    leaker, other = two_lists
    values = list(Canary.objects.filter(platform=leaker.platform.pk).values_list("value", flat=True))
    leaked = tmp_path / "leak.csv"
    leaked.write_text(
        "\n".join([f"ImagePDQ,{'ab' * 32}", f'"{values[0].upper()}"', f"<md5>{values[3]}</md5>"])
    )
    printed = said("list_trace", str(leaked))
    assert f"{leaker.platform.name}: 2 of its 4 canaries" in printed
    assert other.platform.name not in printed


def test_entries_ids_give_it_away_too(two_lists: tuple[NewKey, NewKey], tmp_path: Path) -> None:
    canary = Canary.objects.filter(platform=two_lists[1].platform.pk).first()
    assert canary is not None
    (tmp_path / "ids.txt").write_text(f"{canary.pk}\n{canary.pk}\n")
    assert f"{two_lists[1].platform.name}: 1 of its 4" in said("list_trace", str(tmp_path / "ids.txt"))


def test_a_list_without_canaries_names_nobody(two_lists: tuple[NewKey, NewKey], tmp_path: Path) -> None:  # noqa: ARG001 - They are what is not found.
    (tmp_path / "clean.txt").write_text("ab" * 32)
    assert "No canary" in said("list_trace", str(tmp_path / "clean.txt"))
    with pytest.raises(CommandError, match="can't be read"):
        said("list_trace", str(tmp_path / "missing.txt"))


def test_canaries_look_like_any_other_and_are_nobody_elses(two_lists: tuple[NewKey, NewKey]) -> None:
    assert len(set(Canary.objects.values_list("value", flat=True))) == 8
    for canary in Canary.objects.filter(algorithm="pdq"):
        assert 120 <= int(canary.value, 16).bit_count() <= 136
    with pytest.raises(CommandError, match="No platform"):
        said("feed_variants", "nobody", "originals")
    assert "originals" in said("feed_variants", two_lists[0].platform.slug, "originals")
