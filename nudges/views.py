"""The teen's inbox."""

from __future__ import annotations
