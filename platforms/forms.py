from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from platforms.models import WebhookDelivery
from platforms.services import EVENTS


class LogFilter(forms.Form):
    """Which deliveries the desk looks at; empty shows all. It is kept in the address, so that it can be shared."""

    state = forms.ChoiceField(
        choices=[
            ("", _("All")),
            (WebhookDelivery.State.WAITING, _("Waiting")),
            (WebhookDelivery.State.DELIVERED, _("Delivered")),
            (WebhookDelivery.State.GIVEN_UP, _("Not delivered")),
        ],
        required=False,
        label=_("State"),
    )
    event = forms.ChoiceField(
        choices=[("", _("All")), *((one, one) for one in EVENTS)], required=False, label=_("Event")
    )
    before = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def kept(self) -> dict[str, object]:
        """The filter as it stands in the address, without the cursor."""
        return {name: self.data[name] for name in ("state", "event") if self.data.get(name)}


class Since(forms.Form):
    since = forms.DateTimeField(
        label=_("Since (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
