"""Cases from which something may leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.models import Case, Notice
from cases.services import notices
from platforms.services import NewKey
from staff.services import User
from tests.cases.reporter import Reporter

WHERE = "https://loopfeed.example/p/4711"
SIGNS = {
    "NOTICE_SIGNATORY_NAME": "Robin Hale",
    "NOTICE_SIGNATORY_TITLE": "Head of the hotline",
    "NOTICE_CONTACT": "notices@hotline.example",
}


def reported(reporter: Reporter, **answers: Any) -> Case:
    code = reporter.code(**answers)
    return Case.objects.get(selector=code[:5])


def told_where(
    reporter: Reporter,
    platform: NewKey,
    *pictures: dict[str, Any],
    where: str = WHERE,
    authorised: bool = True,
    **answers: Any,
) -> Case:
    """A case whose reporter said where a copy is, and let us sign or not."""
    code = reporter.code(*pictures, **answers)
    answer = reporter.tell(code, {"platform": platform.platform.slug, "where": where}, authorised=authorised)
    assert answer.status_code == 201, answer.content
    return Case.objects.get(selector=code[:5])


def made_notice(case: Case, platform: NewKey, by: User, now: datetime) -> Notice:
    return notices.make_notice(case=case, platform=platform.platform.slug, by=by, now=now)
