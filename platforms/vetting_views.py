"""For whoever looks after platforms: who takes part, and on what terms. Each change its own address and verb."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from platforms import services
from platforms.agreements import Lack
from platforms.errors import (
    AgreementOver,
    NameTaken,
    NoShortName,
    NoSuchKey,
    NotVetted,
    PlatformMovedOn,
    UnknownPlatform,
)
from platforms.services import NewKey, Overview
from platforms.vetting_forms import SCOPE_NAMES, Agreement, ChangedFacts, FeedRequest, NewKeyOf, NewPlatform
from staff.access import actor, requires
from staff.errors import AlreadyHeld

MAY, MAY_ASK = "platform.manage", "platform.grant_feed"
# By the name that the page gives each form.
FORMS: dict[str, type[forms.Form]] = {
    "facts": ChangedFacts,
    "agreement": Agreement,
    "key": NewKeyOf,
    "feed": FeedRequest,
}
LACKS: dict[Lack, Promise] = {
    Lack.OPERATOR: gettext_lazy("who operates it"),
    Lack.CONTACT: gettext_lazy("whom to call"),
    Lack.AGREED_ON: gettext_lazy("the first day of an agreement"),
    Lack.EXPIRES_ON: gettext_lazy("the agreement's last day"),
    Lack.BEGUN: gettext_lazy("an agreement that has begun"),
    Lack.LASTING: gettext_lazy("an agreement that is not over"),
    Lack.TAKING_PART: gettext_lazy("a new agreement, because its part has ended"),
}


@require_GET
@requires(MAY)
def platforms(request: HttpRequest) -> HttpResponseBase:
    rows = [{"one": one, "scopes": _named(one.scopes)} for one in services.everybody(now=timezone.now())]
    return render(request, "platforms/platforms.html", {"rows": rows})


@require_GET
@requires(MAY)
def new(request: HttpRequest) -> HttpResponseBase:
    return render(request, "platforms/new.html", {"form": NewPlatform()})


@require_POST
@requires(MAY)
def add(request: HttpRequest) -> HttpResponseBase:
    form = NewPlatform(request.POST)
    if form.is_valid():
        try:
            made = services.let_in(**form.cleaned_data, by=actor(request), now=timezone.now())
        except NameTaken:
            form.add_error("name", _("A platform of this name takes part already."))
        except NoShortName:
            form.add_error("name", _("Use at least one Latin letter or digit."))
        else:
            return _page(request, made.platform.pk, made=made)
    return render(request, "platforms/new.html", {"form": form}, status=400)


@require_GET
@requires(MAY)
def platform(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _page(request, pk)


@require_POST
@requires(MAY)
def change_facts(request: HttpRequest, pk: int) -> HttpResponseBase:
    def change(**said: Any) -> str:
        if services.change_facts(**said):
            return _("Changed.")
        return _("It was so already. Nothing was changed.")

    return _change(request, pk, "facts", change)


@require_POST
@requires(MAY)
def write_agreement(request: HttpRequest, pk: int) -> HttpResponseBase:
    def change(**said: Any) -> str:
        if services.write_agreement(**said):
            return _("The agreement is written down. The old one was over: ask for the list again below.")
        return _("The agreement is written down.")

    return _change(request, pk, "agreement", change)


@require_POST
@requires(MAY)
def replace_key(request: HttpRequest, pk: int) -> HttpResponseBase:
    def change(**said: Any) -> NewKey:
        return services.replace_key(**said)

    return _change(request, pk, "key", change)


@require_POST
@requires(MAY)
def revoke_key(request: HttpRequest, pk: int, prefix: str) -> HttpResponseBase:
    try:
        services.revoke_key(platform_id=pk, prefix=prefix, by=actor(request), now=timezone.now())
    except UnknownPlatform:
        raise Http404 from None
    except NoSuchKey:
        messages.info(request, _("This key was revoked before. Nothing was changed."))
    else:
        messages.success(request, _("Revoked. It is refused everywhere within five seconds."))
    return redirect("platforms:platform", pk)


@require_POST
@requires(MAY_ASK)
def ask_for_feed(request: HttpRequest, pk: int) -> HttpResponseBase:
    one = _one(pk)

    def ask(**said: Any) -> str:
        said.pop("platform_id")
        services.ask_for_feed(slug=one.platform.slug, **said)
        return _("Asked. It waits for a second person.")

    return _change(request, pk, "feed", ask)


@require_POST
@requires(MAY)
def end_part(request: HttpRequest, pk: int) -> HttpResponseBase:
    try:
        services.end_part(platform_id=pk, by=actor(request), now=timezone.now())
    except UnknownPlatform:
        raise Http404 from None
    except PlatformMovedOn:
        messages.info(request, _("Its part had ended before. Nothing was changed."))
    else:
        messages.success(request, _("It takes part no more. Its keys are refused within five seconds."))
    return redirect("platforms:platform", pk)


def _change(
    request: HttpRequest, pk: int, name: str, change: Callable[..., str | NewKey]
) -> HttpResponseBase:
    """Read one of the page's forms and do what it says. A new key is shown on this answer and never again."""
    form = FORMS[name](request.POST)
    if not form.is_valid():
        return _page(request, pk, bound={name: form}, status=400)
    said = form.said() if isinstance(form, ChangedFacts | Agreement | NewKeyOf) else form.cleaned_data
    try:
        done = change(platform_id=pk, by=actor(request), now=timezone.now(), **said)
    except UnknownPlatform:
        raise Http404 from None
    except (PlatformMovedOn, AgreementOver, NotVetted, AlreadyHeld) as reason:
        return _page(request, pk, refusal=_why_not(reason), status=409)
    if isinstance(done, NewKey):
        return _page(request, pk, made=done)
    messages.success(request, done)
    return redirect("platforms:platform", pk)


