"""The pages of reviewers, and of adults who ask a person to look again."""

from __future__ import annotations
