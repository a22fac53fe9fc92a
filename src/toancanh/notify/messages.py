"""What is said to people, as values: one message, its topic, and the ladder it climbs until somebody confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text


class Topic(StrEnum):
    """What a message is about."""

    ALERT = "alert"
    INCIDENT = "incident"
    DIRECTIVE = "directive"
    TASK = "task"
    SHIFT = "shift"
    SOURCE = "source"
    BRIEFING = "briefing"
    SYSTEM = "system"


TOPIC_TITLES = {
    Topic.ALERT: Text("Cảnh báo", "Alert"),
    Topic.INCIDENT: Text("Sự việc", "Incident"),
    Topic.DIRECTIVE: Text("Ý kiến chỉ đạo", "Directive"),
    Topic.TASK: Text("Nhiệm vụ", "Task"),
    Topic.SHIFT: Text("Ca trực", "Shift"),
    Topic.SOURCE: Text("Nguồn dữ liệu", "Data source"),
    Topic.BRIEFING: Text("Bản tin", "Briefing"),
    Topic.SYSTEM: Text("Hệ thống", "System"),
}
SEVERITY_TITLES = {
    Severity.LOW: Text("Thấp", "Low"),
    Severity.MEDIUM: Text("Trung bình", "Medium"),
    Severity.HIGH: Text("Cao", "High"),
    Severity.URGENT: Text("Khẩn cấp", "Urgent"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say. `key` makes it one: the same key to the same person is one notice, ever ("alert:12:raised").

    `subject` is what it is about ("alert:12"), `link` the page that shows it. `needs_answer`: a human must confirm.
    """

    key: str
    topic: Topic
    severity: Severity
    title: Text
    body: Text
    link: str
    subject: str
    needs_answer: bool = False

    def as_values(self) -> dict[str, Any]:
        """The message as plain values for a JSON column."""
        return {
            "key": self.key, "topic": self.topic.value, "severity": self.severity.value, "title": [self.title.vi, self.title.en],
            "body": [self.body.vi, self.body.en], "link": self.link, "subject": self.subject, "needs_answer": self.needs_answer,
        }  # fmt: skip

    @classmethod
    def of_values(cls, values: Mapping[str, Any]) -> Message:
        """The message that `as_values` wrote."""
        title_vi, title_en = values["title"]
        body_vi, body_en = values["body"]
        return cls(
            key=values["key"],
            topic=Topic(values["topic"]),
            severity=Severity(values["severity"]),
            title=Text(title_vi, title_en),
            body=Text(body_vi, body_en),
            link=values["link"],
            subject=values["subject"],
            needs_answer=values["needs_answer"],
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A human's answer that ends a ladder: whose (`by`, the label of the actor), and `how` (acknowledged, took, closed)."""

    by: str
    how: str


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: `after` (since the climb began) these people are told: user ids, or the code of an audience."""

    after: timedelta
    people: tuple[int, ...] | str
