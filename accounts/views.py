"""The pages of members: sign-in by link, settings, supervision."""

from __future__ import annotations
