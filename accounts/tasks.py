"""The worker's part of members."""

from __future__ import annotations
