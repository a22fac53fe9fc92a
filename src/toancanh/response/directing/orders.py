"""What is ordered, as values: the five clear things (person, work, time, result, responsibility), and what makes it wrong."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from math import isfinite
from typing import TypeVar

from django.db.models import Model
from django.utils import timezone

from toancanh.indicators import allowed
from toancanh.indicators.policy import readable
from toancanh.kernel.clocks import Counting
from toancanh.kernel.contracts import Level, Severity
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.response import clocks
from toancanh.response.models import Directive, Incident, Task, Work
from toancanh.units.models import Unit, UnitChange

LONGEST_TITLE = 240
_NUMBER = re.compile(r"\d{1,6}(/\d{4})?/[0-9A-ZĐÂĂÊÔƠƯ&]{2,15}(-[0-9A-ZĐÂĂÊÔƠƯ&]{1,15}){0,4}", re.IGNORECASE)
_REFUSED = Text("Chưa ghi được", "Not done yet")
Given = TypeVar("Given", Directive, Task)


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as an amount of time: 3 working days."""

    amount: float
    counting: Counting = Counting.WORKING_DAYS


Deadline = datetime | Term


@dataclass(frozen=True, slots=True)
class Goal:
    """`indicator` must reach `value` (`up`: at least, else at most) in `periods` periods after the work was reported done."""

    indicator: str
    value: float
    up: bool = True
    periods: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A directive before it has a number."""

    title: str
    lead: Unit
    deadline: Deadline
    text: str = ""
    supporting: tuple[Unit, ...] = ()
    severity: Severity = Severity.MEDIUM
    unit: Unit | None = None
    field: str = ""
    document_number: str = ""
    person: str = ""
    result: str = ""
    responsibility: str = ""
    goal: Goal | None = None
    incident: Incident | None = None
    alert: int | None = None
    once: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOrder:
    """A task before it has a number: a part of a directive, of an incident or of another task, or one of its own."""

    title: str
    lead: Unit
    deadline: Deadline
    text: str = ""
    supporting: tuple[Unit, ...] = ()
    severity: Severity = Severity.MEDIUM
    assignee: User | None = None
    directive: Directive | None = None
    incident: Incident | None = None
    parent: Task | None = None
    once: str = ""
    sample: bool = False

    @property
    def whole(self) -> Work | None:
        """What it is a part of."""
        return self.parent or self.directive or self.incident


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as a clock keeps it."""

    at: datetime
    amount: float
    counting: Counting


def settled(deadline: Deadline, lead: Unit, now: datetime) -> Due:
    """When the work is due, in the hours of who leads it. Raises `Problem` (422) for the past or for no time at all."""
    if isinstance(deadline, Term):
        return Due(clocks.due_at(now, deadline.amount, deadline.counting, lead), deadline.amount, deadline.counting)
    if deadline <= now:
        raise in_the_past(deadline)
    hours = (deadline - now).total_seconds() / 3600
    clocks.due_at(now, hours, Counting.CALENDAR_HOURS)
    return Due(deadline, hours, Counting.CALENDAR_HOURS)


def sent_again(known: Given, order: Order | TaskOrder) -> Given:
    """What the same form or key gave before. Raises `Problem` (409) when something else was sent under it: it would be lost."""
    same = known.once_digest == digest(order)
    if not known.once_digest:  # given before its digest was kept
        same = (known.title, known.text, known.lead_id) == (checked_title(order.title), order.text.strip(), order.lead.pk)
    if not same:
        raise refused(
            "key-used",
            f"Biểu hoặc khóa này đã dùng để lập {known.code} với nội dung khác. Mở biểu mới, hoặc dùng khóa mới, cho việc khác.",
            f"This form or key gave {known.code} with other content. Open a new form, or use a new key, for other work.",
            409,
        )
    return known


def digest(order: Order | TaskOrder) -> str:
    """What an order says, so that one that is sent again is known from another under the same key."""
    said = {each.name: _plain(getattr(order, each.name)) for each in fields(order) if each.name not in ("once", "sample")}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def checked_title(title: str) -> str:
    """The title, trimmed. Raises `Problem` (422) when it is empty or too long."""
    plain = " ".join(title.split())
    if not plain or len(plain) > LONGEST_TITLE:
        raise refused(
            "bad-title",
            f"Nêu rõ việc cần làm, từ 1 đến {LONGEST_TITLE} ký tự.",
            f"Say what is to be done in 1 to {LONGEST_TITLE} characters.",
        )
    return plain


