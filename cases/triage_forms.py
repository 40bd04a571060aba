"""What is sent from the desk's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cases import policy, risk
from cases.decline_words import DECLINE_SENTENCES
from cases.services.clock_words import KINDS
from cases.services.notes import LONGEST
from cases.services.queue import Filters
from cases.services.risk import LEVELS
from staff.services import User

_ANY = ("", _("Any"))
LANGUAGES = ("en", "es", "fr", "de", "pt", "ar", "pl", "uk", "tr", "zh")


class FilterForm(forms.Form):
    """The filters of the queue, kept in the address."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Waiting for us")),
            ("received", _("Received")),
            ("open", _("Open")),
            ("asked", _("Reporter was asked")),
            ("closed", _("Closed")),
            ("declined", _("Declined")),
            ("withdrawn", _("Withdrawn")),
        ],
    )
    risk = forms.ChoiceField(
        label=_("Risk"),
        required=False,
        choices=[_ANY, *((name, LEVELS[name]) for name, _least in risk.LEVELS)],
    )
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    clock = forms.ChoiceField(
        label=_("Clock"),
        required=False,
        choices=[
            _ANY,
            ("late", _("Limit passed")),
            *((kind, KINDS[kind]) for kind in ("first_look", "push", "acknowledge", "outcome")),
        ],
    )
    assignee = forms.ChoiceField(label=_("Who has it"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, given: QueryDict, *, people: list[str], platforms: list[tuple[str, str]]) -> None:
        super().__init__(given)
        special = [("me", _("Me")), ("nobody", _("Nobody")), ("role", _("My role"))]
        _choose(self, "assignee", [_ANY, *special, *((name, name) for name in people)])
        _choose(self, "platform", [_ANY, *platforms])
        _choose(self, "language", [_ANY, *((code, code) for code in LANGUAGES)])

    def filters(self) -> Filters:
        """Empty where the address says something that there isn't."""
        if not self.is_valid():
            return Filters()
        return Filters(**{name: self.cleaned_data[name] for name in self.fields})


class SeenForm(forms.Form):
    """What the page had seen of the case when it was sent, so that a stale one is told."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


class DeclineForm(SeenForm):
    reason = forms.ChoiceField(
        label=_("What she will read"),
        choices=[(name, DECLINE_SENTENCES[name]) for name in policy.DECLINE_REASONS],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("For the second person: why"), required=False, max_length=300)


class WhyForm(SeenForm):
    why = forms.CharField(label=_("Why"), max_length=300)


class HoldForm(forms.Form):
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=24, initial=4)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class HandOverForm(forms.Form):
    """To a person or to a role: one field, so that it can't be both."""

    to = forms.ChoiceField(label=_("To"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, given: QueryDict | None = None, *, people: list[str]) -> None:
        super().__init__(given)
        roles = (User.Role.TRIAGER, User.Role.SENIOR, User.Role.LIAISON)
        of_roles = [(f"role:{role.value}", role.label) for role in roles]
        of_people = [(f"person:{name}", name) for name in people]
        _choose(self, "to", [(_("A role"), of_roles), (_("A person"), of_people)])


class NoteForm(forms.Form):
    text = forms.CharField(label=_("A note for colleagues"), max_length=LONGEST, widget=forms.Textarea)


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
