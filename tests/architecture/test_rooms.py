"""What import-linter can't see: relations by string, sizes, and that every variable is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("portal", "cases", "hashes", "platforms", "staff", "safety", "nudges", "accounts")
# Which rooms a room's models may point at, besides their own.
MAY_POINT_AT = {
    "cases": {"hashes", "platforms", "staff"},
    "safety": {"nudges", "accounts", "platforms", "staff"},
    "hashes": {"platforms", "staff"},
    "nudges": {"accounts", "platforms", "staff"},
    "accounts": {"platforms", "staff"},
    "platforms": {"staff"},
    "staff": set(),
}
LONGEST_FUNCTION = 50
LONGEST_FILE = 400
WRITTEN = (".py", ".js", ".css", ".html", ".mjs")


def models_of_rooms() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]


def test_relations_point_down_only() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in models_of_rooms()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        if not _may_point(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert wrong == []


def _may_point(room: str, at: str) -> bool:
    return at not in ROOMS or at == room or at in MAY_POINT_AT[room]


def test_no_relation_adds_its_other_side_to_a_room_below() -> None:
    """`picture.case` would let the list reach a report although it may not know that there are any."""
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in models_of_rooms()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is not None
        if field.related_model._meta.app_label in set(ROOMS) - {model._meta.app_label, "staff"}
        if field.remote_field is not None and not field.remote_field.hidden
    ]
    assert wrong == []


def test_the_model_of_another_room_is_named_by_string() -> None:
    """A class would have to be imported, and then the room's door would stand open."""
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in _trees("*/models.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS
        if (node.module or "").endswith(".models")
    ]
    assert wrong == []


def test_no_function_is_longer_than_a_page() -> None:
    wrong = [
        f"{path}:{node.lineno} {node.name} has {_length(node)} lines"
        for path, tree in _trees("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION
    ]
    assert wrong == []


def test_no_file_is_longer_than_anyone_reads() -> None:
    wrong = [
        f"{path} has {count} lines"
        for path in _files("*")
        if path.suffix in WRITTEN
        and "migrations" not in path.parts  # Django writes them.
        and (count := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    assert wrong == []


def test_imports_stand_at_the_top() -> None:
    wrong = [
        f"{path}:{inner.lineno}"
        for path, tree in _trees("*.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_every_variable_is_told_to_operators() -> None:
    told = ROOT / "docs" / "operating.md"
    if not told.exists():
        pytest.skip("docs/operating.md is not written yet.")
    text = told.read_text(encoding="utf-8")
    asked = settings.ENVIRONMENT.asked | {"WEB_BIND", "WEB_CONCURRENCY", "WEB_THREADS"}
    assert sorted(name for name in asked if name not in text) == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _trees(pattern: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in _files(pattern):
        if path.suffix == ".py":
            yield path, ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _files(pattern: str) -> Iterator[Path]:
    """Our own files: not the environment's, not what a run left behind."""
    for path in _own_files():
        if path.match(pattern):
            yield path


@cache
def _own_files() -> list[Path]:
    own = [top for top in ROOT.iterdir() if not top.name.startswith(".") and top.name != "var"]
    found = [path for top in own for path in (top.rglob("*") if top.is_dir() else [top])]
    return sorted(path.relative_to(ROOT) for path in found if path.is_file())
