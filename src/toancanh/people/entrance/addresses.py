"""Where a request comes from, as far as it can be trusted."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address. A forwarded address is believed only from a proxy named in settings.TRUSTED_PROXIES (networks)."""
    direct = request.META.get("REMOTE_ADDR", "")
    if not _trusted(direct):
        return direct
    hops = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()]
    return next((hop for hop in reversed(hops) if _valid(hop) and not _trusted(hop)), direct)


def neighbourhood(address: str) -> str:
    """What the rate limit counts by: an IPv4 address, or the /64 network of an IPv6 one (one home or office)."""
    if not _valid(address):
        return address[:64]
    parsed = _parsed(address)
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def _trusted(address: str) -> bool:
    return _valid(address) and any(_parsed(address) in ip_network(each) for each in getattr(settings, "TRUSTED_PROXIES", ()))


def _parsed(address: str) -> IPv4Address | IPv6Address:
    """An IPv4 address that came over an IPv6 socket (::ffff:192.0.2.1) is itself, not one of a network of all of them."""
    parsed = ip_address(address)
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _valid(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True
