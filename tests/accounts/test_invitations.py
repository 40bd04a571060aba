"""Supervision begins when both want it: a code in person, and in the end the teen's yes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import invitation_code
from accounts.errors import CodeNotTaken, SupervisionMovedOn, TooManyTries, TwoGuardiansAlready
from accounts.models import Supervision
from accounts.services import AccountFacts, supervision
from accounts.services import supervision_invitations as invitations
from platforms.services import NewKey
from tests.accounts.supervising import grow_up, make_guardian, make_teen, supervise

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=platform.platform.pk)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=platform.platform.pk)


def code_from(inviter: AccountFacts, now: datetime) -> str:
    return invitations.code_of(invitations.invite(account_id=inviter.id, now=now))


def test_a_guardian_invites_and_the_teen_says_yes(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    taken = invitations.take_code(account_id=mia.id, text=code_from(dad, now), now=now)
    assert not supervision.is_supervised(account_id=mia.id)

    invitations.agree(supervision_id=taken.pk, teen_id=mia.id, now=now + HOUR)

    begun = Supervision.objects.get()
    assert (begun.teen_id, begun.guardian_id, begun.began_at) == (mia.id, dad.id, now + HOUR)
    assert supervision.is_supervised(account_id=mia.id)


def test_a_teen_invites_and_still_has_to_say_yes(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    taken = invitations.take_code(account_id=dad.id, text=code_from(mia, now), now=now)
    assert not supervision.is_supervised(account_id=mia.id)
    assert [one.pk for one in invitations.unanswered(teen_id=mia.id, now=now)] == [taken.pk]

    invitations.agree(supervision_id=taken.pk, teen_id=mia.id, now=now)
    assert supervision.is_supervised(account_id=mia.id)


def test_a_second_tap_on_yes_changes_nothing(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    begun = supervise(mia, dad, now=now)
    invitations.agree(supervision_id=begun.pk, teen_id=mia.id, now=now + HOUR)
    assert Supervision.objects.get().began_at == now


def test_a_second_tap_makes_no_second_code(dad: AccountFacts, now: datetime) -> None:
    assert code_from(dad, now) == code_from(dad, now + HOUR)
    assert Supervision.objects.count() == 1


def test_the_code_is_kept_as_a_digest_only(dad: AccountFacts, now: datetime) -> None:
    symbols = code_from(dad, now).replace("-", "")
    row = Supervision.objects.values().get()
    assert len(row["code_digest"]) == 64
    assert all(symbols not in str(value) for value in row.values())


def test_a_code_works_once(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    code = code_from(dad, now)
    other = make_teen("noa", platform_id=mia.platform_id)
    invitations.take_code(account_id=mia.id, text=code, now=now)
    with pytest.raises(CodeNotTaken):
        invitations.take_code(account_id=other.id, text=code, now=now)


def test_the_second_of_two_taps_on_a_code_is_the_first(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    code = code_from(dad, now)
    first = invitations.take_code(account_id=mia.id, text=code, now=now)
    assert invitations.take_code(account_id=mia.id, text=code, now=now).pk == first.pk


def test_a_code_ends_after_two_days(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    code = code_from(dad, now)
    with pytest.raises(CodeNotTaken):
        invitations.take_code(account_id=mia.id, text=code, now=now + 48 * HOUR)


def test_an_answer_ends_two_days_after_the_code_was_typed(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    taken = invitations.take_code(account_id=mia.id, text=code_from(dad, now), now=now + 47 * HOUR)
    with pytest.raises(SupervisionMovedOn):
        invitations.agree(supervision_id=taken.pk, teen_id=mia.id, now=now + 95 * HOUR)
    invitations.agree(supervision_id=taken.pk, teen_id=mia.id, now=now + 94 * HOUR)
    assert supervision.is_supervised(account_id=mia.id)


def test_nobody_of_the_same_side_can_use_a_code(dad: AccountFacts, mia: AccountFacts, now: datetime) -> None:
    mum = make_guardian("mum", platform_id=dad.platform_id)
    noa = make_teen("noa", platform_id=mia.platform_id)
    for inviter, taker in ((dad, mum), (dad, dad), (mia, noa)):
        with pytest.raises(CodeNotTaken):
            invitations.take_code(account_id=taker.id, text=code_from(inviter, now), now=now)


def test_another_platforms_code_is_no_code(
    mia: AccountFacts, outsider_platform: NewKey, now: datetime
) -> None:
    stranger = make_guardian("dad", platform_id=outsider_platform.platform.pk)
    with pytest.raises(CodeNotTaken):
        invitations.take_code(account_id=mia.id, text=code_from(stranger, now), now=now)


@pytest.mark.parametrize("text", ["", "AAAA-AAAA", "0000", "UUUU-UUUU", "x" * 40, "\x00"])
def test_what_is_no_code_is_told_as_any_wrong_code(mia: AccountFacts, now: datetime, text: str) -> None:
    with pytest.raises(CodeNotTaken):
        invitations.take_code(account_id=mia.id, text=text, now=now)


def test_guessing_is_limited_for_each_account(mia: AccountFacts, dad: AccountFacts) -> None:
    for _ in range(invitations.TRIES_AN_HOUR):
        invitations.note_try(account_id=mia.id)
    with pytest.raises(TooManyTries):
        invitations.note_try(account_id=mia.id)
    invitations.note_try(account_id=dad.id)


def test_a_no_looks_to_the_guardian_like_no_answer_yet(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    code = code_from(dad, now)
    before = invitations.invitation_of(account_id=dad.id, now=now)
    taken = invitations.take_code(account_id=mia.id, text=code, now=now)
    invitations.decline(supervision_id=taken.pk, teen_id=mia.id, now=now)
    after = invitations.invitation_of(account_id=dad.id, now=now + HOUR)

    assert before is not None
    assert after is not None
    assert (after.pk, invitations.code_of(after), after.invited_at) == (before.pk, code, before.invited_at)
    assert invitations.invitation_of(account_id=dad.id, now=now + 48 * HOUR) is None


def test_a_no_to_a_typed_code_looks_like_no_answer_yet(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    code = code_from(mia, now)
    taken = invitations.take_code(account_id=dad.id, text=code, now=now)
    invitations.decline(supervision_id=taken.pk, teen_id=mia.id, now=now)
    # Typing it again tells nothing either.
    assert invitations.take_code(account_id=dad.id, text=code, now=now).pk == taken.pk
    assert invitations.waiting_for_teen(guardian_id=dad.id, now=now).exists()
    assert not invitations.waiting_for_teen(guardian_id=dad.id, now=now + 48 * HOUR).exists()


def test_after_a_no_there_is_no_yes(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    taken = invitations.take_code(account_id=mia.id, text=code_from(dad, now), now=now)
    for _tap in range(2):
        invitations.decline(supervision_id=taken.pk, teen_id=mia.id, now=now)
    with pytest.raises(SupervisionMovedOn):
        invitations.agree(supervision_id=taken.pk, teen_id=mia.id, now=now)


def test_after_her_no_a_code_works_no_more_for_her(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    code = code_from(dad, now)
    taken = invitations.take_code(account_id=mia.id, text=code, now=now)
    invitations.decline(supervision_id=taken.pk, teen_id=mia.id, now=now)
    with pytest.raises(CodeNotTaken):
        invitations.take_code(account_id=mia.id, text=code, now=now)


def test_after_a_yes_there_is_no_no(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    begun = supervise(mia, dad, now=now)
    with pytest.raises(SupervisionMovedOn):
        invitations.decline(supervision_id=begun.pk, teen_id=mia.id, now=now)


def test_nobody_else_answers_for_her(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    noa = make_teen("noa", platform_id=mia.platform_id)
    taken = invitations.take_code(account_id=mia.id, text=code_from(dad, now), now=now)
    for other in (noa, dad):
        with pytest.raises(SupervisionMovedOn):
            invitations.agree(supervision_id=taken.pk, teen_id=other.id, now=now)
        with pytest.raises(SupervisionMovedOn):
            invitations.decline(supervision_id=taken.pk, teen_id=other.id, now=now)
    assert not supervision.is_supervised(account_id=mia.id)


def test_a_third_guardian_is_one_too_many(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    supervise(mia, dad, now=now)
    supervise(mia, make_guardian("mum", platform_id=mia.platform_id), now=now)
    with pytest.raises(TwoGuardiansAlready):
        supervise(mia, make_guardian("uncle", platform_id=mia.platform_id), now=now)
    with pytest.raises(TwoGuardiansAlready):
        invitations.invite(account_id=mia.id, now=now)


def test_the_same_guardian_counts_once(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    supervise(mia, dad, now=now)
    supervise(mia, dad, now=now + HOUR)
    assert Supervision.objects.filter(state="active").count() == 1


def test_who_grew_up_meanwhile_is_not_supervised(mia: AccountFacts, dad: AccountFacts, now: datetime) -> None:
    taken = invitations.take_code(account_id=mia.id, text=code_from(dad, now), now=now)
    grow_up(mia, "18_20")
    with pytest.raises(SupervisionMovedOn):
        invitations.agree(supervision_id=taken.pk, teen_id=mia.id, now=now)


@given(st.binary(min_size=5, max_size=32))
def test_every_code_is_read_as_it_was_shown(random: bytes) -> None:
    symbols = invitation_code.from_bytes(random)
    shown = invitation_code.shown(symbols)
    typed = shown.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert invitation_code.meant(shown) == invitation_code.meant(typed) == symbols


@given(st.text())
def test_what_is_meant_is_eight_symbols_or_nothing(text: str) -> None:
    meant = invitation_code.meant(text)
    assert meant is None or (len(meant) == 8 and set(meant) <= set(invitation_code.ALPHABET))
