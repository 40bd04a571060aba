"""The teen's page: the card that waits for her, what she changed, and whether her browser may tell her."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.request import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import platforms.services
from accounts.access import MemberRequest, teen
from accounts.errors import ChangedSince, UndoTooLate
from accounts.services import AccountFacts
from nudges import services
from nudges.errors import CardChanged, CardGone, NoSuchCard, NotABrowser
from nudges.forms import AgreedForm, BrowserForm, EndpointForm

# It may do nothing but show a line and open a page.
_WORKER_POLICY = "default-src 'none'"


@require_safe
@teen
def inbox(request: MemberRequest) -> HttpResponseBase:
    return _inbox(request)


@require_POST
@teen
def apply(request: MemberRequest, card_id: UUID) -> HttpResponseBase:
    form = AgreedForm(request.POST)
    agreed = form.cleaned_data["agreed"] if form.is_valid() else {}
    try:
        services.apply(teen_id=request.member.id, card_id=card_id, agreed=agreed, now=timezone.now())
    except NoSuchCard:
        raise Http404 from None
    except CardChanged:
        told = _("Something changed since you opened this page. Please look again.")
        return _inbox(request, status=409, told=told)
    except CardGone:
        return _inbox(request, status=409, told=_over())
    return _to_what_she_did()


@require_POST
@teen
def not_now(request: MemberRequest, card_id: UUID) -> HttpResponseBase:
    try:
        services.dismiss(teen_id=request.member.id, card_id=card_id, now=timezone.now())
    except NoSuchCard:
        raise Http404 from None
    except CardGone:
        return _inbox(request, status=409, told=_("You said yes to this tip before. You can still undo it."))
    return redirect("nudges:inbox")


@require_POST
@teen
def undo(request: MemberRequest, card_id: UUID) -> HttpResponseBase:
    try:
        asked = services.take_back(teen_id=request.member.id, card_id=card_id, now=timezone.now())
    except NoSuchCard:
        raise Http404 from None
    except ChangedSince:
        told = _("You changed it again since then. So it stays as it is now.")
        return _inbox(request, status=409, told=told)
    except UndoTooLate:
        told = _("That was more than 30 days ago. You can change it under Settings.")
        return _inbox(request, status=409, told=told)
    # There she reads what waits for somebody else's yes.
    return redirect("accounts:settings") if asked else _to_what_she_did()


@require_POST
@teen
def allow_pushes(request: MemberRequest) -> HttpResponseBase:
    form = BrowserForm(request.POST)
    try:
        if not form.is_valid():
            raise NotABrowser
        services.allow_pushes(teen_id=request.member.id, browser=form.browser(), now=timezone.now())
    except NotABrowser:
        return _inbox(request, status=400, told=_("This browser can't show tips. Nothing was turned on."))
    return redirect("nudges:inbox")


@require_POST
@teen
def stop_pushes(request: MemberRequest) -> HttpResponseBase:
    form = EndpointForm(request.POST)
    if form.is_valid():
        services.stop_pushes(teen_id=request.member.id, endpoint=form.cleaned_data["endpoint"])
    return redirect("nudges:inbox")


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """What shows a push. Browsers fetch it anew by themselves, signed in or not; it is the same for everybody."""
    text = services.push_text(locale=get_language() or "")
    response = render(request, "nudges/push_worker.js", {"text": text}, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = _WORKER_POLICY
    return response


def _over() -> str:
    return _("This tip is over. Nothing was changed.")


def _to_what_she_did() -> HttpResponse:
    return redirect(f"{reverse('nudges:inbox')}?done")


def _inbox(request: MemberRequest, *, status: int = 200, told: str = "") -> HttpResponse:
    found = services.inbox(teen=request.member, now=timezone.now())
    signer = services.signer()
    context = {
        "inbox": found,
        "told": told,
        # She has just done it, and reads that first.
        "just_done": found.done[0] if found.done and "done" in request.GET else None,
        "push_key": signer.public_key if signer else "",
        "platform": _platform_name(request.member),
        # Absolute: members may have a host of their own, and help is on the public one.
        "help_url": f"{settings.SITE_URL}/help/",
        "report_url": f"{settings.SITE_URL}/report/" if "takedown" in settings.SURFACES else "",
    }
    with timezone.override(services.zone_of(request.member)):
        return render(request, "nudges/inbox.html", context, status=status)


def _platform_name(member: AccountFacts) -> str:
    """She may have accounts in several places."""
    those = platforms.services.participating(on=timezone.now().date())
    return next((one.name for one in those if one.pk == member.platform_id), "")
