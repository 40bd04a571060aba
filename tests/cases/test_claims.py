from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

import staff.services
from cases.errors import NobodyElse, NotYours, ReasonMissing, TakenBySomebody
from cases.models import Case, Claim
from cases.services import claims
from cases.services.claims import Standing
from cases.services.looking import look_at
from staff.services import User
from tests.cases.desk import NOW, make_case

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(minutes=11)


def test_a_case_is_theirs_for_ten_minutes(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    assert _standing(case, triager, SOON).state == "mine"
    assert _standing(case, senior, SOON).state == "theirs"
    assert _standing(case, senior, LATER) == Standing("lapsed", triager.username, NOW + timedelta(minutes=10))


def test_the_second_is_told_who_was_first_and_when(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    with pytest.raises(TakenBySomebody) as refused:
        claims.take_case(case=case, by=senior, now=SOON)

    assert (refused.value.by, refused.value.at) == (triager.username, NOW)
    assert Claim.objects.get(case=case).by == triager
    assert [row.actor for row in staff.services.audit_of(case)] == [triager]


def test_of_two_at_once_one_has_it(triager: User, senior: User, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case()
    free_for = claims._free_for

    def while_the_other_takes_it(by: User, **of: Any) -> Q:  # noqa: ARG001 - As the one in its place.
        monkeypatch.setattr(claims, "_free_for", free_for)
        claims.take_case(case=case, by=triager, now=NOW)
        # What this one had read before: nobody has it.
        return Q(pk=None)

    monkeypatch.setattr(claims, "_free_for", while_the_other_takes_it)
    with pytest.raises(TakenBySomebody) as refused:
        claims.take_case(case=case, by=senior, now=NOW)

    assert refused.value.by == triager.username


def test_activity_keeps_a_lease_and_nobody_elses(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    assert claims.renew_claim(case=case, by=triager, now=SOON)
    assert not claims.renew_claim(case=case, by=senior, now=SOON)
    assert _standing(case, triager, LATER).state == "mine"


def test_what_ran_out_is_not_renewed_and_can_be_taken(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    assert not claims.renew_claim(case=case, by=triager, now=LATER)
    claims.take_case(case=case, by=senior, now=LATER)
    assert _standing(case, triager, LATER).state == "theirs"


def test_a_hold_needs_a_reason_and_lasts_a_day_at_most(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)
    with pytest.raises(ReasonMissing):
        claims.hold_case(case=case, by=triager, hours=2, reason="  ", now=NOW)

    claims.hold_case(case=case, by=triager, hours=200, reason="waiting for the school", now=NOW)

    day = NOW + timedelta(hours=24)
    held = _standing(case, senior, day - timedelta(seconds=1))
    assert (held.state, held.because, held.until) == ("theirs", "waiting for the school", day)
    assert _standing(case, senior, day).state == "lapsed"
    # Reading the page does not stretch it, nor does holding again.
    assert not claims.renew_claim(case=case, by=triager, now=SOON)
    with pytest.raises(NotYours):
        claims.hold_case(case=case, by=triager, hours=24, reason="longer", now=SOON)


def test_taking_what_one_holds_makes_no_new_hold(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)
    claims.hold_case(case=case, by=triager, hours=24, reason="school", now=NOW)
    claims.take_case(case=case, by=triager, now=SOON)
    with pytest.raises(NotYours):
        claims.hold_case(case=case, by=triager, hours=24, reason="for ever", now=SOON)
    assert _standing(case, senior, NOW + timedelta(hours=24)).state == "lapsed"


def test_nobody_hands_a_case_to_themselves(triager: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)
    with pytest.raises(NobodyElse):
        claims.hand_over(case=case, by=triager, to=triager, now=NOW)


def test_a_case_that_is_not_theirs_is_neither_held_nor_given_back(triager: User, senior: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    with pytest.raises(NotYours):
        claims.hold_case(case=case, by=senior, hours=1, reason="mine", now=NOW)
    with pytest.raises(NotYours):
        claims.give_back(case=case, by=senior, now=NOW)
    claims.give_back(case=case, by=triager, now=NOW)
    assert _standing(case, senior, NOW).state == "free"


def test_a_case_handed_to_a_person_is_theirs(triager: User, senior: User, liaison: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    claims.hand_over(case=case, by=triager, to=senior, reason="knows the school", now=NOW)

    assert _standing(case, senior, LATER).state == "mine"
    with pytest.raises(TakenBySomebody):
        claims.take_case(case=case, by=liaison, now=LATER)
    claims.take_case(case=case, by=senior, now=LATER)


def test_a_case_handed_to_a_role_is_for_whoever_of_it_comes_first(
    triager: User, senior: User, liaison: User
) -> None:
    case = make_case()
    claims.hand_over(case=case, by=triager, role="liaison", now=NOW)

    assert _standing(case, senior, NOW).who == "liaison"
    with pytest.raises(TakenBySomebody):
        claims.take_case(case=case, by=senior, now=NOW)
    claims.take_case(case=case, by=liaison, now=NOW)
    assert _standing(case, liaison, NOW).state == "mine"


def test_nobody_hands_over_what_somebody_else_has(triager: User, senior: User, liaison: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    with pytest.raises(TakenBySomebody):
        claims.hand_over(case=case, by=senior, to=liaison, now=NOW)
    assert Claim.objects.get(case=case).by == triager


def test_colleagues_see_who_else_is_looking(triager: User, senior: User) -> None:
    case = make_case()

    assert look_at(case=case, by=triager, now=NOW) == []
    assert look_at(case=case, by=senior, now=NOW) == [triager.username]
    assert look_at(case=case, by=senior, now=NOW + timedelta(minutes=2)) == []


def _standing(case: Case, seen_by: User, at: Any) -> Standing:
    claim = Claim.objects.select_related("by").filter(case=case).first()
    return claims.standing(claim, seen_by=seen_by, now=at)
