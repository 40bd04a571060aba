"""The room's door: what others may ask of it."""

from __future__ import annotations
