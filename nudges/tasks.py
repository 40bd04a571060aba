"""The worker's part of nudges."""

from __future__ import annotations
