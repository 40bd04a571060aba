"""So that the case page shows what leaves without knowing how that is looked up."""

from __future__ import annotations

from django import template

from cases.models import Case
from cases.services.leaving import Leaving, desk_summary

register = template.Library()


@register.simple_tag
def leaving_of(case: Case) -> Leaving:
    return desk_summary(case)
