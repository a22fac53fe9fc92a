"""Which addresses may be entered: http or https for webhooks, https for push services, nothing inside our network."""

from __future__ import annotations

from urllib.parse import urlsplit

from toancanh.jobs.outbound import safe_address
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.channels.webhook import INTERNAL

LONGEST = 500


def check_address(url: str, *, only_https: bool = False, longest: int = LONGEST) -> None:
    """Raise `Problem` 422 for an address that may not be called. It is judged again at every call."""
    host = _host(url, ("https",) if only_https else ("http", "https"), longest)
    try:
        safe_address(host, INTERNAL)
    except (OSError, UnicodeError) as error:
        raise Problem(
            "unknown-host",
            422,
            Text("Không tìm thấy máy chủ", "The server was not found"),
            Text(
                f"Không tìm thấy tên máy chủ {host}. Kiểm tra lại địa chỉ.", f"The name {host} is not known. Check the address."
            ),
        ) from error


def _host(url: str, schemes: tuple[str, ...], longest: int) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad(schemes) from None
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= longest
    if not plain or parts.scheme not in schemes or not host or parts.username is not None:
        raise _bad(schemes)
    return host


def _bad(schemes: tuple[str, ...]) -> Problem:
    shapes = ", ".join(f"{scheme}://…" for scheme in schemes)
    return Problem(
        "bad-address",
        422,
        Text("Địa chỉ không hợp lệ", "The address is not valid"),
        Text(
            f"Nhập địa chỉ đầy đủ ({shapes}), không kèm tên và mật khẩu.",
            f"Enter a whole address ({shapes}) without a name and password.",
        ),
    )
