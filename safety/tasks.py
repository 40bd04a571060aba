"""The worker's part of safety."""

from __future__ import annotations
