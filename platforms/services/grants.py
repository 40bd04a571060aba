"""To let a platform read the list takes two people at the desk."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from platforms.errors import NotVetted, UnknownPlatform
from platforms.models import Platform, PlatformKey
from platforms.services.keys import forget, living_keys
from platforms.services.vetting import lacks_for_feed
from staff.errors import CannotBeDone
from staff.services import HeldAction, User, hold, record, register_held

FEED_GRANT = "platform.grant_feed"


def ask_for_feed(*, slug: str, by: User, reason: str, now: datetime) -> HeldAction:
    """Ask a second person to let a platform read the list. The command line needs none: it is the machine owner's.

    Raises UnknownPlatform, NotVetted, staff's MayNot and AlreadyHeld.
    """
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise UnknownPlatform(slug)
    lacks = lacks_for_feed(platform, on=now.date())
    if lacks:
        raise NotVetted(lacks)
    return hold(kind=FEED_GRANT, object_id=str(platform.pk), by=by, reason=reason, now=now)


def register_held_actions() -> None:
    """Called once, when the room is ready."""
    register_held(
        FEED_GRANT,
        release=_grant_feed,
        describe=_describe_grant,
        action="platform.grant_feed",
        page=_page_of_grant,
    )


def _grant_feed(held: HeldAction, by: User, now: datetime) -> None:
    # Whoever changes a platform or its keys locks the platform first.
    platform = Platform.objects.select_for_update().filter(pk=int(held.object_id)).first()
    if platform is None or lacks_for_feed(platform, on=now.date()):
        raise CannotBeDone(
            _("The platform is not vetted any more: its page says what is missing. Add it, or refuse this.")
        )
    keys = list(living_keys(now=now).filter(platform=platform).select_for_update())
    if not keys:
        raise CannotBeDone(_("The platform has no living key. Refuse this, and make it one first."))
    for key in keys:
        key.scopes = sorted({*key.scopes, PlatformKey.Scope.FEED.value})
        key.save(update_fields=["scopes"])
    forget(keys)
    record(actor=by, act="platform.feed", on=platform, at=now, detail={"keys": len(keys)})


def _page_of_grant(held: HeldAction) -> str:
    return reverse("platforms:platform", args=[int(held.object_id)])


def _describe_grant(held: HeldAction) -> str:
    platform = Platform.objects.filter(pk=int(held.object_id)).first()
    name = platform.name if platform else held.object_id
    return _("Let %(platform)s read the list") % {"platform": name}
