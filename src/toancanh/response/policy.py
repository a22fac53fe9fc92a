"""Who sees and who moves work, as filters.

Work is seen by those who direct, by the agencies that lead or support it (or a part of it), by those who audit, and by whoever
issued it or does it. Everybody else gets 404: that work exists is itself sensitive.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q, QuerySet

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Actor, Permission
from toancanh.people.policy import not_allowed, read_only
from toancanh.people.roles import Action
from toancanh.response.models import Directive, Incident, Task, Work
from toancanh.response.states import By, Move

W = TypeVar("W", bound=Work)
AgencyBox = Callable[[frozenset[int]], Q]
NOBODY = Q(pk__in=())


def visible_incidents(queryset: QuerySet[Incident], actor: Actor) -> QuerySet[Incident]:
    """The incidents that `actor` may see."""
    return _visible(queryset, actor, _of_incident, Q(taken_by__username=actor.label) | Q(opened_by=actor.label))


def visible_directives(queryset: QuerySet[Directive], actor: Actor) -> QuerySet[Directive]:
    """The directives that `actor` may see."""
    return _visible(queryset, actor, _of_directive, Q(issued_by__username=actor.label))


def visible_tasks(queryset: QuerySet[Task], actor: Actor) -> QuerySet[Task]:
    """The tasks that `actor` may see."""
    return _visible(queryset, actor, _of_task, Q(assignee__username=actor.label))


def visible(queryset: QuerySet[W], actor: Actor) -> QuerySet[W]:
    """The rows of any kind of work that `actor` may see."""
    by_model: dict[type, Callable[..., QuerySet]] = {
        Incident: visible_incidents, Directive: visible_directives, Task: visible_tasks,
    }  # fmt: skip
    return by_model[queryset.model](queryset, actor)


def hats(actor: Actor, record: Work) -> frozenset[By]:
    """In which quality `actor` stands to this record: the centre, the agency that leads or one that supports, a leader, or the
    system itself."""
    if actor is SYSTEM:
        return frozenset({By.SYSTEM})
    rows = type(record)._default_manager.filter(pk=record.pk)
    found = set()
    directs = _within(rows, actor, Action.DIRECT, None)
    if directs:
        found.add(By.CENTRE)
        if _within(rows, actor, Action.APPROVE, None):
            found.add(By.LEADER)
    if _within(rows, actor, Action.HANDLE, _leads):
        found.add(By.AGENCY)
    elif _within(rows, actor, Action.HANDLE, has_work):
        found.add(By.SUPPORT)
    return frozenset(found)


def require_hat(actor: Actor, record: Work, move: Move) -> None:
    """Raise `Problem` (403) unless one of the move's makers is what `actor` is to this record."""
    if not hats(actor, record) & set(move.by):
        needed = {By.CENTRE: Action.DIRECT, By.LEADER: Action.APPROVE, By.AGENCY: Action.HANDLE}
        raise not_allowed(next((needed[each] for each in move.by if each in needed), Action.DIRECT))
    if actor.read_only:
        raise read_only()


def require_part(actor: Actor, record: Work, action: Action, *parts: By) -> None:
    """Raise `Problem` (403) unless `actor` is one of `parts` to this record; `action` names the permission that is missing."""
    if not hats(actor, record) & set(parts):
        raise not_allowed(action)
    if actor.read_only:
        raise read_only()


def has_work(agencies: frozenset[int]) -> Q:
    """The work that one of these agencies leads or supports."""
    return Q(lead__in=agencies) | Q(supporting__in=agencies)


def unseen(what: Text) -> Problem:
    """The refusal for a record that is not there, or not for this actor: the same words for both."""
    return Problem(
        "not-found", 404, Text(f"Không tìm thấy {what.vi}", f"No such {what.en}"),
        Text("Quay lại danh sách và chọn lại.", "Go back to the list and choose again."),
    )  # fmt: skip


def _visible(queryset: QuerySet[W], actor: Actor, of_agencies: AgencyBox, own: Q) -> QuerySet[W]:
    allowed = own if actor.is_authenticated else NOBODY
    for each in actor.permissions:
        if not {Action.DIRECT, Action.HANDLE, Action.AUDIT} & each.actions:
            continue
        box = _box(each, of_agencies)
        if box is None:
            return queryset
        allowed |= box
    return queryset.filter(pk__in=queryset.model._default_manager.filter(allowed).values("pk"))


def _within(rows: QuerySet[W], actor: Actor, action: Action, of_agencies: AgencyBox | None) -> bool:
    boxes = [_box(each, of_agencies or has_work) for each in actor.permissions if action in each.actions]
    if not boxes:
        return False
    return None in boxes or rows.filter(_any([each for each in boxes if each is not None])).exists()


def _any(boxes: list[Q]) -> Q:
    found = NOBODY
    for each in boxes:
        found |= each
    return found


def _leads(agencies: frozenset[int]) -> Q:
    return Q(lead__in=agencies)


def _box(permission: Permission, of_agencies: AgencyBox) -> Q | None:
    """The filter of one permission; None when it limits nothing."""
    if permission.field is None and permission.agencies is None and permission.areas is None:
        return None
    box = Q()
    if permission.field is not None:
        box &= Q(field=permission.field)
    if permission.areas is not None:
        box &= Q(unit__in=permission.areas.ids)
    if permission.agencies is not None:
        box &= of_agencies(permission.agencies.ids)
    return box


def _of_incident(agencies: frozenset[int]) -> Q:
    return has_work(agencies) | Q(tasks__lead__in=agencies) | Q(directives__lead__in=agencies)


def _of_directive(agencies: frozenset[int]) -> Q:
    return has_work(agencies) | Q(tasks__lead__in=agencies) | Q(tasks__supporting__in=agencies)


def _of_task(agencies: frozenset[int]) -> Q:
    return has_work(agencies) | Q(directive__lead__in=agencies) | Q(incident__lead__in=agencies) | Q(parent__lead__in=agencies)
