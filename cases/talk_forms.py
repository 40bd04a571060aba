"""What the desk writes to a reporter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.message_templates import TEMPLATES
from cases.services.desk_messages import LONGEST


class WriteForm(forms.Form):
    """A prepared text, one's own, or a prepared one that was changed. An empty text stands for the prepared one."""

    template = forms.ChoiceField(
        label=_("Prepared text"),
        required=False,
        choices=[("", _("None: I write my own")), *((one.slug, one.title) for one in TEMPLATES)],
    )
    text = forms.CharField(
        label=_("What she will read"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "true"}),
    )
    asks = forms.BooleanField(label=_("The case waits for her answer"), required=False)
    key = forms.RegexField(r"^[A-Za-z0-9_-]{22,128}\Z", widget=forms.HiddenInput)
    # Set by the button that sends in spite of warnings.
    anyway = forms.BooleanField(required=False)


class CheckForm(forms.Form):
    text = forms.CharField(required=False, max_length=LONGEST)
