"""Tasks: one agency's part of a directive or an incident, or work of its own; parts of parts hang under their parent."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.text import Text
from toancanh.people.models import User
from toancanh.people.permissions import Actor
from toancanh.people.policy import not_allowed, read_only, require_all
from toancanh.people.roles import Action, Role
from toancanh.response import changes, clocks, policy
from toancanh.response.clocks import HANDLE
from toancanh.response.directing import notices, orders
from toancanh.response.directing.orders import Deadline, Due, TaskOrder
from toancanh.response.models import Kind, Task, Work
from toancanh.response.services import extensions, parts, reports
from toancanh.response.services.directives import form_key
from toancanh.response.states import By, TaskState

_TAKES_PARTS = frozenset({"issued", "accepted", "assigned", "doing", "new", "taken", "handling"})


def assign(actor: Actor, order: TaskOrder) -> Task:
    """Give a task its number and its clock. The centre gives any; who leads the whole splits it among those that share in it.

    Raises `Problem`: 403, 404 for a whole that is not seen, 409 for one that is over, 422 for a wrong order.
    """
    try:
        with transaction.atomic():
            return _of_form(actor, order) or _assigned(actor, order)
    except IntegrityError:  # the same form, sent twice at the same moment
        known = _of_form(actor, order)
        if known is None:
            raise
        return known


def begin(actor: Actor, task: Task, version: int | None = None) -> Task:
    """The agency takes it on."""
    return changes.change(actor, task, "begin", version)


def progress(actor: Actor, task: Task, per_cent: int, words: str, version: int | None = None) -> Task:
    """How far it is. Raises `Problem` 422 outside 0 to 100 or without words, 409 unless it is being done."""
    with transaction.atomic():
        held = changes.hold(actor, task, version)
        policy.require_part(actor, held, Action.HANDLE, By.AGENCY)
        if held.state != TaskState.DOING:
            raise orders.refused(
                "not-being-done",
                "Chỉ cập nhật tiến độ khi nhiệm vụ đang thực hiện.",
                "Progress is told while the task is being done.",
                409,
            )
        if not 0 <= per_cent <= 100 or not words.strip():
            raise orders.refused(
                "bad-progress", "Nhập tiến độ từ 0 đến 100 và nêu việc đã làm.", "Give 0 to 100 per cent, and say what was done."
            )
        said = Text(f"Tiến độ {per_cent}%: {words.strip()}", f"Progress {per_cent}%: {words.strip()}")
        return changes.edit(actor, held, "progress", said, {"progress": per_cent})


def hand_to(actor: Actor, task: Task, person: User, version: int | None = None) -> Task:
    """Name who does it at the lead agency. Raises `Problem` 422 for somebody who does not belong there."""
    with transaction.atomic():
        held = changes.hold(actor, task, version)
        policy.require_part(actor, held, Action.HANDLE, By.AGENCY, By.CENTRE)
        _check_open(held)
        assert held.lead is not None
        orders.check_assignee(person, held.lead)
        said = Text(f"Giao cho {person.name}", f"Handed to {person.name}")
        changes.edit(actor, held, "hand_to", said, {"assignee": person})
        notices.told(actor, held, "hand_to", Text(f"Việc của bạn: {held.title}", f"Yours to do: {held.title}"), [person])
    return held


def report_done(actor: Actor, task: Task, words: str, version: int | None = None, overdue_reason: str = "") -> Task:
    """The agency says it is done, with words or evidence; when late, it explains itself."""
    with transaction.atomic():
        held = changes.hold(actor, task, version)
        values = reports.checked(held, words, overdue_reason)
        parts.check_closed(held)
        values |= {"reported_at": timezone.now(), "result": words.strip() or held.result, "progress": 100}
        changes.move(actor, held, "report_done", words=reports.said(held, words, overdue_reason), values=values)
        clocks.stop_all(Kind.TASK, held.pk, HANDLE)
        title = Text(f"Báo hoàn thành, chờ xác nhận: {held.title}", f"Reported done, to be confirmed: {held.title}")
        notices.told(actor, held, "reported", title, notices.giver(held), needs_answer=True)
        notices.published(held, "reported")
    return held


def confirm(actor: Actor, task: Task, version: int | None = None) -> Task:
    """The centre confirms that it is done. Raises `Problem` (409) while parts are open."""
    with transaction.atomic():
        held = changes.hold(actor, task, version)
        parts.check_closed(held)
        changes.move(actor, held, "confirm")
        _over(actor, held, "done", Text("Nhiệm vụ đã được xác nhận hoàn thành", "The task was confirmed as done"))
    return held


def send_back(actor: Actor, task: Task, reason: str, version: int | None = None, deadline: Deadline | None = None) -> Task:
    """The centre wants more."""
    return _worked_again(actor, task, "send_back", reason, version, deadline)


def reopen(actor: Actor, task: Task, reason: str, version: int | None = None, deadline: Deadline | None = None) -> Task:
    """The centre opens a finished task again."""
    return _worked_again(actor, task, "reopen", reason, version, deadline)


def cancel(actor: Actor, task: Task, reason: str, version: int | None = None) -> Task:
    """The centre takes it back; its open parts are cancelled with it."""
    with transaction.atomic():
        held = changes.hold(actor, task, version)
        below = parts.hold_open(held)
        changes.move(actor, held, "cancel", reason=reason)
        parts.cancel(actor, held, below, reason)
        _over(actor, held, "cancelled", Text(f"Nhiệm vụ đã hủy: {reason.strip()}", f"Task cancelled: {reason.strip()}"))
    return held


def hang_under(actor: Actor, task: Task, parent: Task, version: int | None = None) -> Task:
    """Make a task a part of another one, by who directs both. Raises `Problem` 403, 422 for a circle or a deadline after the
    parent's."""
    with transaction.atomic():
        above = changes.hold(actor, parent)  # locks go from a whole to its parts
        held = changes.hold(actor, task, version)
        for each in (held, above):
            policy.require_part(actor, each, Action.DIRECT, By.CENTRE)
        _check_open(held)
        parts.check_no_circle(held, above)
        _takes_parts(above)
        if held.due_at is not None:
            orders.check_within(held.due_at, above)
        said = Text(f"Đưa vào {above.code}", f"Put under {above.code}")
        return changes.edit(actor, held, "hang_under", said, _under(above))


