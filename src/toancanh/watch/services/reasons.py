"""Reasons as people type them: on one line, and never empty."""

from __future__ import annotations

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.entrance.credentials import plain

LONGEST = 300


def said(reason: str) -> str:
    """The reason, cleaned. Raises `Problem` 422 when there is none."""
    words = cleaned(reason)
    if len(words) < 3:
        raise Problem(
            "reason-missing", 422, Text("Thiếu lý do", "No reason given"),
            Text("Nhập lý do trong vài từ để người sau hiểu.", "Give the reason in a few words, so that others understand."),
        )  # fmt: skip
    return words


def cleaned(text: str) -> str:
    """`text` on one line, without what no person types."""
    return plain(" ".join(text.split()))[:LONGEST]
