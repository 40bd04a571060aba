from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platforms.models import Platform, PlatformKey
from platforms.services import SCOPES_OF_ONE

SCOPE_NAMES: dict[str, Promise] = {
    PlatformKey.Scope.FEED: _("read the list"),
    PlatformKey.Scope.MATCH: _("ask for matches"),
    PlatformKey.Scope.FEEDBACK: _("say what it did about them"),
    PlatformKey.Scope.SUBMIT: _("add fingerprints of its own"),
    PlatformKey.Scope.SAFETY: _("accounts, events and decisions"),
}
_CHOICES = [(scope, SCOPE_NAMES[PlatformKey.Scope(scope)]) for scope in SCOPES_OF_ONE]
_YEAR_HOURS = 24 * 365
_DATE = {"type": "date"}


class Seen(forms.Form):
    """What the page showed when somebody decided; where that changed meanwhile, nothing is done."""

    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def said(self) -> dict[str, Any]:
        return self.cleaned_data


class Facts(forms.Form):
    operator = forms.CharField(
        max_length=80,
        label=_("Operator"),
        help_text=_("The company behind it. What two platforms of one operator say counts as one."),
    )
    contact = forms.CharField(
        max_length=200,
        label=_("Contact"),
        help_text=_("Whom to call about a match; an e-mail address is also written to when webhooks fail."),
    )
    acts = forms.ChoiceField(
        choices=Platform.Acts.choices, label=_("What it does"), help_text=_("Reporters read this.")
    )
    own_report_url = forms.URLField(
        required=False,
        max_length=200,
        label=_("Its own report page"),
        help_text=_("Reporters are led there too. Begins with https://"),
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean_own_report_url(self) -> str:
        address = str(self.cleaned_data["own_report_url"])
        if address and not address.startswith("https://"):
            raise ValidationError(_("Give an address that begins with https://"))
        return address


class ChangedFacts(Facts, Seen):
    """Facts of a platform that takes part already."""


class _Dates(forms.Form):
    agreed_on = forms.DateField(label=_("First day of the agreement"), widget=forms.DateInput(attrs=_DATE))
    expires_on = forms.DateField(
        label=_("Its last day"),
        widget=forms.DateInput(attrs=_DATE),
        help_text=_("After this day its keys open nothing."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("agreed_on"), cleaned.get("expires_on")
        if last and last < max(first or date.min, timezone.now().date()):
            self.add_error("expires_on", _("The last day lies before the first, or is over already."))
        return cleaned


class Agreement(_Dates, Seen):
    """The first agreement, or the next."""


class NewPlatform(Facts, _Dates):
    name = forms.CharField(max_length=80, label=_("Name"), help_text=_("As reporters know it."))
    scopes = forms.MultipleChoiceField(
        choices=_CHOICES,
        label=_("Its key may"),
        widget=forms.CheckboxSelectMultiple,
        initial=[PlatformKey.Scope.MATCH, PlatformKey.Scope.FEEDBACK],
        help_text=_("To read the list takes a second person: ask for it on the platform's page."),
    )
    field_order = (
        "name",
        "operator",
        "contact",
        "agreed_on",
        "expires_on",
        "acts",
        "own_report_url",
        "scopes",
    )


class NewKeyOf(Seen):
    overlap_hours = forms.IntegerField(
        min_value=0,
        max_value=_YEAR_HOURS,
        initial=24,
        label=_("Hours that the old keys go on"),
        help_text=_("Enough to put the new one in place. 0 ends them at once."),
    )
    more = forms.MultipleChoiceField(
        choices=_CHOICES,
        required=False,
        label=_("What it may do besides what the old ones may"),
        widget=forms.CheckboxSelectMultiple,
    )

    def said(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "seen": cleaned["seen"],
            "overlap": timedelta(hours=cleaned["overlap_hours"]),
            "more": cleaned["more"],
        }


class FeedRequest(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=_("Why may it read the list?"),
        help_text=_("The second person reads this beside the platform's page."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
