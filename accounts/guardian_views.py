"""A guardian's page: settings, their changes, and what a teen under 16 asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, guardian
from accounts.errors import CodeNotTaken, NoSuchSupervision, NoSuchWish, TooManyTries, WishMovedOn
from accounts.forms import CodeForm
from accounts.member_pages import page
from accounts.services import (
    supervision_course,
    supervision_invitations,
    supervision_seen,
    supervision_wishes,
)


@require_GET
@guardian
def home(request: MemberRequest) -> HttpResponseBase:
    return _home(request)


@require_POST
@guardian
def invite(request: MemberRequest) -> HttpResponseBase:
    supervision_invitations.invite(account_id=request.member.id, now=timezone.now())
    return redirect("accounts:guardian")


@require_POST
@guardian
def take_code(request: MemberRequest) -> HttpResponseBase:
    form, me = CodeForm(request.POST), request.member.id
    try:
        supervision_invitations.note_try(account_id=me)
        if not form.is_valid():
            raise CodeNotTaken
        supervision_invitations.take_code(account_id=me, text=form.cleaned_data["code"], now=timezone.now())
    except CodeNotTaken:
        return _home(
            request,
            status=400,
            code_error=_("This code doesn't work. Look at it again, or ask for a new one."),
        )
    except TooManyTries:
        return _home(request, status=429, code_error=_("That were many tries. Wait an hour, then try again."))
    return redirect("accounts:guardian")


@require_POST
@guardian
def approve(request: MemberRequest, pk: int) -> HttpResponseBase:
    return _answer(request, pk, supervision_wishes.approve)


@require_POST
@guardian
def refuse(request: MemberRequest, pk: int) -> HttpResponseBase:
    return _answer(request, pk, supervision_wishes.refuse)


@require_http_methods(["GET", "HEAD", "POST"])
@guardian
def end(request: MemberRequest, pk: int) -> HttpResponseBase:
    me = request.member.id
    if request.method != "POST":
        lasting = supervision_course.of_guardian(guardian_id=me).filter(pk=pk).first()
        if lasting is None:
            return redirect("accounts:guardian")
        return page(request, "accounts/guardian/end.html", {"supervision": lasting})
    try:
        supervision_course.end_by_guardian(supervision_id=pk, guardian_id=me, now=timezone.now())
    except NoSuchSupervision:
        raise Http404 from None
    return redirect("accounts:guardian")


def _answer(request: MemberRequest, pk: int, verb: Callable[..., None]) -> HttpResponseBase:
    me, now = request.member.id, timezone.now()
    try:
        verb(wish_id=pk, guardian_id=me, now=now)
    except NoSuchWish:
        raise Http404 from None
    except WishMovedOn:
        supervision_wishes.note_that_it_moved_on(wish_id=pk, guardian_id=me, now=now)
        return _home(
            request, status=409, told=_("This was answered before, or taken back. Nothing was done twice.")
        )
    return redirect("accounts:guardian")


def _home(request: MemberRequest, *, status: int = 200, **more: object) -> HttpResponseBase:
    me, now = request.member.id, timezone.now()
    invitation = supervision_invitations.invitation_of(account_id=me, now=now)
    context = {
        "teens": supervision_seen.show_to_guardian(guardian_id=me, now=now),
        "ended": supervision_course.ended_lately(guardian_id=me, now=now),
        "waits_for_teen": supervision_invitations.waiting_for_teen(guardian_id=me, now=now).exists(),
        "invitation": invitation,
        "code": supervision_invitations.code_of(invitation) if invitation else "",
        "code_lasts_until": invitation.invited_at + supervision_invitations.LASTS if invitation else None,
        **more,
    }
    return page(request, "accounts/guardian/home.html", context, status=status)
