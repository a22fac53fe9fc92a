"""Which addresses the centre may call: public ones, and those inside that the administrator allowed in the environment.

A setting lists host names and networks, for example "10.10.0.0/16,gateway.local". The address is looked up once, judged, and the
connection goes to that very address, so that a name cannot point somewhere else a moment later.
"""

from __future__ import annotations

import ipaddress
import os
import socket

import httpx

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


def safe_address(host: str, setting: str) -> str:
    """An address of `host` that may be called. Raises `Problem` 422 for a forbidden one, OSError when the name is unknown."""
    found = [ipaddress.ip_address(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    names, networks = _allowed(setting)
    for address in found:
        if host.lower() in names or _is_safe(address, networks):
            return str(address)
    raise Problem(
        "forbidden-address",
        422,
        Text("Địa chỉ không được phép", "Address not allowed"),
        Text(
            f"Địa chỉ {host} nằm trong mạng nội bộ chưa được phép. Quản trị hệ thống thêm vào {setting}.",
            f"The address {host} lies in a private network that is not allowed. The administrator can add it to {setting}.",
        ),
    )


def _allowed(setting: str) -> tuple[set[str], list[_Network]]:
    names: set[str] = set()
    networks: list[_Network] = []
    for each in filter(None, (part.strip() for part in os.environ.get(setting, "").split(","))):
        try:
            networks.append(ipaddress.ip_network(each, strict=False))
        except ValueError:
            names.add(each.lower())
    return names, networks


def _meant(address: _Address) -> _Address:
    """The IPv4 address that one of IPv6 stands for (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_safe(address: _Address, networks: list[_Network]) -> bool:
    judged = _meant(address)
    return (judged.is_global and not judged.is_multicast) or any(
        judged in network for network in networks if network.version == judged.version
    )


class GuardedTransport(httpx.BaseTransport):
    """Sends each request, redirected ones too, to an address that was judged safe by the allowance named `setting`."""

    def __init__(self, setting: str, inner: httpx.BaseTransport | None = None) -> None:
        self.setting = setting
        self.inner = inner or httpx.HTTPTransport(retries=1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As `httpx`, but to the judged address; the name stays in the Host header and in the TLS handshake."""
        host = request.url.host
        sent = httpx.Request(  # a request of its own: redirects are reckoned from the name that was asked
            request.method,
            request.url.copy_with(host=safe_address(host, self.setting)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self.inner.handle_request(sent)

    def close(self) -> None:
        self.inner.close()
