"""What leaves the desk: notices, disclosures, legal holds. Each step its own address, permission and verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases import pack_paper, packs, policy
from cases.errors import (
    CaseIsOver,
    EscalationMovedOn,
    HoldIsAsItWas,
    NotAuthorised,
    NoticeAlreadyMade,
    NoticeIncomplete,
    NoticeMovedOn,
    NoticesSwitchedOff,
    NoticeTextGone,
    PackGone,
    TeamKeyMissing,
)
from cases.leaving_forms import (
    ComplaintForm,
    DisclosureForm,
    FailureForm,
    FiledForm,
    OutcomeForm,
    PlatformForm,
    ReasonForm,
)
from cases.models import Case, Escalation, Notice
from cases.packs import Pack
from cases.services import escalations, legal_holds, notices
from staff.access import actor, refused, requires
from staff.errors import AlreadyHeld, MayNot

# What stood in the way, as whoever tried it reads it.
_SAID: dict[type[Exception], str | Promise] = {
    CaseIsOver: gettext_lazy("This report is over, so nothing was sent."),
    EscalationMovedOn: gettext_lazy("Somebody recorded this before you. Look at what stands there now."),
    HoldIsAsItWas: gettext_lazy("The case is like that already."),
    NoticeAlreadyMade: gettext_lazy("There is a notice to this platform already. It waits for its outcome."),
    NoticeIncomplete: gettext_lazy("A part that the law asks for is missing, so no notice was made."),
    NoticeMovedOn: gettext_lazy("Somebody recorded this step before you, or it is not its turn yet."),
    NoticesSwitchedOff: gettext_lazy("Notices are off until the operator names who signs them."),
    NoticeTextGone: gettext_lazy("The text was deleted when its time was over. Its times remain."),
    NotAuthorised: gettext_lazy("The reporter has not let us sign for this platform."),
    PackGone: gettext_lazy("The pack was deleted when its preservation ended. Its digest remains."),
    TeamKeyMissing: gettext_lazy(
        "The team's private key is not on this machine, so what is sealed stays shut."
    ),
    AlreadyHeld: gettext_lazy("This already waits for a second person."),
}
_REFUSALS = tuple(_SAID)
_FORMATS: dict[str, tuple[str, Callable[[Pack], str | bytes]]] = {
    "xml": ("application/xml", packs.as_xml),
    "json": ("application/json", packs.as_json),
    "pdf": ("application/pdf", pack_paper.as_pdf),
}


def _case(case_id: UUID) -> Case:
    return get_object_or_404(Case, pk=case_id)


def _notice(case_id: UUID, pk: int) -> Notice:
    """By its case too: a notice is not reached through another case's address."""
    return get_object_or_404(Notice.objects.select_related("case", "platform"), case=case_id, pk=pk)


def _escalation(case_id: UUID, pk: int) -> Escalation:
    return get_object_or_404(Escalation.objects.select_related("case"), case=case_id, pk=pk)


def _to_case(case_id: UUID) -> HttpResponseBase:
    return redirect(f"/triage/{case_id}/#leaving")


def _try(
    request: HttpRequest, case_id: UUID, verb: Callable[..., object], said: str, **what: Any
) -> HttpResponseBase:
    """Call the verb and go back to the case with what came of it."""
    try:
        verb(by=actor(request), now=timezone.now(), **what)
    except MayNot:
        return refused(request)
    except _REFUSALS as stood_in_the_way:
        messages.warning(request, str(_SAID[type(stood_in_the_way)]))
    else:
        messages.success(request, said)
    return _to_case(case_id)


def _try_form(
    request: HttpRequest,
    case_id: UUID,
    form: forms.Form,
    verb: Callable[..., object],
    said: str,
    **what: Any,
) -> HttpResponseBase:
    if not form.is_valid():
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            messages.error(request, f"{label}: {' '.join(map(str, errors))}")
        return _to_case(case_id)
    return _try(request, case_id, verb, said, **what, **form.cleaned_data)


