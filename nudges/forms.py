"""What pages send, as values."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from nudges.services import Browser


class AgreedForm(forms.Form):
    """The settings as she was shown that they would become."""

    agreed = forms.CharField(max_length=2_000)

    def clean_agreed(self) -> dict[str, Any]:
        try:
            agreed = json.loads(self.cleaned_data["agreed"])
        except ValueError:
            raise forms.ValidationError("no JSON") from None
        if not isinstance(agreed, dict):
            raise forms.ValidationError("no object")
        return agreed


class BrowserForm(forms.Form):
    endpoint = forms.CharField(max_length=2_000, strip=False)
    p256dh = forms.CharField(max_length=128)
    auth = forms.CharField(max_length=64)

    def browser(self) -> Browser:
        return Browser(**self.cleaned_data)


class EndpointForm(forms.Form):
    endpoint = forms.CharField(max_length=2_000, strip=False)
