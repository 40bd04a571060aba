"""Members, as their platforms tell of them."""

from __future__ import annotations
