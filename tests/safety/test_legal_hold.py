"""Who was referred to the authorities can't be forgotten before the law allows it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.errors import UnderLegalHold
from accounts.models import Account
from accounts.services import delete_account
from platforms.services import NewKey
from safety.models import Event, Flag
from safety.services import reviewing
from safety.services.holding import PRESERVED_FOR
from staff.services import HeldAction, User, refuse, release
from tests.safety.flagged import hunted

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(chatter: NewKey, adult: Account, now: datetime) -> Flag:
    return hunted(chatter.platform, adult, now=now)


def forget(account: Account, now: datetime) -> None:
    delete_account(platform_id=account.platform_id, external_id=account.external_id, now=now)


def test_a_referral_keeps_the_account_from_the_asking_to_the_end_of_a_year(
    flag: Flag, adult: Account, rosa: User, ruben: User, now: datetime
) -> None:
    reviewing.ask_to_refer(flag=flag, by=rosa, reason="three victims say the same", now=now)
    with pytest.raises(UnderLegalHold):
        forget(adult, now)
    release(held=HeldAction.objects.get(), by=ruben, now=now)
    with pytest.raises(UnderLegalHold):
        forget(adult, now + PRESERVED_FOR - timedelta(seconds=1))
    assert Event.objects.filter(actor=adult).exists()
    forget(adult, now + PRESERVED_FOR)
    assert not Account.objects.filter(external_id="adult").exists()


def test_a_referral_that_was_refused_keeps_nobody(
    flag: Flag, adult: Account, rosa: User, ruben: User, now: datetime
) -> None:
    reviewing.ask_to_refer(flag=flag, by=rosa, reason="three victims say the same", now=now)
    refuse(held=HeldAction.objects.get(), by=ruben, now=now)
    forget(adult, now)
    assert Flag.objects.get().account is None


def test_an_open_flag_alone_keeps_nobody(flag: Flag, adult: Account, now: datetime) -> None:
    forget(adult, now)
    flag.refresh_from_db()
    assert (flag.state, flag.account_id) == ("open", None)
