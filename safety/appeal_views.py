"""For an adult whose contact is limited, and who may be a child: why in general, a word to a person, and the answer.

The link is the only key: no cookie of theirs, no account, no sign-in.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from safety import words
from safety.errors import AppealedAlready, NoSuchLetter
from safety.forms import AppealForm
from safety.models import Letter
from safety.services import appeals


@never_cache
@require_GET
def appeal(request: HttpRequest, secret: str) -> HttpResponseBase:
    return _page(request, secret, _letter(secret), AppealForm())


@never_cache
@require_POST
def send(request: HttpRequest, secret: str) -> HttpResponseBase:
    letter = _letter(secret)
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, secret, letter, form, status=400)
    try:
        appeals.make_appeal(secret=secret, **form.cleaned_data, now=timezone.now())
    except NoSuchLetter:
        raise Http404 from None
    except AppealedAlready:
        # A second click: the page says that it was sent.
        pass
    return redirect("appeal:appeal", secret)


def _letter(secret: str) -> Letter:
    try:
        return appeals.letter_by(secret=secret, now=timezone.now())
    except NoSuchLetter:
        raise Http404 from None


def _page(
    request: HttpRequest, secret: str, letter: Letter, form: AppealForm, *, status: int = 200
) -> HttpResponseBase:
    context = {
        "secret": secret,
        "reasons": [words.category_sentence(one) for one in letter.reasons],
        "appeal": getattr(letter, "appeal", None),
        "form": form,
        "until": letter.sent_at + appeals.OPEN_FOR if letter.sent_at else None,
    }
    return render(request, "safety/appeal.html", context, status=status)