def _of_form(actor: Actor, order: TaskOrder) -> Task | None:
    once = form_key(actor, order.once)
    known = Task.objects.filter(once=once, opened_by=actor.label).first() if once else None
    return orders.sent_again(known, order) if known is not None else None


def _assigned(actor: Actor, order: TaskOrder) -> Task:
    now, whole = timezone.now(), _whole(actor, order)
    due = orders.settled(order.deadline, order.lead, now)
    orders.check_agencies((order.lead, *order.supporting), (timezone.localdate(), due.at.astimezone(VIETNAM).date()))
    orders.check_within(due.at, whole)
    if order.assignee is not None:
        orders.check_assignee(order.assignee, order.lead)
    above = order.parent
    belongs = _under(above) if above else {"directive": order.directive, "incident": order.incident}
    made = Task.objects.create(
        code=changes.next_code(Kind.TASK, now), title=orders.checked_title(order.title), text=order.text.strip(),
        severity=order.severity, field=whole.field if whole else "", unit=whole.unit if whole else None, lead=order.lead,
        due_at=due.at, opened_by=actor.label, opened_at=now, sample=order.sample, assignee=order.assignee,
        once=form_key(actor, order.once), once_digest=orders.digest(order), **belongs,
    )  # fmt: skip
    made.supporting.set([each for each in order.supporting if each.pk != order.lead.pk])
    _clock(made, due)
    words = Text(f"Giao {order.lead.title.vi}: {made.title}", f"Given to {order.lead.title.en}: {made.title}")
    changes.opened(actor, made, words, {"lead": order.lead.key, "due_at": due.at.isoformat()})
    title = Text(f"Nhiệm vụ mới: {made.title}", f"New task: {made.title}")
    notices.told(actor, made, "assigned", title, notices.everyone(made), needs_answer=True)
    notices.published(made, "assigned")
    return made


