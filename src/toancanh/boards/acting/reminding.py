"""Reminding whoever owes a figure to send it: a notice to the agency, at most once a day for each figure and agency."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from toancanh.audit import services as audit
from toancanh.boards.figures import Figure, due_day
from toancanh.boards.selection import Selection
from toancanh.kernel.contracts import Severity
from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.notify import audience
from toancanh.notify import services as notify
from toancanh.notify.messages import Message, Topic
from toancanh.notify.models import Notice
from toancanh.people.permissions import Action, Actor
from toancanh.people.policy import require
from toancanh.ui import formats
from toancanh.units import queries as units
from toancanh.units.models import Unit


def may_remind(actor: Actor, field: str, owner: Unit) -> bool:
    """Whether `actor` may remind the agency `owner` of figures of a field."""
    return actor.can(Action.DIRECT, field, owner) and not actor.read_only


def remind(actor: Actor, figure: Figure, selection: Selection) -> Unit:
    """Tell the officers of the agency that owes `figure`; a second time on a day nothing is sent. The agency.

    Raises `Problem`: 403; 409 when the figure is there, nobody owes it, or nobody is there to be told.
    """
    indicator = figure.indicator
    owner = units.agency_for_role(indicator.owner.code, selection.today)
    require(actor, Action.DIRECT, field=figure.pack.code, agency=owner)
    if owner is None or not figure.missing or not figure.reported:
        raise Problem(
            "nothing-owed", 409, Text("Không có gì để nhắc", "Nothing to remind of"),
            Text("Số liệu đã có, hoặc chưa có cơ quan chủ trì. Tải lại trang để xem.",
                 "The figure is there, or no agency owns it. Load the page again to see."),
        )  # fmt: skip
    due = formats.day(due_day(figure.period))
    message = Message(
        key=_key(indicator.code, owner, selection),
        topic=Topic.SOURCE,
        severity=Severity.MEDIUM,
        title=Text(f"Nhắc nộp số liệu: {indicator.title.vi}", f"Reminder to send: {indicator.title.en}"),
        body=Text(
            f"{actor.name} nhắc {owner.title.vi} nộp số liệu {figure.period.title('vi')}, hạn {due}.",
            f"{actor.name} asks {owner.title.en} for the figure of {figure.period.title('en')}, due {due}.",
        ),
        link=f"/agencies/{owner.key}",
        subject=f"indicator:{indicator.code}",
    )
    people = audience.resolve(f"{audience.AGENCY}{owner.key}")
    if not people:
        raise Problem(
            "nobody-there", 409, Text("Chưa có ai để nhắc", "There is nobody to remind"),
            Text(f"{owner.title.vi} và ca trực chưa có tài khoản nào. Đề nghị quản trị hệ thống tạo tài khoản.",
                 f"{owner.title.en} and the desk have no account. Ask the administrator to make one."),
        )  # fmt: skip
    with transaction.atomic():
        told = notify.tell(message, people)
        if told:
            detail = {"indicator": indicator.code, "period": figure.period.code, "told": told}
            audit.record(actor.label, "figure.remind", f"agency:{owner.key}", detail=detail, address=actor.address)
    return owner


def reminded_today(figures: Collection[Figure], owners: Mapping[str, Unit], selection: Selection) -> dict[str, datetime]:
    """Of the figures that are owed: when somebody reminded of them today, by indicator."""
    keys = {
        _key(each.indicator.code, owners[each.indicator.owner.code], selection): each.indicator.code
        for each in figures
        if each.missing and each.reported and each.indicator.owner.code in owners
    }
    if not keys:
        return {}
    found = Notice.objects.filter(key__in=keys, subject__in=[f"indicator:{code}" for code in keys.values()])
    return {keys[key]: at for key, at in found.order_by("-at").values_list("key", "at")}


def _key(code: str, owner: Unit, selection: Selection) -> str:
    return f"remind:{code}:{owner.key}:{selection.today:%Y-%m-%d}"
