"""What the desk writes most: short, plain, and without a word of blame. Translated into her language when it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override


@dataclass(frozen=True)
class MessageTemplate:
    slug: str
    title: str | Promise
    text: str | Promise
    # The case waits for her answer afterwards.
    asks: bool = False

    def in_language(self, language: str) -> str:
        with override(language):
            return str(self.text)


TEMPLATES = (
    MessageTemplate(
        "seen",
        _("We have read your report"),
        _(
            "Hello. A person here has read your report. You did the right thing. It is not your fault, and you are not in trouble with us. The places that take part are looking for your picture now. You can come back with your code at any time."
        ),
    ),
    MessageTemplate(
        "safe",
        _("Are you safe?"),
        _(
            "Hello. You wrote that you are in danger. Are you safe now? Please call or write to somebody on the list of people who help. They can come to you or talk with you. We can't, because we don't know who or where you are. If you want, tell us here how you are."
        ),
        asks=True,
    ),
    MessageTemplate(
        "threat",
        _("Somebody is threatening her"),
        _(
            "What they do to you is wrong, and it is a crime. It is not your fault. Please don't pay, and don't send them more. You don't have to answer them. Keep what they wrote, for the police. You can block them after that. It helps to tell one person you trust."
        ),
    ),
    MessageTemplate(
        "where",
        _("Where is the picture?"),
        _(
            "Do you know where the picture is? If you do, press “Say where the picture is” on the page of your report. A link helps most. If you don't know, that is fine too. Please never send us the picture."
        ),
        asks=True,
    ),
    MessageTemplate(
        "sign",
        _("May we sign for her?"),
        _(
            "We can write to the place that shows your picture. A law then gives it 48 hours to take it down. We sign with our name, so nobody learns yours. For this we need your tick at “May we sign for you?” on the page of your report. It is up to you."
        ),
        asks=True,
    ),
    MessageTemplate(
        "more",
        _("Are there more pictures?"),
        _(
            "Are there more pictures or videos that worry you? You can add them on the page of your report. They stay on your phone. Only their fingerprints are sent. You can do it in your own time."
        ),
        asks=True,
    ),
    MessageTemplate(
        "found",
        _("A place found a copy"),
        _(
            "There is news. A place found a copy and stopped it. It goes on looking. You see it on the page of your report. Well done for staying with it."
        ),
    ),
    MessageTemplate(
        "left",
        _("A place left it up"),
        _(
            "A place looked at what it found and left it up. We are sorry. This does not mean that you were wrong to tell. We are looking at what we can do next. You can also tell that place yourself. If you do, choose “nudity” or “under 18”."
        ),
    ),
    MessageTemplate(
        "wait",
        _("Nothing to do for now"),
        _(
            "All is in place now. There is nothing that you have to do. The places go on looking for your picture, day and night. If something new happens, write to us here."
        ),
    ),
    MessageTemplate(
        "leave_out",
        _("Please leave out names and codes"),
        _(
            "Thank you for telling us. Please leave out your name, your number, where you live, and your code. We don't need them, and you are safer without. All else is fine to write."
        ),
    ),
    MessageTemplate(
        "closing",
        _("Our work is done for now"),
        _(
            "Our work on your report is done for now. Your picture stays on the list, so the places go on looking for it. If something happens, come back with your code and write to us. We are glad that you told us."
        ),
    ),
)
BY_SLUG = {template.slug: template for template in TEMPLATES}
