from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hashes.models import Concern
from hashes.services.concerns import URGENCY


class QueueFilter(forms.Form):
    """It is kept in the address, so that it can be shared."""

    kind = forms.ChoiceField(
        choices=[("", _("All")), *((kind.value, Concern.Kind(kind).label) for kind in URGENCY)],
        required=False,
        label=_("Why"),
    )


class Seen(forms.Form):
    """The newest concern that the page showed."""

    seen = forms.IntegerField(min_value=0, max_value=2**63 - 1)


class Why(forms.Form):
    why = forms.CharField(
        max_length=300, label=_("Why should it be back on the list?"), widget=forms.TextInput()
    )
