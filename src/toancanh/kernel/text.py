"""Texts as pairs: every word a person reads is kept in Vietnamese and English side by side."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A Vietnamese and an English wording of the same thing."""

    vi: str
    en: str

    def to(self, language: str) -> str:
        """The wording in `language` ("vi" or "en"); anything else falls back to Vietnamese."""
        return self.en if language == "en" else self.vi

    def with_values(self, **values: object) -> Text:
        """Both wordings with `{name}` places filled in."""
        return Text(self.vi.format(**values), self.en.format(**values))
