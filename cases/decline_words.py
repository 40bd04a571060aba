"""What she reads when her report is declined, for each of `policy.DECLINE_REASONS`. None accuses her."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DECLINE_SENTENCES = {
    "not_a_young_person": _(
        "We can only act on pictures of people who were under 18. Other services help adults."
    ),
    "not_intimate": _("From your answers, this isn't a picture that the platforms' rule covers."),
    "not_a_person": _("From your answers, this isn't a picture of a person."),
    "cannot_help": _("We can't act on this report. People who can help are listed on the help page."),
    "not_a_report": _("What reached us doesn't look like a report."),
}
