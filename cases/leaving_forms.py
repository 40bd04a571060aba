"""What staff type about what leaves the desk."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Notice

INCIDENTS = (
    ("enticement", _("Enticement: somebody lures or threatens the child online")),
    ("depiction", _("Depiction: a picture of the child is made, kept or spread")),
    ("trafficking", _("Trafficking: the child is sold or made to sell")),
    ("molestation", _("Abuse of the child, outside the net")),
    ("obscene", _("Obscene material sent to the child")),
)
OUTCOMES = (
    (Notice.Outcome.REMOVED, _("Removed")),
    (Notice.Outcome.NOT_FOUND, _("Found nothing there")),
    (Notice.Outcome.REFUSED, _("Refused")),
)


class PlatformForm(forms.Form):
    platform = forms.SlugField(label=_("Platform"))


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(choices=OUTCOMES, label=_("What the platform did"))
    identical_copies = forms.CharField(
        required=False,
        max_length=500,
        label=_("What it said about identical copies"),
        widget=forms.TextInput,
    )


class ComplaintForm(forms.Form):
    reference = forms.CharField(max_length=80, label=_("Reference the regulator gave"))


class DisclosureForm(forms.Form):
    incident_type = forms.ChoiceField(choices=INCIDENTS, label=_("What happened"))
    told = forms.CharField(
        max_length=3000,
        label=_("What the authorities should know"),
        help_text=_("They read this as you write it. Nothing the reporter wrote goes along by itself."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    reason = forms.CharField(max_length=300, label=_("Why, for the second person"), widget=forms.TextInput)
    is_test = forms.BooleanField(required=False, label=_("This is a test report"))


class FiledForm(forms.Form):
    report_number = forms.CharField(max_length=40, label=_("Report number"))


class FailureForm(forms.Form):
    failure = forms.CharField(max_length=300, label=_("What went wrong"))


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=300, label=_("Why, for the second person"))
