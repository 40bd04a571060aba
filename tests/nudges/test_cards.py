"""What she does with a card. Twice is once, late is said so, and nothing that became stricter is loosened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest

from accounts.errors import ChangedSince, UndoTooLate
from accounts.models import Account, SettingChange
from accounts.services import change_settings
from nudges.catalogue import Move
from nudges.errors import CardChanged, CardGone, NoSuchCard
from nudges.models import Nudge
from nudges.services import apply, dismiss, inbox, show_due, take_back
from tests.nudges.makers import (
    AFTERNOON,
    TIGHT,
    facts,
    make_listener,
    make_shown,
    make_teen,
    make_waiting,
    told,
)

pytestmark = pytest.mark.django_db
LATER = AFTERNOON + timedelta(minutes=5)
AGREED = {"message": "friends", "private": True, "comment": "friends"}


@pytest.fixture
def girl() -> Account:
    return make_teen()


def settings_of(teen: Account) -> dict[str, object]:
    return dict(facts(teen).settings)


def test_the_page_shows_what_is_and_what_becomes_and_that_she_saw_it(girl: Account) -> None:
    shown = make_shown(girl)
    card = inbox(teen=facts(girl), now=LATER).open
    assert card is not None
    assert (card.moves[0].now, card.moves[0].then) == (
        "Anyone can message you.",
        "Only friends can message you.",
    )
    assert card.becomes == AGREED
    shown.refresh_from_db()
    assert shown.seen_at == LATER
    inbox(teen=facts(girl), now=LATER + timedelta(hours=1))
    shown.refresh_from_db()
    assert shown.seen_at == LATER


def test_what_waits_is_not_in_the_inbox(girl: Account) -> None:
    make_waiting(girl)
    assert inbox(teen=facts(girl), now=LATER).open is None


def test_one_tap_does_it_and_the_platform_hears_of_it(girl: Account) -> None:
    make_listener(girl.platform_id)
    shown = make_shown(girl)
    apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    assert {key: settings_of(girl)[key] for key in AGREED} == AGREED
    changes = told(girl.platform_id, "settings.changed")[0]["changes"]
    assert {(one["setting"], one["by"]) for one in changes} == {(key, "teen") for key in AGREED}
    done = inbox(teen=facts(girl), now=LATER)
    assert done.open is None
    assert done.done[0].moves[0] == Move("message", "everyone", "friends")


def test_two_taps_are_one(girl: Account) -> None:
    shown = make_shown(girl)
    for _ in range(2):
        apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    assert SettingChange.objects.count() == 3


def test_undo_takes_all_of_it_back_and_counts_as_a_no(girl: Account) -> None:
    before = settings_of(girl)
    shown = make_shown(girl)
    apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    for _ in range(2):
        assert take_back(teen_id=girl.pk, card_id=shown.pk, now=LATER) == frozenset()
    assert settings_of(girl) == before

    again = make_waiting(girl, due_at=LATER + timedelta(days=1))
    show_due(now=LATER + timedelta(days=1))
    again.refresh_from_db()
    assert (again.state, again.due_at) == (Nudge.State.WAITING, LATER + timedelta(days=30))


def test_undo_is_there_for_thirty_days(girl: Account) -> None:
    shown = make_shown(girl)
    apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    late = LATER + timedelta(days=30)
    assert inbox(teen=facts(girl), now=late - timedelta(seconds=1)).done
    assert not inbox(teen=facts(girl), now=late).done
    with pytest.raises(UndoTooLate):
        take_back(teen_id=girl.pk, card_id=shown.pk, now=late)


def test_what_she_changed_again_since_stays(girl: Account) -> None:
    shown = make_shown(girl, settings=("message",))
    apply(teen_id=girl.pk, card_id=shown.pk, agreed={"message": "friends"}, now=LATER)
    change_settings(account_id=girl.pk, changes={"message": "nobody"}, by="teen", now=LATER)
    with pytest.raises(ChangedSince):
        take_back(teen_id=girl.pk, card_id=shown.pk, now=LATER)
    assert settings_of(girl)["message"] == "nobody"


def test_a_setting_that_became_stricter_meanwhile_is_left_alone(girl: Account) -> None:
    shown = make_shown(girl)
    change_settings(account_id=girl.pk, changes={"message": "nobody"}, by="teen", now=LATER)
    with pytest.raises(CardChanged):
        apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    rest = {"private": True, "comment": "friends"}
    card = inbox(teen=facts(girl), now=LATER).open
    assert card is not None
    assert card.becomes == rest
    apply(teen_id=girl.pk, card_id=shown.pk, agreed=rest, now=LATER)
    assert settings_of(girl)["message"] == "nobody"


def test_what_is_advised_otherwise_by_now_is_asked_again() -> None:
    """She turned sixteen between the look and the tap: friends' friends may comment now."""
    girl = make_teen()
    shown = make_shown(girl)
    Account.objects.update(age_band="16_17")
    with pytest.raises(CardChanged):
        apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    assert settings_of(girl)["comment"] == "everyone"


def test_a_card_whose_advice_was_followed_elsewhere_is_gone(girl: Account) -> None:
    shown = make_shown(girl)
    Account.objects.update(settings=dict(TIGHT))
    with pytest.raises(CardGone):
        apply(teen_id=girl.pk, card_id=shown.pk, agreed=AGREED, now=LATER)
    assert inbox(teen=facts(girl), now=LATER).open is None
    shown.refresh_from_db()
    assert shown.state == Nudge.State.EXPIRED


def test_not_now_closes_it_and_twice_is_once(girl: Account) -> None:
    shown = make_shown(girl)
    dismiss(teen_id=girl.pk, card_id=shown.pk, now=LATER)
    dismiss(teen_id=girl.pk, card_id=shown.pk, now=LATER + timedelta(days=1))
    shown.refresh_from_db()
    assert (shown.state, shown.decided_at) == (Nudge.State.DISMISSED, LATER)
    assert inbox(teen=facts(girl), now=LATER) == inbox(teen=facts(make_teen(settings=TIGHT)), now=LATER)


def test_not_now_after_yes_changes_nothing_and_yes_after_not_now_is_late(girl: Account) -> None:
    yes, no = make_shown(girl, state=Nudge.State.APPLIED), make_shown(girl, state=Nudge.State.DISMISSED)
    with pytest.raises(CardGone):
        dismiss(teen_id=girl.pk, card_id=yes.pk, now=LATER)
    with pytest.raises(CardGone):
        apply(teen_id=girl.pk, card_id=no.pk, agreed=AGREED, now=LATER)
    assert settings_of(girl)["message"] == "everyone"


@pytest.mark.parametrize("verb", [partial(apply, agreed=AGREED), dismiss, take_back])
def test_another_teens_card_is_no_card_of_hers(girl: Account, verb: Callable[..., object]) -> None:
    theirs, waiting = make_shown(make_teen()), make_waiting(girl)
    for card_id in (theirs.pk, waiting.pk, uuid4()):
        with pytest.raises(NoSuchCard):
            verb(teen_id=girl.pk, card_id=card_id, now=LATER)
    theirs.refresh_from_db()
    assert theirs.state == Nudge.State.SHOWN


def test_what_was_never_done_can_not_be_undone(girl: Account) -> None:
    shown = make_shown(girl)
    with pytest.raises(NoSuchCard):
        take_back(teen_id=girl.pk, card_id=shown.pk, now=LATER)
