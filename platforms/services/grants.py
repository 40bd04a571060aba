"""To let a platform read the list takes two people at the desk."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from platforms.errors import UnknownPlatform
from platforms.models import Platform, PlatformKey
from platforms.services.keys import forget, living_keys
from staff.errors import CannotBeDone
from staff.services import HeldAction, User, hold, register_held

FEED_GRANT = "platform.grant_feed"


def ask_for_feed(*, slug: str, by: User, reason: str, now: datetime) -> HeldAction:
    """Ask a second person to let a platform read the list. The command line needs none: it is the machine owner's.

    Raises UnknownPlatform, staff's MayNot and AlreadyHeld.
    """
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise UnknownPlatform(slug)
    return hold(kind=FEED_GRANT, object_id=str(platform.pk), by=by, reason=reason, now=now)


def register_held_actions() -> None:
    """Called once, when the room is ready."""
    register_held(FEED_GRANT, release=_grant_feed, describe=_describe_grant, action="platform.grant_feed")


def _grant_feed(held: HeldAction, _by: User, now: datetime) -> None:
    keys = list(living_keys(now=now).filter(platform_id=int(held.object_id)).select_for_update())
    if not keys:
        raise CannotBeDone(_("The platform has no living key. Refuse this, and make it one first."))
    for key in keys:
        key.scopes = sorted({*key.scopes, PlatformKey.Scope.FEED.value})
        key.save(update_fields=["scopes"])
    forget(keys)


def _describe_grant(held: HeldAction) -> str:
    platform = Platform.objects.filter(pk=int(held.object_id)).first()
    name = platform.name if platform else held.object_id
    return _("Let %(platform)s read the list") % {"platform": name}
