"""What people type on members' pages, and at the desk about them."""

from __future__ import annotations

from django import forms

from accounts.services.supervision_calls import LONGEST


class CodeForm(forms.Form):
    code = forms.CharField(max_length=40)


class CallForm(forms.Form):
    text = forms.CharField(max_length=LONGEST, required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(max_length=LONGEST)


class ChangeForm(forms.Form):
    """`before` is what the page showed: who sees something else by now is shown the page again."""

    before = forms.CharField(max_length=30, required=False)
    after = forms.CharField(max_length=30)
    confirmed = forms.BooleanField(required=False)
