"""Which addresses of the network a webhook may be sent to: public ones, written plainly."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# What is given out for hosts of the internet. Outside of it lie, among others, addresses that stand for an IPv4 one.
_UNICAST = IPv6Network("2000::/3")
# 6to4 and Teredo: tunnels, with an IPv4 address inside.
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))


def is_public(text: str) -> bool:
    """Not this machine, not its neighbours, nothing reserved, whichever way it is written."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    return address in _UNICAST and not any(address in tunnel for tunnel in _TUNNELS)
