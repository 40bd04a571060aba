"""Whatever JSON comes, a row is read or what is wrong with it is named, in words."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from accounts.intake import FIELDS, PERSONAL, BadRow, read_row
from accounts.privacy import SETTINGS
from accounts.wording import detail

TODAY = date(2026, 11, 23)
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=140),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=9), one, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from([*FIELDS, *sorted(PERSONAL), "other", "__class__"])
settings = st.dictionaries(
    st.sampled_from([*SETTINGS, "other"]), json | st.sampled_from(["friends", "nobody"])
)
rows = st.dictionaries(fields, json | settings | st.just("13_15"))


def wrong_with(raw: object) -> tuple[str, str] | None:
    try:
        read_row(raw, today=TODAY)
    except BadRow as wrong:
        return wrong.field, wrong.code
    return None


@given(json | rows)
def test_any_json_is_read_or_refused_in_words(raw: object) -> None:
    wrong = wrong_with(raw)
    assert wrong is None or (len(wrong[0]) < 80 and detail(*wrong))


@given(st.dictionaries(st.sampled_from(FIELDS), st.none()), st.sampled_from(sorted(PERSONAL)), json)
def test_nothing_personal_gets_in_whatever_stands_beside_it(
    beside: dict[str, object], field: str, value: object
) -> None:
    told = {"external_id": "a", "age_band": "13_15", **beside, field: value}
    assert wrong_with(told) == (field, "personal")