def _why_not(reason: Exception) -> str:
    if isinstance(reason, AgreementOver):
        return _("Its agreement is over, so a key would open nothing. Write down a new agreement first.")
    if isinstance(reason, AlreadyHeld):
        return _("This waits for a second person already.")
    if isinstance(reason, NotVetted):
        missing = ", ".join(str(LACKS[lack]) for lack in reason.lacks)
        return _("It can't be given the list yet. Missing: %(missing)s.") % {"missing": missing}
    return _("It was changed after this page was shown. Nothing was done: read it again, then decide.")


def _one(pk: int) -> Overview:
    one = services.one_of_them(platform_id=pk, now=timezone.now())
    if one is None:
        raise Http404
    return one


def _page(
    request: HttpRequest,
    pk: int,
    *,
    bound: dict[str, forms.Form] | None = None,
    made: NewKey | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponseBase:
    """`made` holds a key, on this page and never again: it is in no session, message or log."""
    one, now = _one(pk), timezone.now()
    lacks = services.lacks_for_feed(one.platform, on=now.date())
    context: dict[str, object] = {
        "one": one,
        "scopes": _named(one.scopes),
        "keys": [
            (key, _named(key.scopes), _spelled(key.until)) for key in services.keys_of(one.platform, now=now)
        ],
        "same_operator": services.operated_as(one.platform),
        "history": services.history_of(one.platform),
        "lacks": [LACKS[lack] for lack in lacks],
        "refusal": refusal,
        "forms": _forms(one) | (bound or {}),
    }
    if made is not None:
        context |= {"made": made, "configuration": json.dumps(services.client_configuration(made), indent=2)}
    return render(request, "platforms/platform.html", context, status=status)


def _forms(one: Overview) -> dict[str, forms.Form]:
    seen = services.mark_of(one.platform)
    facts = {name: getattr(one.platform, name) for name in ChangedFacts.base_fields if name != "seen"}
    dates = {name: getattr(one.platform, name) for name in Agreement.base_fields if name != "seen"}
    initial = {"facts": facts, "agreement": dates, "key": {}, "feed": {}}
    return {
        name: kind(initial={"seen": seen, **initial[name]}, auto_id=f"{name}_%s")
        for name, kind in FORMS.items()
    }


def _spelled(until: str | None) -> str:
    """A key's end as people write it: a day, or a time."""
    if not until:
        return ""
    at = datetime.fromisoformat(until)
    return date_format(at, "j M Y") if "T" not in until else f"{date_format(at, 'j M Y H:i')} UTC"


def _named(scopes: list[str]) -> list[Promise]:
    return [label for scope, label in SCOPE_NAMES.items() if scope in scopes]
