"""The one way to an account by what its platform calls it."""

from __future__ import annotations

from accounts.errors import UnknownAccount
from accounts.models import Account
from accounts.naming import is_possible


def account_of(*, platform_id: int, external_id: str, locked: bool = False) -> Account:
    """Raises UnknownAccount, for another platform's too."""
    accounts = Account.objects.select_for_update() if locked else Account.objects.all()
    found = None
    if is_possible(external_id):
        found = accounts.filter(platform_id=platform_id, external_id=external_id).first()
    if found is None:
        raise UnknownAccount
    return found
