from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from platforms.models import Platform, PlatformKey
from platforms.services import credential, participating, with_scope
from tests.makers import make_platform

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def added(*arguments: str) -> dict[str, str]:
    printed: dict[str, str] = json.loads(run("platform_add", *arguments, "--json"))
    return printed


def scopes_of(key: str) -> set[str]:
    caller = credential(key=key, now=timezone.now())
    return set(caller.scopes) if caller else set()


def test_adding_prints_the_key_once_and_stores_its_hash() -> None:
    printed = added(
        "Loop Feed", "--scope", "feed", "--scope", "match", "--operator", "Loop Inc", "--contact", "@ts"
    )
    assert set(printed) == {"platform", "key", "stopncii", "ncmec"}
    assert printed["platform"] == "loop-feed"
    assert scopes_of(printed["key"]) == {"feed", "match"}
    platform = Platform.objects.get(slug="loop-feed")
    assert (platform.operator, platform.contact) == ("Loop Inc", "@ts")


def test_a_platform_is_its_own_operator_unless_another_is_named() -> None:
    added("Loopfeed", "--scope", "feed", "--agreed-on", "2026-01-02", "--expires-on", "2999-01-02")
    platform = Platform.objects.get()
    assert platform.operator == "Loopfeed"
    assert (platform.agreed_on, platform.expires_on) == (date(2026, 1, 2), date(2999, 1, 2))


def test_a_person_is_told_that_the_key_is_shown_once() -> None:
    printed = run("platform_add", "Loopfeed", "--scope", "feed")
    assert "shown this once" in printed


