"""The desk's demo: cases in every state, so that it can be tried at once."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import platforms.services
from cases.demo import play
from cases.demo_fates import Cast
from cases.demo_reports import REPORTS
from cases.models import Case
from staff.services import User

READS, ASKS = "loopfeed", "chatterbox"


class Command(BaseCommand):
    help = (
        "Makes the demo's cases, where they are missing, and writes their codes to VAR_DIR/demo/cases.json."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO is off): invented cases would stand among real ones.")
        kept = Path(settings.VAR_DIR) / "demo" / "cases.json"
        if _is_played(kept):
            return
        # One of the invented disclosures fails, and would cry out as a real one does.
        logging.disable(logging.ERROR)
        try:
            played = play(cast=_cast(), now=timezone.now())
        finally:
            logging.disable(logging.NOTSET)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(json.dumps([{"what": fate, "code": code} for fate, code in played], indent=1))
        self.stdout.write(f"{len(REPORTS)} cases at the desk; the codes of {len(played)} of them: {kept}")


def _is_played(kept: Path) -> bool:
    """The codes alone are not enough: the database may be another one."""
    try:
        selectors = {one["code"][:5] for one in json.loads(kept.read_text())}
    except (OSError, ValueError):
        return False
    return Case.objects.filter(selector__in=selectors).exists()


def _cast() -> Cast:
    on = timezone.now().date()
    found = {one.slug: one.pk for one in platforms.services.participating(on=on)}
    try:
        return Cast(
            triager=_somebody("triager"),
            senior=_somebody("senior"),
            liaison=_somebody("liaison"),
            platform_id=found[READS],
            platform_slug=READS,
            asker_id=found[ASKS],
        )
    except KeyError as missing:
        raise CommandError(f"{missing} is missing. Run demo_staff and demo_seed first.") from None


def _somebody(role: str) -> User:
    user = User.objects.filter(role=role).order_by("pk").first()
    if user is None:
        raise KeyError(role)
    return user
