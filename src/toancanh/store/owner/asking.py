"""What an HTTP request asks of the engine, in the protocol of ClickHouse: statement, bound parameters, settings, data.

The statement comes as ?query=, as the body, as a form field, or in front of the data of an insert; parameters as `param_name`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qsl

import lz4.frame

# For the transport, not for the engine. Everything else that is no parameter is a setting.
_TRANSPORT = frozenset({
    "query", "database", "user", "password", "quota_key", "query_id", "session_id", "session_timeout", "session_check",
    "compress", "decompress", "buffer_size", "wait_end_of_query", "client_protocol_version", "role", "default_format",
    "send_progress_in_http_headers", "http_headers_progress_interval_ms", "enable_http_compression",
    "cancel_http_readonly_queries_on_client_close",
})
_SETTING = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_FORMAT_LAST = re.compile(rb"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_INSERT_HEAD = re.compile(rb"\s*INSERT\s+INTO\s[^\n]*?\bFORMAT\s+(\w+)[ \t\r]*\n", re.IGNORECASE)
_MAY_HAVE_SETTINGS = re.compile(rb"\s*(SELECT|WITH|INSERT|\()", re.IGNORECASE)
DEFAULT_FORMAT = b"TabSeparated"


class BadRequest(Exception):
    """The request is not one that can be understood."""


class TooLarge(Exception):
    """The body is over the limit, as it came or unpacked."""


@dataclass(slots=True)
class Asking:
    """One request, taken apart. `statement` ends before the data of an insert."""

    statement: bytes
    data: bytes = b""
    parameters: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    database: str = "default"

    def sql(self, file: str = "") -> bytes:
        """Statement, settings and format as the engine reads them; the data of an insert lie in `file`.

        (The embedded engine also takes data right behind the statement, but cuts them off at some bytes.)
        """
        last = _FORMAT_LAST.search(self.statement)
        head = self.statement[: last.start()] if last else self.statement.rstrip().rstrip(b";")
        if file:
            head += f"\nFROM INFILE {_quoted(file)}".encode()
        if self.settings and _MAY_HAVE_SETTINGS.match(self.statement):
            head += b"\nSETTINGS " + b", ".join(_setting(name, value) for name, value in self.settings.items())
        return head + (b"\nFORMAT " + last.group(1) if last else b"")

    @property
    def format(self) -> str:
        """The format of the answer."""
        last = _FORMAT_LAST.search(self.statement)
        return (last.group(1) if last else DEFAULT_FORMAT).decode()


def take_apart(target: str, content_type: str, body: bytes) -> Asking:
    """The asking in a request to `target` with `body`. Raises `BadRequest`."""
    fields = dict(parse_qsl(target.partition("?")[2], keep_blank_values=True))
    if content_type.startswith("multipart/form-data"):
        fields |= {name: value.decode() for name, value in _form_fields(content_type, body)}
        body = b""
    statement, data = _statement(fields.get("query", "").encode(), body)
    if not statement.strip():
        raise BadRequest("there is no statement in this request")
    asking = Asking(statement, data, database=fields.get("database") or "default")
    for name, value in fields.items():
        if name.startswith("param_"):
            asking.parameters[name.removeprefix("param_")] = value
        elif name not in _TRANSPORT:
            asking.settings[name] = value
    return asking


def _statement(query: bytes, body: bytes) -> tuple[bytes, bytes]:
    if query.strip():
        is_insert = _FORMAT_LAST.search(query) and query.lstrip()[:6].upper() == b"INSERT"
        return (query, body) if is_insert or not body else (query + b"\n" + body, b"")
    head = _INSERT_HEAD.match(body)
    return (body[: head.end()], body[head.end():]) if head else (body, b"")


def _setting(name: str, value: str) -> bytes:
    if not _SETTING.fullmatch(name):
        raise BadRequest(f"{name!r} is not the name of a setting")
    return f"{name} = {_quoted(value)}".encode()


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _form_fields(content_type: str, body: bytes) -> Iterator[tuple[str, bytes]]:
    boundary = _parameter(content_type, "content-type", "boundary")
    if not boundary:
        raise BadRequest("a form without a boundary")
    for part in body.split(b"--" + boundary.encode())[1:-1]:
        head, found, value = part.partition(b"\r\n\r\n")
        name = next((_parameter(line, "content-disposition", "name") for line in _disposition(head)), "")
        if not found or not name:
            raise BadRequest("a form field without a name")
        yield name, value.removesuffix(b"\r\n")


def _disposition(head: bytes) -> Iterator[str]:
    for line in head.decode().split("\r\n"):
        name, _, rest = line.partition(":")
        if name.strip().lower() == "content-disposition":
            yield rest.strip()


def _parameter(line: str, header: str, name: str) -> str:
    message = Message()
    message[header] = line
    return str(message.get_param(name, "", header))


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """`body` without its Content-Encoding. Raises `BadRequest`, `TooLarge`."""
    try:
        found = _unpack(body, encoding, limit + 1)
    except (OSError, EOFError, RuntimeError, zlib.error) as wrong:
        raise BadRequest(f"the body is not {encoding}: {wrong}") from wrong
    if len(found) > limit:
        raise TooLarge
    return found


def _unpack(body: bytes, encoding: str, most: int) -> bytes:
    if encoding in ("", "identity"):
        return body
    if encoding == "gzip":
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(body, most)
    if encoding == "deflate":
        return zlib.decompressobj().decompress(body, most)
    if encoding == "lz4":
        return lz4.frame.LZ4FrameDecompressor().decompress(body, most)
    raise BadRequest(f"content encoding {encoding!r} is not understood")