@pytest.mark.parametrize("again", ["Loopfeed", "loopfeed", "LOOP feed!"])
def test_a_name_that_takes_part_already_is_refused_with_what_to_do(again: str) -> None:
    added("Loopfeed", "--scope", "feed")
    added("Loop feed", "--scope", "feed")
    with pytest.raises(CommandError, match="platform_rotate"):
        run("platform_add", again, "--scope", "feed")
    assert PlatformKey.objects.count() == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("Loopfeed",),
        ("Loopfeed", "--scope", "everything"),
        ("Loopfeed", "--scope", "feed", "--expires-on", "soon"),
        ("!!!", "--scope", "feed"),
        ("Loopfeed", "--scope", "feed", "--expires-on", "2026-01-01"),
        ("Loopfeed", "--scope", "feed", "--agreed-on", "2999-02-01", "--expires-on", "2999-01-01"),
        ("Loopfeed", "--scope", "feed", "--acts", "sometimes"),
        ("Loopfeed", "--scope", "feed", "--report-url", "loopfeed"),
        ("Loopfeed", "--scope", "feed", "--report-url", "javascript:alert(1)"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run("platform_add", *arguments)
    assert not Platform.objects.exists()


def test_rotating_gives_the_same_scopes_and_the_old_key_a_day() -> None:
    old = added("Loopfeed", "--scope", "feed", "--scope", "match")["key"]
    new = json.loads(run("platform_rotate", "loopfeed", "--json"))
    assert new["platform"] == "loopfeed"
    assert scopes_of(new["key"]) == scopes_of(old) == {"feed", "match"}
    assert credential(key=old, now=timezone.now() + timedelta(hours=23, minutes=59)) is not None
    assert credential(key=old, now=timezone.now() + timedelta(hours=24, minutes=1)) is None
    assert credential(key=new["key"], now=timezone.now() + timedelta(days=400)) is not None


def test_a_platform_that_takes_part_already_may_do_more_by_a_new_key() -> None:
    old = added("Loopfeed", "--scope", "feed")["key"]
    new = json.loads(run("platform_rotate", "loopfeed", "--scope", "safety", "--json"))["key"]
    assert (scopes_of(old), scopes_of(new)) == ({"feed"}, {"feed", "safety"})
    again = json.loads(run("platform_rotate", "loopfeed", "--json"))["key"]
    assert scopes_of(again) == {"feed", "safety"}


def test_rotating_without_overlap_ends_the_old_key_now() -> None:
    old = added("Loopfeed", "--scope", "feed")["key"]
    run("platform_rotate", "loopfeed", "--overlap-hours", "0")
    assert scopes_of(old) == set()


def test_a_second_rotation_does_not_prolong_the_first_key() -> None:
    old = added("Loopfeed", "--scope", "feed")["key"]
    run("platform_rotate", "loopfeed", "--overlap-hours", "1")
    run("platform_rotate", "loopfeed", "--overlap-hours", "48")
    assert credential(key=old, now=timezone.now() + timedelta(hours=2)) is None


def test_a_platform_whose_keys_were_all_revoked_gets_a_new_one_by_rotating() -> None:
    leaked = added("Loopfeed", "--scope", "feed")["key"]
    run("platform_revoke", "loopfeed")
    new = json.loads(run("platform_rotate", "loopfeed", "--json"))["key"]
    assert (scopes_of(leaked), scopes_of(new)) == (set(), {"feed"})


def test_revoking_by_prefix_leaves_the_other_key() -> None:
    old = added("Loopfeed", "--scope", "feed")["key"]
    new = json.loads(run("platform_rotate", "loopfeed", "--json"))["key"]
    assert "revoked: 1" in run("platform_revoke", "loopfeed", "--prefix", old.partition(".")[0])
    assert (scopes_of(old), scopes_of(new)) == (set(), {"feed"})


@pytest.mark.parametrize(
    "arguments",
    [
        ("platform_rotate", "nobody"),
        ("platform_revoke", "nobody"),
        ("platform_end", "nobody"),
        ("platform_rotate", "loopfeed", "--expires-on", "2026-01-01"),
        ("platform_revoke", "loopfeed", "--prefix", "wrong"),
        ("platform_rotate", "loopfeed", "--overlap-hours", "-1"),
        ("platform_rotate", "loopfeed", "--overlap-hours", "nan"),
    ],
)
def test_an_unknown_platform_or_key_is_a_clear_error(arguments: tuple[str, ...]) -> None:
    make_platform("Loopfeed")
    with pytest.raises(CommandError):
        run(*arguments)
    assert PlatformKey.objects.filter(revoked=False, expiry_date=None).count() == 1


def test_the_list_shows_states_and_never_a_key() -> None:
    key = added("Loopfeed", "--scope", "feed")["key"]
    run("platform_rotate", "loopfeed")
    run("platform_revoke", "loopfeed", "--prefix", key.partition(".")[0])
    Platform.objects.create(name="Keyless", slug="keyless", operator="Keyless")
    shown = json.loads(run("platform_list", "--json"))
    assert [(one["platform"], one["state"]) for one in shown] == [
        ("keyless", "none"),
        ("loopfeed", "valid"),
        ("loopfeed", "revoked"),
    ]
    assert key.partition(".")[2] not in run("platform_list") + str(shown)


def test_what_a_platform_does_and_where_it_takes_reports_itself_can_be_said() -> None:
    added(
        "Loopfeed",
        "--scope",
        "feed",
        "--acts",
        "public_only",
        "--report-url",
        "https://loopfeed.example/report",
    )
    platform = Platform.objects.get()
    assert (platform.acts, platform.own_report_url) == ("public_only", "https://loopfeed.example/report")
    added("Other", "--scope", "feed")
    assert Platform.objects.get(slug="other").acts == "fingerprints"


def test_an_ended_platform_takes_part_no_more_and_its_keys_open_nothing() -> None:
    key = added("Loopfeed", "--scope", "feed")["key"]
    assert scopes_of(key) == {"feed"}
    assert "1" in run("platform_end", "loopfeed")
    today = timezone.now().date()
    assert scopes_of(key) == set()
    assert participating(on=today) == []
    assert with_scope(scopes=("feed",), on=today) == []
    assert states() == [("loopfeed", "ended", None)]
    with pytest.raises(CommandError, match="--expires-on"):
        run("platform_rotate", "loopfeed")


def test_a_new_agreement_lets_an_ended_platform_in_again() -> None:
    old = added("Loopfeed", "--scope", "feed")["key"]
    run("platform_end", "loopfeed")
    new = json.loads(run("platform_rotate", "loopfeed", "--expires-on", "2999-11-01", "--json"))["key"]
    assert (scopes_of(old), scopes_of(new)) == (set(), {"feed"})
    assert Platform.objects.get().expires_on == date(2999, 11, 1)


def test_a_key_is_not_rotated_while_the_agreement_is_over() -> None:
    added("Loopfeed", "--scope", "feed")
    Platform.objects.update(expires_on=timezone.now().date() - timedelta(days=1))
    with pytest.raises(CommandError, match=r"ended on .* --expires-on"):
        run("platform_rotate", "loopfeed")
    assert PlatformKey.objects.count() == 1
    new = json.loads(run("platform_rotate", "loopfeed", "--expires-on", "2999-11-01", "--json"))["key"]
    assert scopes_of(new) == {"feed"}


def test_the_last_day_of_an_agreement_is_a_day_of_it() -> None:
    today = timezone.now().date().isoformat()
    assert scopes_of(added("Loopfeed", "--scope", "feed", "--expires-on", today)["key"]) == {"feed"}


def test_the_list_says_until_when_a_key_is_good_and_what_ended_it() -> None:
    added("Agreed", "--scope", "feed", "--expires-on", "2999-11-01")
    added("Lapsed", "--scope", "feed")
    Platform.objects.filter(slug="lapsed").update(expires_on=date(2026, 1, 31))
    added("Coming", "--scope", "feed", "--agreed-on", "2999-01-01")
    added("Rotated", "--scope", "feed")
    run("platform_rotate", "rotated", "--overlap-hours", "0")
    run(
        "platform_revoke",
        "rotated",
        "--prefix",
        PlatformKey.objects.get(platform__slug="rotated", expiry_date=None).prefix,
    )
    shown = states()
    assert shown[:3] == [
        ("agreed", "valid", "2999-11-01"),
        ("coming", "not_begun", None),
        ("lapsed", "expired", "2026-01-31"),
    ]
    assert [state for _, state, _ in shown[3:]] == ["revoked", "expired"]
    revoked = next(line for line in run("platform_list").splitlines() if "revoked" in line)
    assert "until" not in revoked


def states() -> list[tuple[str, str, str | None]]:
    return [
        (one["platform"], one["state"], one["until"]) for one in json.loads(run("platform_list", "--json"))
    ]


@pytest.mark.parametrize("word", ["tomorrow", "01.11.2027"])
def test_what_is_no_date_is_told_how_one_looks(word: str) -> None:
    with pytest.raises(CommandError, match="a date such as 2027-11-01"):
        run("platform_add", "Loopfeed", "--scope", "feed", "--expires-on", word)


def test_who_participates_and_with_what() -> None:
    today = date(2026, 11, 23)
    make_platform("Reader", scopes=("feed",))
    make_platform("Asker", scopes=("match",))
    make_platform("Lapsed", scopes=("feed",))
    Platform.objects.filter(name="Lapsed").update(expires_on=today - timedelta(days=1))
    Platform.objects.filter(name="Asker").update(expires_on=today)
    assert [platform.name for platform in participating(on=today)] == ["Asker", "Reader"]
    reading = with_scope(scopes=("feed",), on=today)
    assert [(one.platform.name, set(one.scopes)) for one in reading] == [("Reader", {"feed"})]
    assert len(with_scope(scopes=("feed", "match"), on=today)) == 2
