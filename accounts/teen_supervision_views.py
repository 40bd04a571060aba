"""A teen's side of supervision: invite, answer, see what they see, pause, end, ask for help."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, teen
from accounts.bands import is_under_16
from accounts.errors import (
    CodeNotTaken,
    MayNotEndYet,
    NoSuchSupervision,
    SupervisionMovedOn,
    TooManyTries,
    TwoGuardiansAlready,
)
from accounts.forms import CallForm, CodeForm
from accounts.member_pages import page
from accounts.services import (
    supervision_calls,
    supervision_course,
    supervision_invitations,
    supervision_seen,
)

_LOOK_AND_PRESS = ["GET", "HEAD", "POST"]


@require_GET
@teen
def home(request: MemberRequest) -> HttpResponseBase:
    return _home(request)


@require_POST
@teen
def invite(request: MemberRequest) -> HttpResponseBase:
    try:
        supervision_invitations.invite(account_id=request.member.id, now=timezone.now())
    except TwoGuardiansAlready:
        return _home(request, status=409, told=_two_already())
    return redirect("accounts:supervision")


@require_POST
@teen
def take_code(request: MemberRequest) -> HttpResponseBase:
    form, me = CodeForm(request.POST), request.member.id
    try:
        supervision_invitations.note_try(account_id=me)
        if not form.is_valid():
            raise CodeNotTaken
        taken = supervision_invitations.take_code(
            account_id=me, text=form.cleaned_data["code"], now=timezone.now()
        )
    except CodeNotTaken:
        return _home(
            request,
            status=400,
            code_error=_("This code doesn't work. Look at it again, or ask for a new one."),
        )
    except TooManyTries:
        return _home(request, status=429, code_error=_("You tried many times. Wait an hour, then try again."))
    return redirect("accounts:supervision_agree", pk=taken.pk)


@require_http_methods(_LOOK_AND_PRESS)
@teen
def agree(request: MemberRequest, pk: int) -> HttpResponseBase:
    """What a guardian will see and never see, and then yes or no."""
    me, now = request.member.id, timezone.now()
    if request.method != "POST":
        asked = supervision_invitations.unanswered(teen_id=me, now=now).filter(pk=pk).first()
        if asked is None:
            return redirect("accounts:supervision")
        context = {"asked": asked, "is_under_16": is_under_16(request.member.age_band)}
        return page(request, "accounts/teen/agree.html", context)
    try:
        supervision_invitations.agree(supervision_id=pk, teen_id=me, now=now)
    except SupervisionMovedOn:
        return _home(request, status=409, told=_("This question is over. Ask for a new code if you want to."))
    except TwoGuardiansAlready:
        return _home(request, status=409, told=_two_already())
    return redirect("accounts:supervision")


@require_POST
@teen
def decline(request: MemberRequest, pk: int) -> HttpResponseBase:
    try:
        supervision_invitations.decline(supervision_id=pk, teen_id=request.member.id, now=timezone.now())
    except SupervisionMovedOn:
        return _home(request, status=409, told=_("This question is over. Nothing was changed."))
    return redirect("accounts:supervision")


@require_POST
@teen
def pause(request: MemberRequest, pk: int) -> HttpResponseBase:
    try:
        supervision_course.pause(supervision_id=pk, teen_id=request.member.id, now=timezone.now())
    except NoSuchSupervision:
        return _ended(request, pk)
    return redirect("accounts:supervision")


@require_POST
@teen
def resume(request: MemberRequest, pk: int) -> HttpResponseBase:
    try:
        supervision_course.resume(supervision_id=pk, teen_id=request.member.id)
    except NoSuchSupervision:
        return _ended(request, pk)
    return redirect("accounts:supervision")


@require_http_methods(_LOOK_AND_PRESS)
@teen
def end(request: MemberRequest, pk: int) -> HttpResponseBase:
    me = request.member
    if request.method != "POST":
        lasting = supervision_course.of_teen(teen_id=me.id).filter(pk=pk).first()
        if lasting is None or is_under_16(me.age_band):
            return redirect("accounts:supervision")
        return page(request, "accounts/teen/end.html", {"supervision": lasting})
    try:
        supervision_course.end_by_teen(supervision_id=pk, teen_id=me.id, now=timezone.now())
    except NoSuchSupervision:
        raise Http404 from None
    except MayNotEndYet:
        return _home(
            request,
            status=403,
            told=_("You can end it yourself from 16. Our staff can end it for you: write to us below."),
        )
    return redirect("accounts:supervision")


@require_POST
@teen
def call(request: MemberRequest) -> HttpResponseBase:
    """To staff, about all of it."""
    return _call(request, None)


@require_POST
@teen
def call_about(request: MemberRequest, pk: int) -> HttpResponseBase:
    """To staff, about this guardian."""
    return _call(request, pk)


def _call(request: MemberRequest, pk: int | None) -> HttpResponseBase:
    form, me = CallForm(request.POST), request.member.id
    if not form.is_valid():
        return _home(request, status=400, told=_("That is too long for us. Use 2,000 letters at most."))
    try:
        supervision_calls.call(
            teen_id=me, supervision_id=pk, text=form.cleaned_data["text"], now=timezone.now()
        )
    except NoSuchSupervision:
        raise Http404 from None
    except TooManyTries:
        return _home(
            request, status=429, told=_("We have what you wrote before. A person will answer it here.")
        )
    return redirect("accounts:supervision")


def _ended(request: MemberRequest, pk: int) -> HttpResponseBase:
    """A page from before the end; what isn't theirs is nowhere."""
    if not supervision_course.was_of_teen(supervision_id=pk, teen_id=request.member.id):
        raise Http404
    return redirect("accounts:supervision")


def _two_already() -> str:
    return _("You have two guardians already. That is the most there can be.")


def _home(request: MemberRequest, *, status: int = 200, **more: object) -> HttpResponseBase:
    me, now = request.member.id, timezone.now()
    invitation = supervision_invitations.invitation_of(account_id=me, now=now)
    lasting = list(supervision_course.of_teen(teen_id=me))
    seen = supervision_seen.seen_by_guardians(teen_id=me)
    context = {
        "lasting": [(one, seen.get(one.pk, [])) for one in lasting],
        "over": [
            (one, seen[one.pk]) for one in supervision_course.over_of_teen(teen_id=me) if one.pk in seen
        ],
        "unanswered": supervision_invitations.unanswered(teen_id=me, now=now),
        "invitation": invitation,
        "code": supervision_invitations.code_of(invitation) if invitation else "",
        "may_invite": len(lasting) < supervision_invitations.MOST_GUARDIANS,
        "may_end": not is_under_16(request.member.age_band),
        "calls": supervision_calls.of_teen(teen_id=me),
        **more,
    }
    return page(request, "accounts/teen/supervision.html", context, status=status)
