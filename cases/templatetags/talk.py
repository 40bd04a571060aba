"""So that the case page shows the messages without knowing how that is looked up."""

from __future__ import annotations

import secrets

from django import template
from django.template.context import Context
from django.utils import timezone

from cases import message_templates
from cases.models import Case
from cases.services.desk_messages import DeskTalk, desk_summary
from cases.talk_forms import WriteForm

register = template.Library()


@register.simple_tag(takes_context=True)
def talk_of(context: Context, case: Case) -> DeskTalk:
    return desk_summary(case=case, seen_by=context["user"], now=timezone.now())


@register.simple_tag
def message_templates_for(case: Case) -> list[tuple[message_templates.MessageTemplate, str]]:
    return [(one, one.in_language(case.language)) for one in message_templates.TEMPLATES]


@register.simple_tag
def new_write_form() -> WriteForm:
    """With a key of its own, so that a double click writes once."""
    return WriteForm(initial={"key": secrets.token_urlsafe(24)})
