"""The language a page is being written in, kept for the length of one request or one job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from toancanh.kernel.text import LANGUAGES, Text

DEFAULT = "vi"
_current: ContextVar[str] = ContextVar("toancanh_language", default=DEFAULT)


def current() -> str:
    """The language in use here and now: "vi" or "en"."""
    return _current.get()


def known(language: str | None) -> str:
    """`language` when the product speaks it, otherwise Vietnamese."""
    return language if language in LANGUAGES else DEFAULT


@contextmanager
def use(language: str | None) -> Iterator[str]:
    """Write in `language` until the block ends; blocks nest and threads do not see each other."""
    token = _current.set(known(language))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


def t(vi: str, en: str) -> str:
    """The wording of the current language."""
    return en if _current.get() == "en" else vi


def tx(text: Text) -> str:
    """The wording of a kernel text in the current language."""
    return text.to(_current.get())