@require_POST
@requires("case.notice")
def make_notice(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    case, form = _case(case_id), PlatformForm(request.POST)
    said = _("The notice is written. Send it, then record that it went.")
    return _try_form(request, case_id, form, notices.make_notice, said, case=case)


@require_GET
@requires("case.notice")
def show_notice(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    notice = _notice(case_id, pk)
    try:
        body = notices.read_notice(notice=notice, by=actor(request), now=timezone.now())
    except (NoticeTextGone, TeamKeyMissing) as shut:
        messages.warning(request, str(_SAID[type(shut)]))
        return _to_case(case_id)
    return render(request, "cases/triage/notice.html", {"notice": notice, "body": body})


@require_GET
@requires("case.notice")
def notice_message(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    notice = _notice(case_id, pk)
    try:
        body = notices.read_notice(notice=notice, by=actor(request), now=timezone.now())
    except (NoticeTextGone, TeamKeyMissing) as shut:
        messages.warning(request, str(_SAID[type(shut)]))
        return _to_case(case_id)
    return _download(notices.message_of(body), kind="application/json", name=f"{body.reference}.json")


@require_POST
@requires("case.notice")
def notice_sent(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    said = _("Recorded as sent. The platform's 48 hours run.")
    return _try(request, case_id, notices.record_sent, said, notice=_notice(case_id, pk))


@require_POST
@requires("case.notice")
def notice_acknowledged(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    said = _("Recorded: the platform has it.")
    return _try(request, case_id, notices.record_acknowledged, said, notice=_notice(case_id, pk))


@require_POST
@requires("case.notice")
def notice_outcome(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    said = _("Recorded. The places the reporter named for this platform are deleted.")
    notice, form = _notice(case_id, pk), OutcomeForm(request.POST)
    return _try_form(request, case_id, form, notices.record_outcome, said, notice=notice)


@require_GET
@requires("case.notice")
def complaint(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    notice = _notice(case_id, pk)
    if not notice.is_breach:
        messages.warning(
            request, _("The platform's 48 hours have not passed, so there is nothing to complain about.")
        )
        return _to_case(case_id)
    told = {"notice": notice, "text": notices.complaint_text(notice), "form": ComplaintForm()}
    return render(request, "cases/triage/complaint.html", told)


@require_POST
@requires("case.notice")
def complaint_made(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    notice, form = _notice(case_id, pk), ComplaintForm(request.POST)
    return _try_form(
        request, case_id, form, notices.record_complaint, _("The complaint is recorded."), notice=notice
    )


@require_http_methods(["GET", "POST"])
@requires("case.escalate")
def ask_for_disclosure(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    case = _case(case_id)
    if case.status not in policy.LIVING:
        messages.warning(request, str(_SAID[CaseIsOver]))
        return _to_case(case_id)
    form = DisclosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = _("It waits for a second person. Nothing has left yet.")
        return _try(request, case_id, escalations.ask_for_disclosure, said, case=case, **form.cleaned_data)
    status = 422 if form.is_bound else 200
    return render(request, "cases/triage/disclosure.html", {"case": case, "form": form}, status=status)


@require_GET
@requires("case.escalate")
def show_pack(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    escalation = _escalation(case_id, pk)
    try:
        pack = escalations.read_pack(escalation=escalation, by=actor(request), now=timezone.now())
    except (PackGone, TeamKeyMissing) as shut:
        messages.warning(request, str(_SAID[type(shut)]))
        return _to_case(case_id)
    told = {"case": escalation.case, "escalation": escalation, "lines": list(packs.lines(pack))}
    return render(request, "cases/triage/pack.html", told)


@require_GET
@requires("case.escalate")
def pack_file(request: HttpRequest, case_id: UUID, pk: int, kind: str) -> HttpResponseBase:
    """A file to send, only once a second person let it go."""
    escalation = _escalation(case_id, pk)
    if escalation.state == Escalation.State.HELD:
        messages.warning(request, _("A second person has not approved this. Nothing can be taken out yet."))
        return _to_case(case_id)
    try:
        pack = escalations.read_pack(escalation=escalation, by=actor(request), now=timezone.now())
    except (PackGone, TeamKeyMissing) as shut:
        messages.warning(request, str(_SAID[type(shut)]))
        return _to_case(case_id)
    content_type, write = _FORMATS[kind]
    return _download(write(pack), kind=content_type, name=f"{pack.reference}.{kind}")


@require_POST
@requires("case.escalate")
def filed(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    escalation, form = _escalation(case_id, pk), FiledForm(request.POST)
    return _try_form(request, case_id, form, escalations.record_filed, _("Filed."), escalation=escalation)


@require_POST
@requires("case.escalate")
def filing_failed(request: HttpRequest, case_id: UUID, pk: int) -> HttpResponseBase:
    escalation, form = _escalation(case_id, pk), FailureForm(request.POST)
    said = _("Recorded. It stays open, here and on the dashboard, until it is filed.")
    return _try_form(request, case_id, form, escalations.record_failure, said, escalation=escalation)


@require_POST
@requires("case.legal_hold")
def begin_hold(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    case, form = _case(case_id), ReasonForm(request.POST)
    said = _("The legal hold waits for a second person.")
    return _try_form(request, case_id, form, legal_holds.ask_for_hold, said, case=case)


@require_POST
@requires("case.legal_hold")
def end_hold(request: HttpRequest, case_id: UUID) -> HttpResponseBase:
    case, form = _case(case_id), ReasonForm(request.POST)
    said = _("The end of the legal hold waits for a second person.")
    return _try_form(request, case_id, form, legal_holds.ask_for_end, said, case=case)


def _download(content: str | bytes, *, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
