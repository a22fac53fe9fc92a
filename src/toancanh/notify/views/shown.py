"""What the pages of this room print: notices, what was handed over, turns and webhooks as lines and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES, TOPIC_TITLES, Topic
from toancanh.notify.models import (
    Attempt,
    Channel,
    Course,
    Dispatch,
    Escalation,
    How,
    Notice,
    Outcome,
    State,
    WebhookEndpoint,
)
from toancanh.people.models import User
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Kind, StatusView
from toancanh.ui.tables import Cell, Column, TableView

KINDS: dict[Severity, Kind] = {
    Severity.LOW: "info",
    Severity.MEDIUM: "warn",
    Severity.HIGH: "bad",
    Severity.URGENT: "urgent",
}
_CHANNELS = {
    Channel.EMAIL: Text("Thư điện tử", "E-mail"),
    Channel.PUSH: Text("Thông báo đẩy", "Push"),
    Channel.WEBHOOK: Text("Webhook", "Webhook"),
    Channel.GATEWAY: Text("SMS, Zalo", "SMS, Zalo"),
}
_STATES: dict[State, tuple[Kind, Text]] = {
    State.WAITING: ("info", Text("Chờ gửi", "Waiting")),
    State.SENT: ("ok", Text("Đã chuyển", "Handed over")),
    State.GIVEN_UP: ("bad", Text("Ngừng gửi", "Given up")),
    State.DROPPED: ("none", Text("Không còn cần gửi", "Not needed any more")),
}
_OUTCOMES = {
    Outcome.SENT: Text("đã nhận", "taken"),
    Outcome.FAILED: Text("chưa được", "failed"),
    Outcome.REFUSED: Text("bị từ chối", "refused"),
    Outcome.DROPPED: Text("bỏ", "dropped"),
}
_COURSES: dict[Course, tuple[Kind, Text]] = {
    Course.OPEN: ("warn", Text("Chờ người xác nhận", "Waiting for somebody to confirm")),
    Course.CONFIRMED: ("ok", Text("Đã có người xác nhận", "Confirmed by somebody")),
    Course.SETTLED: ("none", Text("Tự kết thúc, chưa ai xác nhận", "Over by itself, confirmed by nobody")),
}
_ANSWERS = {
    How.ACKNOWLEDGED: Text("{who} xác nhận đã biết lúc {at}", "{who} acknowledged it at {at}"),
    How.TOOK: Text("{who} nhận việc lúc {at}", "{who} took it at {at}"),
    How.CLOSED: Text("{who} kết thúc lúc {at}", "{who} closed it at {at}"),
}
_ENDED = Text("{who} xác nhận lúc {at}", "{who} confirmed it at {at}")
KINDS_OF_WEBHOOK = {
    Channel.WEBHOOK.value: Text("Sự kiện của trung tâm", "The centre's events"),
    Channel.GATEWAY.value: Text("Cổng SMS, Zalo (tin khẩn)", "SMS or Zalo gateway (urgent)"),
}


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice of the list and at the head of its own page."""

    pk: int
    title: str
    body: str
    topic: str
    at: str
    status: StatusView
    unread: bool
    waits: bool
    confirmed: str
    link: str


def notice_line(notice: Notice) -> NoticeLine:
    severity = Severity(notice.severity)
    confirmed = f"{t('Đã xác nhận lúc', 'Confirmed at')} {formats.moment(notice.confirmed_at)}" if notice.confirmed_at else ""
    return NoticeLine(
        pk=notice.pk,
        title=tx(notice.title),
        body=tx(notice.body),
        topic=tx(TOPIC_TITLES[Topic(notice.topic)]),
        at=formats.moment(notice.at),
        status=StatusView(KINDS[severity], tx(SEVERITY_TITLES[severity])),
        unread=notice.read_at is None,
        waits=notice.needs_answer and notice.confirmed_at is None,
        confirmed=confirmed,
        link=notice.link,
    )


def dispatch_table(found: Iterable[Dispatch], title: str) -> TableView:
    """What was handed over, and every attempt at it."""
    rows = tuple(
        (
            Cell(text=tx(_CHANNELS[Channel(each.channel)]), note=_receiver(each)),
            Cell(status=_status(*_STATES[State(each.state)])),
            Cell(text=formats.moment(each.sent_at or (each.due_at if each.state == State.WAITING else None))),
            Cell(text=formats.number(each.tries, 0)),
            Cell(text="", note=" · ".join(_attempt(attempt) for attempt in _last(each.attempts.all()))),
        )
        for each in found
    )
    heads = (
        (t("Kênh", "Way"), False), (t("Trạng thái", "State"), False), (t("Lúc", "When"), False), (t("Lần thử", "Tries"), True),
        (t("Bằng chứng từng lần", "Proof of each try"), False),
    )  # fmt: skip
    return TableView(
        title=title,
        caption=title,
        columns=tuple(Column(label=label, number=number) for label, number in heads),
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có gì gửi ra ngoài hộp thư.", "Nothing has left the inbox."),
    )


