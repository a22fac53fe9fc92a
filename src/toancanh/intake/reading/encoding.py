"""Bytes to text: UTF-8 with or without a mark, UTF-16, the Vietnamese Windows code page, and files that mix them."""

from __future__ import annotations

import codecs
import unicodedata

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def to_text(body: bytes, charset: str | None = None) -> str:
    """The text of `body`, composed (NFC) when it came from the Windows code page.

    Without a mark, bytes that are not UTF-8 are read as windows-1258 when no line is UTF-8 beyond ASCII. When some lines are and
    others are not, the others keep U+FFFD where they cannot be read, so that their cells are held and not guessed.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, errors="replace")
    if charset in ("utf-16", "utf-16-le", "utf-16-be", "windows-1258", "cp1258"):
        return unicodedata.normalize("NFC", body.decode(charset, errors="replace"))
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body)


def _not_utf8(body: bytes) -> str:
    lines = body.split(b"\n")
    if any(_is_utf8_beyond_ascii(line) for line in lines):
        return "\n".join(line.decode("utf-8", errors="replace") for line in lines)
    return unicodedata.normalize("NFC", body.decode("windows-1258", errors="replace"))


def _is_utf8_beyond_ascii(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
