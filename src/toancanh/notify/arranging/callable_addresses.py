"""Which addresses may be entered: http or https for webhooks, https for push services, nothing inside our network but what the
administrator allowed for the one or the other."""

from __future__ import annotations

from urllib.parse import urlsplit

from toancanh.jobs.outbound import safe_address
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify.channels import push, webhook

LONGEST = 500
LONGEST_OF_PUSH = 1000


def check_webhook(url: str) -> None:
    """Raise `Problem` 422 for an address that no webhook may have. It is judged again at every call."""
    _check(_host(url, ("http", "https"), LONGEST), webhook.INTERNAL)


def check_push_service(url: str) -> None:
    """Raise `Problem` 422 for an address that no push service may have. It is judged again at every call."""
    _check(_host(url, ("https",), LONGEST_OF_PUSH), push.INTERNAL)


def _check(host: str, setting: str) -> None:
    try:
        safe_address(host, setting)
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
