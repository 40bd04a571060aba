"""The catalogue of settings: every value has its place, every band its advice, and the words are plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import privacy
from accounts.bands import BANDS, MINORS
from cases.tone import school_years

SETTINGS = list(privacy.SETTINGS.values())
one_setting = st.sampled_from(SETTINGS)


def test_these_are_the_settings() -> None:
    assert list(privacy.SETTINGS) == [
        "private",
        "message",
        "comment",
        "friends_list",
        "following_list",
        "tagged_posts",
        "tag_review",
        "suggestions",
        "location",
    ]


@pytest.mark.parametrize("band", BANDS)
def test_minors_are_advised_about_every_setting_and_adults_about_none(band: str) -> None:
    advised = privacy.recommended(age_band=band)
    assert set(advised) == (set(privacy.SETTINGS) if band in MINORS else set())
    assert all(privacy.SETTINGS[key].takes(value) for key, value in advised.items())


def test_no_advice_gets_weaker_with_a_younger_age() -> None:
    older = privacy.recommended(age_band="16_17")
    for band in ("under_13", "13_15"):
        younger = privacy.recommended(age_band=band)
        assert not [key for key in younger if privacy.is_weaker(key, younger[key], older[key])]


@pytest.mark.parametrize("band", sorted(MINORS))
def test_no_minor_is_advised_to_let_strangers_write(band: str) -> None:
    assert privacy.recommended(age_band=band)["message"] == "friends"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: one.key)
def test_its_words_are_for_somebody_of_eleven(setting: privacy.Setting) -> None:
    assert school_years(setting.sentence) < 5
    assert len({choice.label for choice in setting.choices}) == len(setting.choices)


@given(one_setting, st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20))
def test_only_its_own_values_are_taken(setting: privacy.Setting, value: object) -> None:
    assert setting.takes(value) == (type(value) in (bool, str) and value in setting.values)


@given(one_setting, st.data())
def test_strength_orders_the_values(setting: privacy.Setting, data: st.DataObject) -> None:
    one, other = (data.draw(st.sampled_from(setting.values)) for _ in range(2))
    weaker = privacy.is_weaker(setting.key, one, other)
    assert weaker == (setting.values.index(one) < setting.values.index(other))
    assert not (weaker and privacy.is_weaker(setting.key, other, one))


@given(st.dictionaries(st.sampled_from(list(privacy.SETTINGS)), st.integers(0, 3)), st.sampled_from(BANDS))
def test_what_is_advised_is_never_called_weak(ranks: dict[str, int], band: str) -> None:
    chosen = {
        key: privacy.SETTINGS[key].values[rank % len(privacy.SETTINGS[key].values)]
        for key, rank in ranks.items()
    }
    weak = privacy.below_recommended(settings=chosen, age_band=band, abilities=privacy.SETTINGS)
    mended = chosen | {key: privacy.recommended(age_band=band)[key] for key in weak}
    assert privacy.below_recommended(settings=mended, age_band=band, abilities=privacy.SETTINGS) == []
    assert set(weak) <= set(chosen)


def test_a_setting_that_the_platform_lacks_is_not_called_weak() -> None:
    weak = {"message": "everyone", "location": True}
    found = privacy.below_recommended(settings=weak, age_band="13_15", abilities={"location"})
    assert found == ["location"]


@pytest.mark.parametrize(
    ("before", "after", "loosens"),
    [
        ("friends", "everyone", True),
        ("everyone", "friends", False),
        ("friends", "friends", False),
        # Never told: as if it stood as advised.
        (None, "friends_of_friends", True),
        (None, "friends", False),
        (None, "nobody", False),
    ],
)
def test_what_takes_protection_away(before: object, after: object, loosens: bool) -> None:  # noqa: FBT001 - A column of the table.
    assert privacy.loosens("message", before=before, after=after, age_band="13_15") is loosens