def notice_table(found: Iterable[Notice]) -> TableView:
    """Whose inbox it is in, when it was read and confirmed."""
    heads = (t("Người nhận", "Person"), t("Nội dung", "Words"), t("Lúc", "When"), t("Đã đọc", "Read"), t("Xác nhận", "Confirmed"))
    rows = tuple(
        (
            Cell(text=each.user.name, note=each.user.username),
            Cell(text=tx(each.title)),
            Cell(text=formats.moment(each.at)),
            Cell(text=formats.moment(each.read_at)),
            Cell(text=formats.moment(each.confirmed_at)),
        )
        for each in found
    )
    title = t("Hộp thư", "Inboxes")
    return TableView(
        title=title,
        caption=title,
        columns=tuple(Column(label=each) for each in heads),
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa báo cho ai.", "Nobody was told."),
    )


def escalation_lines(found: Iterable[Escalation]) -> list[tuple[StatusView, str]]:
    """How far each ladder was climbed and how it ended."""
    lines, rows = [], list(found)
    people = User.objects.in_bulk({each.ended_by for each in rows}, field_name="username")
    for each in rows:
        most = len(each.ladder)
        told, again = min(each.step, most), max(0, each.step - most)
        reached = t(f"Đã báo {told}/{most} cấp", f"{told} of {most} rung{'' if most == 1 else 's'} told")
        if again:
            reached += t(f", báo lại {again} lần", f", again {again} time{'' if again == 1 else 's'}")
        ended = " · ".join(filter(None, (_end(each, people), tx(Text(each.reason_vi, each.reason_en)))))
        word = t("báo lại lúc", "again at") if each.step >= most else t("cấp sau lúc", "the next at")
        following = f"{word} {_when(each.due_at)}" if each.due_at else ""
        lines.append((_status(*_COURSES[Course(each.state)]), " · ".join(filter(None, (reached, following, ended)))))
    return lines


def webhook_table(found: Iterable[WebhookEndpoint]) -> TableView:
    """Every webhook and how it fares."""
    heads = (
        (t("Tên", "Name"), False), (t("Loại", "Kind"), False), (t("Trạng thái", "State"), False),
        (t("Chờ gửi", "Waiting"), True), (t("Ngừng gửi", "Given up"), True),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(text=each.name, href=reverse("notify:webhook", args=[each.pk]), note=each.url),
            Cell(text=tx(KINDS_OF_WEBHOOK[each.kind]), note=", ".join(each.types)),
            Cell(status=webhook_status(each)),
            Cell(text=formats.number(each.waiting, 0)),  # type: ignore[attr-defined]  # counted by the query
            Cell(text=formats.number(each.given_up, 0)),  # type: ignore[attr-defined]
        )
        for each in found
    )
    title = t("Các webhook", "The webhooks")
    return TableView(
        caption=title,
        columns=tuple(Column(label=label, number=number) for label, number in heads),
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có webhook nào.", "There is no webhook yet."),
    )


def webhook_status(endpoint: WebhookEndpoint) -> StatusView:
    if endpoint.active:
        return StatusView("ok", t("Đang gửi", "Sending"))
    return StatusView("none", t("Tạm dừng", "Paused"))


def _end(escalation: Escalation, people: Mapping[str, User]) -> str:
    """Who ended it, how and when; only when, if it was over by itself."""
    at, by = _when(escalation.ended_at), escalation.ended_by
    if not by:
        return t(f"kết thúc lúc {at}", f"ended at {at}") if at else ""
    who = f"{people[by].name} ({by})" if by in people else by
    words = _ANSWERS[How(escalation.answer)] if escalation.answer else _ENDED
    return tx(words).format(who=who, at=at)


def _status(kind: Kind, words: Text) -> StatusView:
    return StatusView(kind, tx(words))


def _receiver(dispatch: Dispatch) -> str:
    if dispatch.channel == Channel.EMAIL:
        return dispatch.address
    if dispatch.channel == Channel.PUSH:
        return dispatch.lane.partition(":")[2]
    name = dispatch.endpoint.name if dispatch.endpoint else ""
    phone = dispatch.address.split(":", 2)[2] if dispatch.channel == Channel.GATEWAY else ""
    return " ".join(filter(None, (name, phone)))


def _attempt(attempt: Attempt) -> str:
    words = f"{formats.local(attempt.at):%H:%M:%S %d/%m} {tx(_OUTCOMES[Outcome(attempt.outcome)])}, {attempt.ms} ms"
    return f"{words} ({attempt.detail})" if attempt.detail else words


def _last(attempts: Iterable[Attempt], most: int = 5) -> list[Attempt]:
    return list(attempts)[-most:]


def _when(moment: datetime | None) -> str:
    return formats.moment(moment) if moment else ""
