"""The settings' names as a guardian reads them: the catalogue speaks to the teen. Message ids, as there."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.privacy import SETTINGS, gettext_noop

LABELS: Mapping[str, str] = {
    "private": gettext_noop("Private account"),
    "message": gettext_noop("Who can message your teen"),
    "comment": gettext_noop("Who can comment on your teen's posts"),
    "friends_list": gettext_noop("Who can see your teen's friends"),
    "following_list": gettext_noop("Who can see whom your teen follows"),
    "tagged_posts": gettext_noop("Who can see posts that your teen is tagged in"),
    "tag_review": gettext_noop("Your teen checks tags first"),
    "suggestions": gettext_noop("Your teen is shown to new people"),
    "location": gettext_noop("Your teen's place is shown"),
}
TEENS_LABELS: Mapping[str, str] = {key: setting.label for key, setting in SETTINGS.items()}
