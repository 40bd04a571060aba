"""From an attempt to what she, her guardian and her platform read: the same for an ordinary adult, a flagged one, and a quiet night."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Account
from nudges.models import Nudge
from nudges.services import show_due, sweep
from platforms.models import Platform
from safety.answers import REACHING
from safety.questions import Asked
from safety.services import decide
from tests.accounts.makers import make_account
from tests.accounts.supervising import browser_of, supervise
from tests.nudges.makers import AFTERNOON, facts, make_listener, make_teen, told
from tests.safety.makers import make_standing

pytestmark = pytest.mark.django_db
# What differs from page to page by chance, and whose it is.
_OWN = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{1,2}:\d\d\b|\bteen-\d+|/guardian/\d+/'
)
Attempt = Callable[[Account, datetime], object]


def by_adult(action: str, *, level: int) -> Attempt:
    def attempt(teen: Account, now: datetime) -> object:
        adult = make_account("adult", platform_id=teen.platform_id, age_band="21_plus")
        if level:
            make_standing(Account.objects.get(pk=adult.id), level, now=now)
        asked = Asked(action, adult.external_id, teen.external_id, connected=False)
        return decide(platform_id=teen.platform_id, questions=[asked], now=now)[0].decision

    return attempt


def by_nobody(_teen: Account, now: datetime) -> object:
    sweep(now=now)
    return "quiet"


def all_that_is_seen(attempt: Attempt, *, age_band: str) -> tuple[object, list[str]]:
    """What was decided, and every byte that she, her guardian and her platform's app are shown afterwards."""
    cache.clear()
    teen = make_teen(age_band=age_band)
    guardian = make_account("guardian", platform_id=teen.platform_id, age_band="21_plus")
    supervise(facts(teen), guardian, now=timezone.now())
    make_listener(teen.platform_id)
    decided = attempt(teen, AFTERNOON - timedelta(days=1))
    Nudge.objects.filter(account_id=teen.pk).update(due_at=AFTERNOON)
    show_due(now=AFTERNOON)
    pages = [
        browser_of(facts(teen), now=timezone.now()).get("/teen/").content.decode(),
        browser_of(guardian, now=timezone.now()).get("/guardian/").content.decode(),
    ]
    messages = json.dumps(told(teen.platform_id), sort_keys=True).replace(teen.external_id, "her")
    app = Platform.objects.get(pk=teen.platform_id).name
    return decided, [_OWN.sub("", one.replace(app, "app")) for one in [*pages, messages]]


@pytest.mark.parametrize("action", sorted(REACHING))
@pytest.mark.parametrize("age_band", ["13_15", "16_17"])
def test_nothing_tells_who_tried_or_that_anybody_did(action: str, age_band: str) -> None:
    plain, flagged, quiet = (
        all_that_is_seen(attempt, age_band=age_band)
        for attempt in (by_adult(action, level=0), by_adult(action, level=2), by_nobody)
    )
    assert flagged[0] == "deny"
    assert plain[1] == flagged[1] == quiet[1]
    hers, guardians, apps = plain[1]
    assert "Only friends can message you." in hers
    assert "settings.message" in apps
    assert "safety tip" not in guardians.lower()


def test_the_actions_are_those_by_which_somebody_reaches_her() -> None:
    assert set(REACHING) == {"message", "follow", "comment", "call", "invite"}
