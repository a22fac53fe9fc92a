"""A whole and its parts: nothing is closed before its parts are, and no task is a part of itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor
from toancanh.response import changes
from toancanh.response.directing import notices
from toancanh.response.models import OPEN_DIRECTIVE, OPEN_TASK, Directive, Incident, Task, Work
from toancanh.response.queries.incidents import family
from toancanh.response.states import RUNS


def open_parts(whole: Work) -> QuerySet[Task]:
    """The open tasks of a directive, of an incident and those merged into it, or under a task."""
    if isinstance(whole, Incident):
        return Task.objects.filter(OPEN_TASK, incident__in=[each.pk for each in family(whole)])
    parts = Task.objects.filter(parent=whole) if isinstance(whole, Task) else whole.tasks.all()  # type: ignore[attr-defined]
    return parts.filter(OPEN_TASK)


def open_orders(incident: Incident) -> QuerySet[Directive]:
    """The directives of an incident, and of those merged into it, that are not over."""
    return Directive.objects.filter(OPEN_DIRECTIVE, incident__in=[each.pk for each in family(incident)])


def check_closed(whole: Work) -> None:
    """Raise `Problem` (409) while a part is open: a task, or a directive that an agency still works on."""
    still = list(open_parts(whole).values_list("code", flat=True)[:4])
    if isinstance(whole, Incident):
        still += open_orders(whole).filter(state__in=RUNS).values_list("code", flat=True)[:4]
    if still:
        named = ", ".join(still[:3]) + (" …" if len(still) > 3 else "")
        raise Problem(
            "parts-open", 409, Text("Còn nhiệm vụ chưa xong", "Some parts are still open"),
            Text(f"Chưa kết thúc được vì còn: {named}. Xác nhận, hủy hoặc thu hồi các việc này trước.",
                 f"It cannot end while these are open: {named}. Confirm, cancel or recall them first."),
        )  # fmt: skip


def hold_whole(part: Task) -> Work | None:
    """What a task is a part of, locked. Locks go from the whole to its parts, all of them before the first audit entry."""
    fresh = Task.objects.filter(pk=part.pk).select_related("parent", "directive", "incident").first()
    whole = (fresh.parent or fresh.directive or fresh.incident) if fresh else None
    return type(whole)._default_manager.select_for_update(no_key=True).get(pk=whole.pk) if whole else None


def hold_open(whole: Directive | Task) -> list[Task]:
    """The open tasks under a directive or a task, and theirs: each once, locked."""
    found: dict[int, Task] = {}
    ahead: list[Work] = [whole]
    while ahead:
        fresh = [each for each in open_parts(ahead.pop()).order_by("pk").select_for_update(no_key=True) if each.pk not in found]
        found |= {each.pk: each for each in fresh}
        ahead += fresh
    return list(found.values())


def cancel(actor: Actor, whole: Directive | Task, below: Iterable[Task], reason: str) -> None:
    """Cancel the parts, held, of what was taken back."""
    for part in below:
        why = f"{whole.code}: {reason.strip()}"
        cancelled = changes.change(actor, part, "cancel", reason=why)
        notices.settled(actor, cancelled, Text("Nhiệm vụ đã hủy", "The task was cancelled"))
        notices.told(
            actor, cancelled, "cancelled", Text(f"Nhiệm vụ đã hủy: {why}", f"Task cancelled: {why}"), notices.everyone(cancelled)
        )


def check_no_circle(task: Task, parent: Task) -> None:
    """Raise `Problem` (422) when `parent` is the task itself or lies under it."""
    above: Task | None = parent
    while above is not None:
        if above.pk == task.pk:
            raise Problem(
                "circular-tasks", 422, Text("Nhiệm vụ không thể nằm trong chính nó", "A task cannot be a part of itself"),
                Text(f"{parent.code} đang nằm dưới {task.code}. Chọn nhiệm vụ cha khác.",
                     f"{parent.code} lies under {task.code}. Choose another parent."),
            )  # fmt: skip
        above = above.parent
