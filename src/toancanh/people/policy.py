"""Permission as filters: what an actor may see as sets and querysets, and one refusal for services.

A set of None means "no limit". A side (field, agency, area) that the question does not name is not tested.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text
from toancanh.people.permissions import Actor, Permission, Place, Reach
from toancanh.people.roles import ACTION_TITLES, Action

M = TypeVar("M", bound=Model)
_READING = frozenset({Action.VIEW, Action.AUDIT})


def visible_fields(actor: Actor, action: Action = Action.VIEW) -> set[str] | None:
    """Codes of the packs in which `action` is allowed somewhere; None = all."""
    fields = {each.field for each in _with(actor, action)}
    return None if None in fields else {each for each in fields if each is not None}


def named_units(actor: Actor) -> list[str]:
    """Keys of the units that the permissions to view name, the places before the agencies: what is the actor's own."""
    boxes = _with(actor, Action.VIEW)
    named = [each.areas.key for each in boxes if each.areas] + [each.agencies.key for each in boxes if each.agencies]
    return list(dict.fromkeys(named))


def restrict(
    queryset: QuerySet[M],
    actor: Actor,
    action: Action = Action.VIEW,
    *,
    field: str = "",
    agency: str = "",
    area: str = "",
    fields_to: Callable[[str], Collection[str]] | None = None,
) -> QuerySet[M]:
    """The rows on which `action` is allowed, exactly (a grant is a box: its sides hold together).

    `field`, `agency`, `area` name the columns that hold a pack's code and units ("unit", "source__owner"); "" = no such column.
    `fields_to(pack)` gives the values of the field column that belong to a pack, when it holds something finer (indicator codes).
    """
    allowed: Q | None = None
    for each in _with(actor, action):
        box = _box(each, field, agency, area, fields_to)
        if box is None:
            return queryset
        allowed = box if allowed is None else allowed | box
    return queryset.none() if allowed is None else queryset.filter(allowed)


def require(
    actor: Actor, action: Action, *, field: str | None = None, agency: Place | None = None, area: Place | None = None
) -> None:
    """Raise the `Problem` "not-allowed" (403) unless `actor` may do `action` there. Services call this first."""
    if not actor.can(action, field, agency, area):
        raise not_allowed(action)
    if actor.read_only and action not in _READING:
        raise read_only()


def covers(
    actor: Actor, action: Action, *, field: str | None = None, agency: Place | None = None, area: Place | None = None
) -> bool:
    """Whether `action` is allowed for all that is meant: a side of None stands for every field, agency or place, and a permission
    that is good for some of them is not enough."""
    return any(
        each.field in (None, field) and _reaches(each.agencies, agency) and _reaches(each.areas, area)
        for each in _with(actor, action)
    )


def require_all(
    actor: Actor, action: Action, *, field: str | None = None, agency: Place | None = None, area: Place | None = None
) -> None:
    """Raise the `Problem` "not-allowed" (403) unless `covers`: for acts whose field or place may be left open."""
    require(actor, action, field=field, agency=agency, area=area)
    if not covers(actor, action, field=field, agency=agency, area=area):
        raise not_allowed(action)


def require_everywhere(actor: Actor, action: Action) -> None:
    """As `require`, for acts that have no field or place: a permission limited to some of them is not enough."""
    require_all(actor, action)


def not_allowed(action: Action) -> Problem:
    """The refusal for lack of a permission."""
    title = ACTION_TITLES[action]
    return Problem(
        "not-allowed",
        403,
        Text("Bạn chưa có quyền", "You do not have this permission"),
        Text(
            f"Việc này cần quyền “{title.vi}”. Đề nghị quản trị hệ thống cấp quyền cho tài khoản của bạn.",
            f"This needs the permission “{title.en}”. Ask the administrator to grant it to your account.",
        ),
    )


def own_password_first() -> Problem:
    """The refusal of whatever else is asked with a temporary password."""
    return Problem(
        "own-password-first", 403, Text("Cần đổi mật khẩu tạm", "Choose your own password first"),
        Text("Đổi mật khẩu tạm trên trang Tổng quan rồi thực hiện lại.", "Replace the temporary password on the overview first."),
    )  # fmt: skip


def read_only() -> Problem:
    """The refusal to write while looking through somebody else's eyes, or from a wall."""
    return Problem(
        "read-only",
        403,
        Text("Đang ở chế độ chỉ xem", "View only"),
        Text(
            "Thoát chế độ “xem như” hoặc dùng tài khoản của bạn ở máy khác rồi thực hiện lại.",
            "Leave the preview, or use your own account on another machine, and try again.",
        ),
    )


def _with(actor: Actor, action: Action) -> list[Permission]:
    return [each for each in actor.permissions if action in each.actions]


def _reaches(side: Reach | None, place: Place | None) -> bool:
    return side is None or (place is not None and side.covers(place))


def _box(
    permission: Permission, field: str, agency: str, area: str, fields_to: Callable[[str], Collection[str]] | None
) -> Q | None:
    """The filter of one permission; None when it limits nothing here."""
    limits: dict[str, object] = {}
    if field and permission.field is not None:
        limits[f"{field}__in"] = fields_to(permission.field) if fields_to else [permission.field]
    if agency and permission.agencies is not None:
        limits[f"{agency}__in"] = permission.agencies.ids
    if area and permission.areas is not None:
        limits[f"{area}__in"] = permission.areas.ids
    return Q(**limits) if limits else None
