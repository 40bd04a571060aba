from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class Note(forms.Form):
    """Why it was decided so, for colleagues; the adult never reads it."""

    note = forms.CharField(
        max_length=1000,
        required=False,
        label=_("Note for colleagues"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Reason(forms.Form):
    """What the second person reads."""

    reason = forms.CharField(
        max_length=300, label=_("Reason for the second person"), widget=forms.Textarea(attrs={"rows": 2})
    )


class Before(forms.Form):
    before = forms.IntegerField(min_value=1, required=False)


class Answer(forms.Form):
    """What the person who asked reads."""

    answer = forms.CharField(
        max_length=2000,
        label=_("Your answer"),
        help_text=_(
            "They read this as it stands. Write so that a child may read it. Name nobody, no message and no time."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AppealForm(forms.Form):
    text = forms.CharField(
        max_length=4000,
        required=False,
        label=_("What should we know?"),
        help_text=_("You can leave this empty. Please don't send names or pictures of anybody."),
        widget=forms.Textarea(attrs={"rows": 6, "class": "input"}),
    )
    asks_age_review = forms.BooleanField(
        required=False, label=_("The age on my account is wrong. Please check it.")
    )
