"""What the rules found in sentences: for a reviewer in full, for the adult by kind only, and what nobody could know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.bands import is_minor
from safety.facts import Case, Person

Facts = Mapping[str, float]

# What an adult is told: never a rule, a person, a message or a time. A report is no kind of its own, or he would know
# that there was one.
CONTACT, EARLIER_ACCOUNT = "contact_with_younger_people", "earlier_account"
# Below this share a thing counts as untold.
_HARDLY = 0.5


def sentence(rule: str, facts: Facts) -> str:
    """What a rule found, for somebody who has to judge it."""
    return _SENTENCES[rule]({name: f"{value:g}" for name, value in facts.items()}, facts)


def category(rule: str) -> str:
    return EARLIER_ACCOUNT if rule == "R8" else CONTACT


def category_sentence(key: str) -> str:
    """For the adult, who may be a child that gave a wrong age."""
    if key == EARLIER_ACCOUNT:
        return _("This account seems to belong with an account that had to be closed before.")
    return _("It is about how this account gets in touch with younger people.")


def missing(case: Case) -> list[str]:
    """What the platform did not tell, so that a reviewer doesn't take silence for innocence, nor for guilt."""
    return list(_missing(case))


def _missing(case: Case) -> Iterator[str]:
    subject = case.people[case.subject]
    minors = [one for name, one in case.people.items() if name != case.subject and is_minor(one.age_band)]
    turned_to = [one for one in case.happenings if one.actor == case.subject and one.target is not None]
    if subject.joined_on is None:
        yield _("We were not told how old this account is.")
    if turned_to and _hardly(one.mutuals is not None for one in turned_to):
        yield _("For most contacts we were not told how many friends the two share.")
    if turned_to and not any(one.labels for one in turned_to):
        yield _("The platform sent no labels about what was written. Nobody here has read a message.")
    yield from _missing_of_minors(minors)
    yield _(
        "Ages are what each account told the platform. This adult may be a child, and some of the adults too."
    )


def _missing_of_minors(minors: list[Person]) -> Iterator[str]:
    if not minors:
        return
    if _hardly(bool(one.community) for one in minors):
        yield _("For most of the young people we were not told to which group they belong.")
    if _hardly(bool(one.device_cluster) for one in minors):
        yield _(
            "We were not told which accounts share a device, so one person may have spoken several times."
        )
    if _hardly(one.joined_on is not None for one in minors):
        yield _("For most of the young people we were not told how old their accounts are.")


def _hardly(told: Iterator[bool]) -> bool:
    answers = list(told)
    return sum(answers) < _HARDLY * len(answers)


def _complaints(told: Mapping[str, str], facts: Facts) -> str:
    who = ngettext(
        "%(minors)s young person blocked or reported this account in the last %(days)s days.",
        "%(minors)s young people blocked or reported this account in the last %(days)s days.",
        round(facts["minors"]),
    )
    how = _(
        "Reports: %(reports)s; blocks only: %(blocks)s. It had got in touch first with %(began)s of them, had answered"
        " %(answered)s, and had never written to %(nothing)s. In that time it wrote to %(reached)s young people in all."
    )
    return f"{who} {how}" % told


def _velocity(told: Mapping[str, str], facts: Facts) -> str:
    return (
        ngettext(
            "It turned to about %(minors)s young stranger within %(days)s days.",
            "It turned to about %(minors)s young strangers within %(days)s days.",
            round(facts["minors"]),
        )
        % told
    )


def _plain(text: Callable[[], str]) -> Callable[[Mapping[str, str], Facts], str]:
    return lambda told, _facts: text() % told


# Whole sentences, looked up when they are asked for, so that they come in the reader's language.
_SENTENCES: Mapping[str, Callable[[Mapping[str, str], Facts], str]] = {
    "R1": _complaints,
    "R2": _velocity,
    "R3": _plain(
        lambda: _("Few answer: %(answered)s of %(minors)s young people whom it turned to in %(days)s days.")
    ),
    "R4": _plain(
        lambda: _(
            "The young people whom it turned to have little to do with each other: %(minors)s of them come from"
            " %(groups)s groups."
        )
    ),
    "R12": _plain(
        lambda: _(
            "It turned to several young strangers of one group that it does not belong to. Such groups: %(groups)s."
        )
    ),
    "R5": _plain(
        lambda: _("It shares no friend with %(without)s of the %(minors)s young people whom it turned to.")
    ),
    "R6": _plain(lambda: _("The account is new. Days since it was made: %(age)s.")),
    "R7": _plain(
        lambda: _("%(elsewhere)s of %(minors)s young people whom it turned to live in another region.")
    ),
    "R11": _plain(
        lambda: _("That is a large share: %(minors)s of %(reached)s young people whom it wrote to objected.")
    ),
    "R8": _plain(lambda: _("It shares a device with an account that a person sanctioned before.")),
    "R10": _plain(
        lambda: _(
            "The platform marked its messages to %(minors)s young people as asking for secrecy, pictures, gift cards or"
            " another app."
        )
    ),
}
