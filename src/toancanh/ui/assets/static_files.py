"""Serves the static folder: right types, compressed copies where the browser takes them, hashed files kept for a year.

`StaticFiles` is a middleware that stands before everything that costs; `serve` is the same as a view.
Only files inside the static folder are ever opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseNotModified, StreamingHttpResponse

from toancanh.ui.assets.manifest import FOLDER, prefix

TYPES = {
    ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2",
    ".png": "image/png", ".ico": "image/x-icon", ".json": "application/json", ".webmanifest": "application/manifest+json",
}
HASHED = re.compile(r"^built/.+-[0-9A-Z]{8}\.(js|css|svg|woff2)$")
_YEAR, _SHORT = "public, max-age=31536000, immutable", "public, max-age=300"
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """A file to send: where it is, its encoding ("" when as it is) and its headers."""

    file: Path
    headers: tuple[tuple[str, str], ...]
    modified: int


def find(name: str, accepts: str = "") -> Found | None:
    """The file for `name` in the best encoding of `accepts` (an Accept-Encoding header); None when there is no such file."""
    plain = _inside(name)
    if plain is None or plain.suffix not in TYPES:
        return None
    asked = (part.partition(";") for part in accepts.split(","))
    offered = {token.strip() for token, _, weight in asked if weight.replace(" ", "") not in ("q=0", "q=0.0")}
    chosen, encoding = plain, ""
    for token, ending in (("br", ".br"), ("gzip", ".gz")):
        packed = plain.with_name(plain.name + ending)
        if token in offered and packed.is_file():
            chosen, encoding = packed, token
            break
    status = chosen.stat()
    headers = [
        ("Content-Type", TYPES[plain.suffix]), ("Content-Length", str(status.st_size)), ("Vary", "Accept-Encoding"),
        ("Cache-Control", _YEAR if HASHED.match(name) else _SHORT),
        ("Last-Modified", formatdate(int(status.st_mtime), usegmt=True)),
        ("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    return Found(chosen, tuple(headers), int(status.st_mtime))


def serve(request: HttpRequest, name: str) -> HttpResponse | StreamingHttpResponse:
    """The view; GET and HEAD, 304 when the browser already has it, 404 for anything else."""
    found = find(name, request.headers.get("Accept-Encoding", "")) if request.method in ("GET", "HEAD") else None
    if found is None:
        return HttpResponseNotFound(content_type="text/plain")
    if _fresh(found, request.headers.get("If-Modified-Since", "")):
        return HttpResponseNotModified()
    answer: HttpResponse | StreamingHttpResponse
    answer = HttpResponse() if request.method == "HEAD" else StreamingHttpResponse(_chunks(found.file))
    for key, value in found.headers:
        answer[key] = value
    return answer


class StaticFiles:
    """Middleware that answers addresses under STATIC_URL before sessions, language or permission cost anything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = prefix()

    def __call__(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        if request.path.startswith(self.prefix):
            return serve(request, request.path[len(self.prefix) :])
        return self.get_response(request)


def _inside(name: str) -> Path | None:
    """The file `name` when it is a plain file inside the static folder; links and `..` that lead out are refused."""
    if "\0" in name or "\\" in name:
        return None
    try:
        file = (FOLDER / name).resolve()
        return file if file.is_relative_to(FOLDER.resolve()) and file.is_file() else None
    except OSError:  # a name longer than any file's
        return None


def _fresh(found: Found, since: str) -> bool:
    try:
        return bool(since) and parsedate_to_datetime(since).timestamp() >= found.modified
    except (ValueError, OverflowError):
        return False


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            yield piece
