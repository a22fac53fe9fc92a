"""A refusal that says what to do: carried from services to the page, the API (RFC 9457) and the command line alike."""

from __future__ import annotations

from toancanh.kernel.text import Text


class Problem(Exception):
    """Something the asker can mend. `status` is the HTTP status the API answers with; `code` names the kind, kebab-case."""

    def __init__(self, code: str, status: int, title: Text, detail: Text) -> None:
        super().__init__(f"{code}: {detail.en}")
        self.code = code
        self.status = status
        self.title = title
        self.detail = detail
