"""A webhook's address is somebody else's choice: it must not become a way into this network."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.addresses import is_public
from platforms.posting import NOT_ALLOWED, Post, send
from tests.platforms.receiver import receiver, self_signed

INSIDE = (
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 - Not bound to.
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "not an address",
)


@pytest.mark.parametrize("address", INSIDE)
def test_what_lies_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_what_lies_outside_is(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_written_as_ipv6_is_judged_as_what_it_is(address: IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


@given(st.ip_addresses(v=6))
def test_nothing_outside_of_what_is_given_out_is_public(address: IPv6Address) -> None:
    assert not is_public(str(address)) or address.ipv4_mapped or int(address) >> 125 == 1


pytestmark = pytest.mark.real_servers
POST = {"headers": {"webhook-id": "msg_1"}, "body": "{}"}


def resolves_to(*addresses: str) -> object:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("1.1.1.1", "127.0.0.1"), ("::1",)])
def test_a_name_that_leads_inside_is_not_called(addresses: tuple[str, ...]) -> None:
    with receiver() as inside:
        url = inside.url.replace("127.0.0.1", "platform.example")
        outcome = send(Post(url, **POST), allowed_hosts=(), resolve=resolves_to(*addresses))  # type: ignore[arg-type]
        assert outcome.problem == NOT_ALLOWED
        assert inside.heard == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_not_called_however_it_is_written(host: str) -> None:
    with receiver() as inside:
        outcome = send(Post(inside.url.replace("127.0.0.1", host), **POST), allowed_hosts=())  # type: ignore[arg-type]
        assert outcome.problem == NOT_ALLOWED
        assert inside.heard == []


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    """A name that answers otherwise a moment later is asked once only."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        # First something public where nobody answers (TEST-NET would be refused), from then on this machine.
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with receiver() as inside:
        url = inside.url.replace("127.0.0.1", "allowed.example")
        outcome = send(Post(url, **POST), allowed_hosts={"allowed.example"}, resolve=rebinding)  # type: ignore[arg-type]
        assert outcome.status == 204
        assert asked == ["allowed.example"]
        assert inside.heard[0].headers["host"].startswith("allowed.example:")


def test_a_redirect_is_not_followed() -> None:
    with receiver() as other, receiver() as first:
        first.answers, first.location = [307], other.url
        assert send(Post(first.url, **POST), allowed_hosts={"127.0.0.1"}).status == 307  # type: ignore[arg-type]
        assert other.heard == []


def test_one_who_never_answers_is_left() -> None:
    with receiver() as silent:
        silent.is_open.clear()
        outcome = send(Post(silent.url, **POST), allowed_hosts={"127.0.0.1"}, seconds=0.3)  # type: ignore[arg-type]
        assert outcome.problem == "timeout"


def test_what_is_no_web_server_is_told_by_a_word() -> None:
    with receiver() as gone:
        url = gone.url
    assert send(Post(url, **POST), allowed_hosts={"127.0.0.1"}).problem == "connection"  # type: ignore[arg-type]


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with receiver(certificate=self_signed(tmp_path)) as impostor:
        assert send(Post(impostor.url, **POST), allowed_hosts={"127.0.0.1"}).problem == "tls"  # type: ignore[arg-type]
        assert impostor.heard == []


def test_a_name_that_leads_nowhere_is_told_by_a_word() -> None:
    nowhere = Post("http://nowhere.invalid/", **POST)  # type: ignore[arg-type]
    assert send(nowhere, allowed_hosts=()).problem == "no_such_host"
