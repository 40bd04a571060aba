"""Reading and writing messages at the desk: one address, one permission, one verb each."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.errors import CaseIsOver, KeyUsedForAnotherBody, NoSuchMessage
from cases.models import Case, Message
from cases.services import desk_messages
from cases.talk_forms import CheckForm, WriteForm
from cases.tone import Finding
from cases.triage_answers import tells_what_came_of_it
from staff.access import actor, requires

View = Callable[..., HttpResponseBase]
# Sent by the page's own script, which puts the answer into the page.
_PART = "X-Part-Of-Page"

# What a finding means, for whoever writes.
_MEANS: dict[str, Callable[[], str]] = {
    "grade": lambda: _("Hard to read at eleven. Shorter sentences and shorter words help."),
    "blame": lambda: _("May sound like blame or doubt:"),
    "linking": lambda: _("Never tell her that another report is linked to hers:"),
    "link": lambda: _("A link that isn't ours and no help line's:"),
    "email": lambda: _("An e-mail address. We only write to her here:"),
    "number": lambda: _("A number that isn't a known help line's:"),
}


@require_POST
@requires(desk_messages.READ)
@tells_what_came_of_it
def reveal(request: HttpRequest, *, case_id: UUID, message_id: int) -> HttpResponseBase:
    case = get_object_or_404(Case, pk=case_id)
    now, by = timezone.now(), actor(request)
    try:
        text = desk_messages.read_message(case=case, message_id=message_id, by=by, now=now)
    except NoSuchMessage:
        raise Http404 from None
    context = {
        "case": case,
        "message": Message.objects.get(pk=message_id),
        "text": text,
        "read_this_shift": desk_messages.read_this_shift(by=by, now=now),
        "much": desk_messages.MUCH_TO_READ,
    }
    return render(request, _template(request, "revealed"), context)


@require_POST
@requires(desk_messages.WRITE)
@tells_what_came_of_it
def write(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    case = get_object_or_404(Case, pk=case_id)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return _once_more(request, case, form=form, findings=[])
    slug = form.cleaned_data["template"]
    prepared = desk_messages.template_text(slug, language=case.language)
    text = form.cleaned_data["text"].strip() or prepared
    findings = [] if text == prepared else desk_messages.check_words(text, language=case.language)
    if not text or (findings and not form.cleaned_data["anyway"]):
        return _once_more(request, case, form=form, findings=findings)
    return _write(request, case, form=form, text=text, template=slug if text == prepared else "")


@require_POST
@requires(desk_messages.WRITE)
def check(request: HttpRequest, *, case_id: UUID) -> HttpResponseBase:
    """What to look at again in a text that is being written. Nothing of it is kept."""
    case = get_object_or_404(Case, pk=case_id)
    form = CheckForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    found = desk_messages.check_words(text, language=case.language) if text else []
    return render(request, "cases/triage/message_findings.html", {"findings": _in_words(found)})


def _write(
    request: HttpRequest, case: Case, *, form: WriteForm, text: str, template: str
) -> HttpResponseBase:
    told = form.cleaned_data
    try:
        desk_messages.write_message(
            case=case,
            by=actor(request),
            text=text,
            now=timezone.now(),
            key=told["key"],
            template=template,
            asks=told["asks"],
        )
    except CaseIsOver:
        messages.error(request, _("This report is over, so nothing was sent."))
    except KeyUsedForAnotherBody:
        messages.warning(request, _("This was sent already. Look at the thread before you write again."))
    else:
        messages.success(request, _("Sent. She reads it when she comes back with her code."))
    return redirect("triage:case", case_id=case.pk)


def _once_more(
    request: HttpRequest, case: Case, *, form: WriteForm, findings: list[Finding]
) -> HttpResponseBase:
    context = {"case": case, "form": form, "findings": _in_words(findings)}
    return render(request, "cases/triage/message_check.html", context, status=422)


def _in_words(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(_MEANS[finding.kind](), finding.words) for finding in findings]


def _template(request: HttpRequest, name: str) -> str:
    is_part = request.headers.get(_PART) == "yes"
    return f"cases/triage/message_{name}{'' if is_part else '_page'}.html"
