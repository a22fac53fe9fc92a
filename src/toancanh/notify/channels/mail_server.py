"""Which mail server the centre sends through, from the environment.

TOANCANH_SMTP       smtp://user:password@host:port?tls=starttls (default), ?tls=none for a server on the same machine; or
                    smtps://user:password@host:port. Without it nobody gets e-mail.
TOANCANH_MAIL_FROM  the sender, e.g. toancanh@tinh.gov.vn (default: toancanh@ and the server's name)
TOANCANH_URL        the centre's own address, put before the links in what leaves it: https://ioc.tinh.gov.vn
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class MailServer:
    """One mail server. `tls`: "starttls", "tls" (from the first byte) or "none"."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str


def is_set() -> bool:
    """Whether the centre has a mail server, well written or not: what cannot be sent yet waits."""
    return bool(os.environ.get("TOANCANH_SMTP"))


def sender() -> str:
    """Who letters come from, and whom a push service may write to."""
    server = configured() if is_set() else None
    return server.sender if server else "toancanh@localhost"


def configured() -> MailServer | None:
    """The centre's mail server; None when it has none. Raises ValueError for an address that is not one."""
    address = os.environ.get("TOANCANH_SMTP", "")
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("TOANCANH_SMTP must look like smtp://user:password@host:587?tls=starttls")
    tls = "tls" if parts.scheme == "smtps" else parse_qs(parts.query).get("tls", ["starttls"])[0]
    if tls not in ("tls", "starttls", "none"):
        raise ValueError("TOANCANH_SMTP: tls is starttls or none")
    return MailServer(
        host=parts.hostname, port=parts.port or (465 if tls == "tls" else 587), user=unquote(parts.username or ""),
        password=unquote(parts.password or ""), tls=tls,
        sender=os.environ.get("TOANCANH_MAIL_FROM") or f"toancanh@{parts.hostname}",
    )  # fmt: skip


def absolute(link: str) -> str:
    """`link` as somebody outside the centre's pages can follow it."""
    return os.environ.get("TOANCANH_URL", "").rstrip("/") + link
