"""What other rooms are told of accounts."""

from __future__ import annotations

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Abilities
from accounts.services import (
    abilities,
    below_recommended,
    find_accounts,
    get_accounts,
    is_pair,
    pairs_of_adult,
    recommended,
)
from platforms.services import NewKey
from tests.accounts.makers import TOLD_AT, make_account, make_pair


def test_accounts_are_found_by_their_platforms_ids_in_one_query(
    platform: NewKey, outsider_platform: NewKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ours = [make_account(name, platform_id=platform.platform.pk) for name in ("a", "b", "ü ?#%")]
    make_account("a", platform_id=outsider_platform.platform.pk)
    with django_assert_num_queries(1):
        found = find_accounts(
            platform_id=platform.platform.pk, external_ids=["a", "b", "ü ?#%", "nobody", "A"]
        )
    assert found == {one.external_id: one for one in ours}
    with django_assert_num_queries(1):
        assert get_accounts(ids=[one.id for one in ours]) == {one.id: one for one in ours}


@pytest.mark.parametrize("name", ["", "a\x00b", "a/b", "x" * 129, "batch", "pairs", "..", "a\nb"])
def test_what_can_be_no_id_is_nobody(platform: NewKey, name: str) -> None:
    make_account("a", platform_id=platform.platform.pk)
    assert list(find_accounts(platform_id=platform.platform.pk, external_ids=[name, "a"])) == ["a"]


def test_a_pair_is_of_these_two_and_in_this_direction(platform: NewKey) -> None:
    teen, other = (make_account(name, platform_id=platform.platform.pk) for name in ("t", "o"))
    adult = make_account("p", platform_id=platform.platform.pk, age_band="21_plus")
    make_pair(teen=teen, adult=adult)
    assert pairs_of_adult(account_id=adult.id) == {teen.id}
    assert pairs_of_adult(account_id=teen.id) == frozenset()
    assert is_pair(teen_id=teen.id, adult_id=adult.id)
    assert not is_pair(teen_id=other.id, adult_id=adult.id)
    assert not is_pair(teen_id=adult.id, adult_id=teen.id)


def test_only_what_the_platform_has_is_called_weak(platform: NewKey, now: datetime) -> None:
    weak = {"message": "everyone", "location": True, "private": True}
    teen = make_account(platform_id=platform.platform.pk, settings=weak)
    assert below_recommended(teen) == []
    Abilities.objects.create(platform_id=teen.platform_id, settings=["message", "private"], said_at=now)
    assert abilities(platform_id=teen.platform_id) == {"message", "private"}
    assert below_recommended(teen) == ["message"]
    assert below_recommended(teen, among={"location"}) == ["location"]


def test_adults_are_advised_nothing(platform: NewKey) -> None:
    Abilities.objects.create(platform=platform.platform, settings=["message"], said_at=TOLD_AT)
    adult = make_account(platform_id=platform.platform.pk, age_band="18_20", settings={"message": "everyone"})
    assert recommended(age_band="18_20") == {}
    assert below_recommended(adult) == []
