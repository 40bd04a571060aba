from __future__ import annotations

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from staff.models import User
from staff.services.auditing import Sought


class AuditSearch(forms.Form):
    """What the auditor looks for; empty finds everything. It is kept in the address, so that it can be shared."""

    who = forms.ModelChoiceField(
        User.objects.order_by("username"),
        to_field_name="username",
        required=False,
        label=_("Who"),
        empty_label=_("Everybody"),
    )
    act = forms.CharField(max_length=60, required=False, label=_("What"))
    on = forms.CharField(max_length=64, required=False, label=_("On what"))
    first = forms.DateField(
        required=False, label=_("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        required=False, label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    before = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and first > last:
            raise ValidationError(_("The last day lies before the first."))
        return cleaned

    def sought(self) -> Sought:
        cleaned = self.cleaned_data
        return Sought(
            actor=cleaned["who"],
            act=cleaned["act"],
            on=cleaned["on"],
            first_day=cleaned["first"],
            last_day=cleaned["last"],
            before=cleaned["before"],
        )

    def kept(self) -> dict[str, object]:
        """The search as it stands in the address, without the cursor."""
        asked = {name: self.data.get(name, "") for name in self.fields if name != "before"}
        return {name: value for name, value in asked.items() if value}


class RoleChoice(forms.Form):
    role = forms.ChoiceField(choices=User.Role.choices, required=False, label=_("Role"))


class NewPerson(RoleChoice):
    username = forms.CharField(
        max_length=150, label=_("Name"), validators=[UnicodeUsernameValidator()], strip=True
    )
    field_order = ("username", "role")
