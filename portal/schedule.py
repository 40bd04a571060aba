"""What the worker does by the clock. Every task drains rows and may run twice, so a missed tick loses nothing."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

NIGHTLY = crontab(hour=3, minute=17)


def _every(seconds: float, task: str) -> dict[str, Any]:
    # What was not taken up by the next tick is dropped: a stopped worker finds no heap of old ticks.
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 1)}}


def _nightly(task: str) -> dict[str, Any]:
    return {"task": task, "schedule": NIGHTLY, "options": {"expires": 3600}}


# Whatever surface is open: what was taken in while one was on still has to be finished.
SCHEDULE: dict[str, dict[str, Any]] = {
    "forget ended sessions": _every(3600, "staff.tasks.forget_ended_sessions"),
    "deliver webhooks": _every(1, "platforms.tasks.deliver_webhooks"),
    "tell contacts": _every(60, "platforms.tasks.tell_contacts"),
    "forget webhooks": _nightly("platforms.tasks.forget_webhooks"),
    # Take-down.
    "publish the feed": _every(0.25, "hashes.tasks.publish_feed"),
    "look for floods": _every(30, "hashes.tasks.look_for_floods"),
    "forget counts of finds": _nightly("hashes.tasks.forget_counts"),
    "keep the index": _every(15, "hashes.tasks.keep_index"),
    "tell who decides about the list": _every(15, "hashes.tasks.tell_staff"),
    "sweep the clocks": _every(15, "cases.tasks.sweep_clocks"),
    "forget replays": _every(3600, "cases.tasks.forget_replays"),
    "flag breaches": _every(60, "cases.tasks.flag_breaches"),
    "apply retention": _nightly("cases.tasks.apply_retention"),
    # Teen safety.
    # Decisions read what is unread themselves; this is for flags, and for adults of whom nobody asks.
    "read events": _every(1, "safety.tasks.read_events"),
    "send letters": _every(60, "safety.tasks.send_letters"),
    "forget evidence": _nightly("safety.tasks.forget_evidence"),
    "forget old events": _nightly("safety.tasks.apply_retention"),
    "forget links and sessions": _every(600, "accounts.tasks.forget_ended"),
    "forget changes of settings": _nightly("accounts.tasks.forget_changes"),
    "forget supervision": _nightly("accounts.tasks.forget_supervision"),
    "show due nudges": _every(5, "nudges.tasks.show_due_nudges"),
    "send pushes": _every(15, "nudges.tasks.send_pushes"),
    "look at settings": _nightly("nudges.tasks.look_at_settings"),
}
