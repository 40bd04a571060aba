"""Events, decisions, standings and flags, for platforms."""

from __future__ import annotations
