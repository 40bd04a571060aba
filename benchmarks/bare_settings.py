"""The portal as production runs it, with one address more: a bare read to hold decisions against."""

from __future__ import annotations

from portal.settings import *  # noqa: F403 - All of it.

ROOT_URLCONF = "benchmarks.bare_urls"
