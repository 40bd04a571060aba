"""Telling clients apart for a day without keeping an address.

The key and every counter live in the shared cache and nowhere else; after 24 hours both are gone.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

_KEY = "cases:client-key"
_DAY = 86_400


def bucket(request: HttpRequest) -> str:
    """A name for the client that means nothing without today's key. Neighbours in one IPv6 network share it."""
    key = cache.get_or_set(_KEY, lambda: secrets.token_hex(32), _DAY)
    return hmac.new(str(key).encode(), _network(request).encode(), hashlib.sha256).hexdigest()[:32]


def _network(request: HttpRequest) -> str:
    address = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        # The last one is what our own proxy saw; the ones before it are the client's word.
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    # A socket that speaks both tells every IPv4 client as one of a single IPv6 network.
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ipaddress.ip_network((parsed, 56 if parsed.version == 6 else 32), strict=False))
