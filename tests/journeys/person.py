"""Somebody who looks at pages and posts forms over HTTP."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client

PASSWORD = "mot-cau-rat-dai-de-nho"


class Person:
    """Somebody at a browser, signed in through the page."""

    def __init__(self, username: str) -> None:
        self.client = Client()
        answer = self.client.post("/sign-in", {"username": username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()

    def opens(self, path: str, status: int = 200) -> str:
        """The page as text without tags."""
        answer = self.client.get(html.unescape(path))
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return text_of(answer.content.decode())

    def source_of(self, path: str) -> str:
        """The page with its tags."""
        return self.client.get(html.unescape(path)).content.decode()

    def sends(self, path: str, form: dict[str, str]) -> str:
        """Post a form; the address one is led to, or the text of the page that says what is wrong."""
        answer = self.client.post(path, form)
        return str(answer.url) if answer.status_code == 302 else text_of(answer.content.decode())

    def tries(self, path: str, form: dict[str, str], words: str) -> None:
        """What must not work: the answer says why, with these words."""
        assert words in self.sends(path, form)

    def asks(self, path: str) -> Any:
        """The API's answer to this person."""
        return self.client.get(path).json()


def text_of(page: str) -> str:
    """What a reader reads: no tags, single spaces."""
    visible = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", visible)))  # no-break spaces are \\s too
