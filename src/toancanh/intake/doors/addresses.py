"""Which addresses the centre may fetch from: public ones, and private networks that the administrator allowed.

TOANCANH_PULL_NETWORKS lists allowed private networks, for example "10.10.0.0/16,127.0.0.1/32". The address is looked up once,
judged,
and the connection goes to that very address, so that a name cannot point somewhere else a moment later.
"""

from __future__ import annotations

import ipaddress
import os
import socket

import httpx

from toancanh.intake.checking.refused import refuse_whole

SETTING = "TOANCANH_PULL_NETWORKS"
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def allowed_networks() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The private networks that may be fetched from."""
    return [ipaddress.ip_network(text.strip(), strict=False) for text in os.environ.get(SETTING, "").split(",") if text.strip()]


def safe_address(host: str) -> str:
    """An address of `host` that may be fetched from. Raises `Problem` 422 for a forbidden one, OSError when the name is
    unknown."""
    found = [ipaddress.ip_address(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    networks = allowed_networks()
    for address in found:
        if _is_safe(address, networks):
            return str(address)
    raise refuse_whole(
        "forbidden-address",
        f"Địa chỉ {host} nằm trong mạng nội bộ chưa được phép. Quản trị hệ thống thêm mạng đó vào {SETTING}.",
        f"The address {host} lies in a private network that is not allowed. The administrator can add it to {SETTING}.",
    )


def _is_safe(address: _Address, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    judged = mapped or address
    return (judged.is_global and not judged.is_multicast) or any(
        judged in network for network in networks if network.version == judged.version
    )


class GuardedTransport(httpx.BaseTransport):
    """Sends each request, redirected ones too, to an address that was judged safe."""

    def __init__(self, inner: httpx.BaseTransport | None = None) -> None:
        self.inner = inner or httpx.HTTPTransport(retries=1)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As `httpx`, but to the judged address; the name stays in the Host header and in the TLS handshake."""
        host = request.url.host
        sent = httpx.Request(  # a request of its own: redirects are reckoned from the name that was asked
            request.method, request.url.copy_with(host=safe_address(host)), headers=request.headers, stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self.inner.handle_request(sent)

    def close(self) -> None:
        self.inner.close()
