"""What a spreadsheet makes of a cell."""

from __future__ import annotations

# It takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