def _whole(actor: Actor, order: TaskOrder) -> Work | None:
    """What the task is a part of, held; or the right to give work of its own."""
    whole = order.whole
    if order.parent is None and order.directive is not None and order.incident is not None:
        raise orders.refused(
            "two-wholes",
            "Nhiệm vụ chỉ thuộc một ý kiến chỉ đạo hoặc một sự việc.",
            "A task belongs to one directive or one incident.",
        )
    if whole is None:
        require_all(actor, Action.DIRECT, agency=order.lead)
        return None
    held = changes.hold(actor, whole)
    if actor.read_only:
        raise read_only()
    _takes_parts(held)
    wears = policy.hats(actor, held)
    shares = {held.lead_id, *held.supporting.values_list("pk", flat=True)}
    splits = By.AGENCY in wears and order.lead.pk in shares and actor.role != Role.MACHINE  # a program gives nobody work
    if By.CENTRE not in wears and not splits:
        raise not_allowed(Action.DIRECT)
    return held


def _under(above: Task) -> dict[str, Any]:
    """The columns of a task that hangs under another: it belongs to what that one belongs to."""
    return {"parent": above, "directive": above.directive, "incident": above.incident}


def _takes_parts(whole: Work) -> None:
    if whole.state not in _TAKES_PARTS:  # type: ignore[attr-defined]
        raise orders.refused(
            "whole-over",
            f"{whole.code} không còn ở trạng thái nhận thêm nhiệm vụ. Mở lại hoặc trả lại việc đó trước.",
            f"{whole.code} takes no more tasks as it stands. Reopen it or send it back first.",
            409,
        )


def _check_open(held: Task) -> None:
    if held.closed_at is not None:
        raise orders.refused(
            "task-over", f"{held.code} đã kết thúc. Mở lại trước khi thay đổi.", f"{held.code} is over. Reopen it first.", 409
        )


def _worked_again(actor: Actor, task: Task, verb: str, reason: str, version: int | None, deadline: Deadline | None) -> Task:
    with transaction.atomic():
        whole = parts.hold_whole(task)
        held = changes.hold(actor, task, version)
        if whole is not None and verb == "reopen":
            _takes_parts(whole)
        due = _next_due(held, deadline)
        orders.check_within(due.at, held.parent or held.directive)
        _clock(held, due)
        later = extensions.moved(actor, held, due.at, reason) if deadline is not None else {}
        values = {"due_at": due.at, "reported_at": None} | later
        changes.move(actor, held, verb, reason=reason, values=values)
        title = Text(f"Làm tiếp: {reason.strip()}", f"To be continued: {reason.strip()}")
        notices.told(actor, held, verb, title, notices.everyone(held), needs_answer=True)
    return held


def _next_due(held: Task, deadline: Deadline | None) -> Due:
    """The deadline given, the old one while it lasts, else the same amount of time again."""
    now = timezone.now()
    assert held.lead is not None
    if deadline is None and held.due_at is not None and held.due_at > now:
        return orders.settled(held.due_at, held.lead, now)
    first = clocks.of(Kind.TASK, held.pk).filter(name=HANDLE).order_by("id").first()
    term = orders.Term(first.amount, orders.Counting(first.regime)) if first else orders.Term(1)
    whole = held.parent or held.directive
    due = orders.settled(deadline or term, held.lead, now)
    if deadline is None and whole is not None and whole.due_at is not None and now < whole.due_at < due.at:
        return orders.settled(whole.due_at, held.lead, now)
    return due


def _clock(held: Task, due: Due) -> None:
    clocks.stop_all(Kind.TASK, held.pk, HANDLE)
    clocks.start(Kind.TASK, held.pk, HANDLE, due.amount, due.counting, held.lead)


def _over(actor: Actor, held: Task, event: str, title: Text) -> None:
    notices.settled(actor, held, title)
    notices.told(actor, held, event, title, notices.everyone(held))
    notices.published(held, event)
