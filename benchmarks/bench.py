"""What every benchmark reports: a table on the terminal and the same figures in var/bench/NAME.json."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench"


@dataclass(frozen=True)
class Figure:
    """One measured thing; `ratio` is the value divided by the peer's."""

    measure: str
    value: float
    unit: str
    peer: float | None = None
    ratio: float | None = None


@dataclass
class Bench:
    name: str
    title: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, measure: str, value: float, unit: str, *, peer: float | None = None) -> None:
        ratio = round(value / peer, 3) if peer else None
        self.figures.append(
            Figure(measure, round(value, 3), unit, None if peer is None else round(peer, 3), ratio)
        )

    def finish(self) -> None:
        Console(width=120).print(self._table())
        FOLDER.mkdir(parents=True, exist_ok=True)
        rows = [asdict(figure) for figure in self.figures]
        (FOLDER / f"{self.name}.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")

    def _table(self) -> Table:
        table = Table(title=self.title, title_justify="left")
        table.add_column("measure", overflow="fold")
        for heading in ("value", "unit", "peer", "ratio"):
            table.add_column(heading, justify="left" if heading == "unit" else "right")
        for one in self.figures:
            table.add_row(one.measure, f"{one.value:g}", one.unit, _shown(one.peer), _shown(one.ratio))
        return table


def _shown(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
