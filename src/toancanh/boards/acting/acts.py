"""What the audit record calls the acts on pages of figures."""

from __future__ import annotations

from toancanh.kernel.text import Text

ROOM = Text("Nhắc nộp số liệu", "Reminders")
SUBJECTS: dict[str, Text] = {}
ACTS = {"figure.remind": Text("Nhắc nộp số liệu", "Reminded of a figure that is owed")}
