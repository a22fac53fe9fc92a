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

    def details(self, language: str) -> dict[str, object]:
        """The members of RFC 9457 problem details; the detail stands in both languages."""
        return {
            "type": f"urn:toancanh:problem:{self.code}",
            "title": self.title.to(language),
            "status": self.status,
            "detail": self.detail.to(language),
            "detail_vi": self.detail.vi,
            "detail_en": self.detail.en,
        }