def checked_number(number: str) -> str:
    """An official document number such as 123/UBND-KT, or "". Raises `Problem` (422)."""
    plain = re.sub(r"\s+", "", number)
    if plain and not _NUMBER.fullmatch(plain):
        raise refused(
            "bad-document-number",
            f"Số văn bản “{number[:60]}” chưa đúng. Ghi theo dạng 123/UBND-KT hoặc 15/QĐ-UBND.",
            f"The document number “{number[:60]}” is not right. Write it like 123/UBND-KT or 15/QĐ-UBND.",
        )
    return plain


def check_agencies(agencies: Iterable[Unit], days: Iterable[date]) -> None:
    """Raise `Problem` (422) unless each is an agency that exists on each of these days; one that merged names its successor."""
    for agency in agencies:
        if agency.level != Level.AGENCY:
            raise refused(
                "not-an-agency",
                f"“{agency.full_name}” không phải là cơ quan. Chọn cơ quan trong danh sách.",
                f"“{agency.title.en}” is not an agency. Choose one of the list.",
            )
        for day in days:
            if not agency.valid_on(day):
                raise _gone(agency, day)


def check_goal(actor: Actor, goal: Goal) -> None:
    """Raise `Problem` unless the goal names an indicator that the actor may see and a number of it."""
    indicator = readable(actor, goal.indicator)
    if not isfinite(goal.value) or not 1 <= goal.periods <= 24:
        raise refused(
            "bad-goal",
            "Nhập mục tiêu là một số và số kỳ theo dõi từ 1 đến 24.",
            "Give a number as the goal, and 1 to 24 periods to watch.",
        )
    if wrong := allowed.mistake(indicator, [goal.value]):
        raise refused("goal-out-of-range", wrong.vi, wrong.en)


def check_assignee(assignee: User, lead: Unit) -> None:
    """Raise `Problem` (422) unless the person may handle the work of the lead agency."""
    if not assignee.can(Action.HANDLE, agency=lead):
        raise refused(
            "bad-assignee",
            f"{assignee.name} không thuộc {lead.full_name}. Chọn cán bộ của cơ quan chủ trì.",
            f"{assignee.name} does not belong to {lead.title.en}. Choose somebody of the lead agency.",
        )


def check_within(due: datetime, whole: Work | None) -> None:
    """Raise `Problem` (422) when a part would be due after the whole, unless that is overdue already."""
    if whole is not None and whole.due_at is not None and due > whole.due_at > timezone.now():
        shown = f"{whole.due_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        raise refused(
            "after-the-whole",
            f"Hạn không được sau hạn của {whole.code} ({shown}). Chọn hạn sớm hơn hoặc gia hạn việc đó trước.",
            f"It may not be due after {whole.code} ({shown}). Choose an earlier day, or extend that one first.",
        )


def in_the_past(deadline: datetime) -> Problem:
    """The refusal of a deadline that has passed."""
    shown = f"{deadline.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return refused(
        "deadline-in-the-past",
        f"Hạn {shown} đã qua. Chọn thời điểm sau hiện tại.",
        f"The deadline {shown} has passed. Choose a later moment.",
    )


def refused(code: str, vi: str, en: str, status: int = 422) -> Problem:
    """A refusal to give work, and what to do."""
    return Problem(code, status, _REFUSED, Text(vi, en))


def _plain(value: object) -> object:
    """A value of an order in which spaces, the order of agencies and the zone of a moment make no difference."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, tuple):
        return sorted(each.pk for each in value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (Term, Goal)):
        return [str(getattr(value, each.name)) for each in fields(value)]
    return value.pk if isinstance(value, Model) else value


def _gone(agency: Unit, day: date) -> Problem:
    name, shown = agency.title, f"{day:%d/%m/%Y}"
    if day < agency.valid_from:
        return refused(
            "agency-not-there",
            f"{name.vi} chỉ có từ {agency.valid_from:%d/%m/%Y}, chưa có vào ngày {shown}. Chọn cơ quan khác.",
            f"{name.en} exists from {agency.valid_from:%d/%m/%Y} on, not on {shown}. Choose another agency.",
        )
    heirs = [each.after for each in UnitChange.objects.filter(before=agency, after__isnull=False).select_related("after")
             if each.after is not None and each.after.pk != agency.pk and each.after.valid_on(timezone.localdate())]  # fmt: skip
    vi = " và ".join(each.full_name for each in heirs)
    en = " and ".join(each.title.en for each in heirs)
    ended = f"{agency.valid_to:%d/%m/%Y}"
    return refused(
        "agency-not-there",
        f"{name.vi} đã kết thúc hoạt động ngày {ended}. " + (f"Chọn cơ quan kế thừa: {vi}." if heirs else "Chọn cơ quan khác."),
        f"{name.en} ended on {ended}. " + (f"Choose its successor: {en}." if heirs else "Choose another agency."),
    )
