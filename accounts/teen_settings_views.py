"""A teen's settings: one tap to what is recommended, single changes with before and after, and Undo."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import privacy
from accounts.access import MemberRequest, teen
from accounts.errors import ChangedSince, NoSuchWish, UndoTooLate, WishMovedOn
from accounts.forms import ChangeForm
from accounts.member_pages import page
from accounts.services import (
    below_recommended,
    change_settings,
    recommended,
    settings_shown,
    supervision,
    supervision_wishes,
    undo,
)
from accounts.services.settings_shown import SettingOfTeen

# What was changed so lately is what they came back from, and the page begins with it.
_JUST_NOW = timedelta(minutes=10)


@require_GET
@teen
def home(request: MemberRequest) -> HttpResponseBase:
    return _home(request)


@require_POST
@teen
def use_recommended(request: MemberRequest) -> HttpResponseBase:
    """Everything that is weaker than advised. A second tap finds nothing left to do."""
    advised = recommended(age_band=request.member.age_band)
    changes = {key: advised[key] for key in below_recommended(request.member)}
    if changes:
        change_settings(account_id=request.member.id, changes=changes, by="teen", now=timezone.now())
    return redirect("accounts:settings")


@require_http_methods(["GET", "HEAD", "POST"])
@teen
def change(request: MemberRequest, key: str) -> HttpResponseBase:
    setting = _setting(request, key)
    if request.method != "POST":
        return _choose(request, setting)
    form = ChangeForm(request.POST)
    after = setting.value_of(form.cleaned_data["after"]) if form.is_valid() else None
    if after is None:
        return _choose(request, setting, status=400, error=_("Choose one of these."))
    if form.cleaned_data["before"] != setting.now_text:
        # The second of two taps, or a page from before another change.
        if settings_shown.text_of(after) == setting.now_text:
            return redirect("accounts:settings")
        return _choose(request, setting, status=409, error=_("This was changed meanwhile. Look at it again."))
    if _takes_protection_away(request, key, after) and not form.cleaned_data["confirmed"]:
        return _confirm(request, setting, after)
    change_settings(account_id=request.member.id, changes={key: after}, by="teen", now=timezone.now())
    return redirect("accounts:settings")


@require_POST
@teen
def take_back(request: MemberRequest, together: UUID) -> HttpResponseBase:
    """Undo what one tap changed."""
    try:
        undo(account_id=request.member.id, together=together, by="teen", now=timezone.now())
    except ChangedSince:
        return _home(
            request, status=409, told=_("You changed this again later. You can change it by hand below.")
        )
    except UndoTooLate:
        return _home(
            request, status=409, told=_("This can't be undone any more. You can change it by hand below.")
        )
    return redirect("accounts:settings")


@require_POST
@teen
def forget_wish(request: MemberRequest, pk: int) -> HttpResponseBase:
    try:
        supervision_wishes.take_back(wish_id=pk, teen_id=request.member.id, now=timezone.now())
    except NoSuchWish:
        raise Http404 from None
    except WishMovedOn:
        return _home(request, status=409, told=_("This was answered already. Look below."))
    return redirect("accounts:settings")


def _setting(request: MemberRequest, key: str) -> SettingOfTeen:
    found = next((one for one in settings_shown.settings_of(request.member) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _takes_protection_away(request: MemberRequest, key: str, after: object) -> bool:
    before = request.member.settings.get(key)
    return privacy.loosens(key, before=before, after=after, age_band=request.member.age_band)


def _choose(
    request: MemberRequest, setting: SettingOfTeen, *, status: int = 200, error: str = ""
) -> HttpResponseBase:
    return page(request, "accounts/teen/change.html", {"setting": setting, "error": error}, status=status)


def _confirm(request: MemberRequest, setting: SettingOfTeen, after: privacy.Value) -> HttpResponseBase:
    asked = supervision.needs_approval(account=request.member, changes={setting.key: after})
    context = {
        "setting": setting,
        "after": settings_shown.text_of(after),
        "after_label": setting.label_of(after),
        "is_asked_first": bool(asked),
    }
    return page(request, "accounts/teen/confirm.html", context)


def _home(request: MemberRequest, *, status: int = 200, told: str = "") -> HttpResponseBase:
    me, now = request.member, timezone.now()
    settings = settings_shown.settings_of(me)
    changes = settings_shown.recent_changes(account_id=me.id, now=now)
    just_done = (
        changes[0] if changes and changes[0].by == "teen" and changes[0].at > now - _JUST_NOW else None
    )
    context = {
        "settings": settings,
        "below": [one for one in settings if one.is_below],
        "just_done": just_done,
        "changes": changes,
        "wishes": supervision_wishes.of_teen(teen_id=me.id, now=now),
        "told": told,
    }
    return page(request, "accounts/teen/settings.html", context, status=status)
