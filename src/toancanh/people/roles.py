"""What each role may do before anybody grants anything: the whole table, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from toancanh.kernel.text import Text


class Action(StrEnum):
    """The kinds of act that a permission can allow."""

    VIEW = "view"
    ENTER = "enter"  # send in, correct and replay data
    APPROVE = "approve"  # approve what others entered
    DIRECT = "direct"  # give work, steer the wall
    HANDLE = "handle"  # take, report and finish work given to one's agency
    CONFIGURE = "configure"  # sources, targets, thresholds, units
    ADMINISTER = "administer"  # people, roles, grants
    AUDIT = "audit"  # read the audit record


class Role(StrEnum):
    """What somebody is at the centre."""

    LEADER = "leader"
    OPERATOR = "operator"
    OFFICER = "officer"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Standing:
    """`everywhere`: allowed in every field, agency and area. `own_agency`: allowed for the figures of one's own agency.
    `never`: not even by a grant, because the duties must stay apart."""

    title: Text
    everywhere: frozenset[Action] = frozenset()
    own_agency: frozenset[Action] = frozenset()
    never: frozenset[Action] = field(default_factory=frozenset)


def _actions(*actions: Action) -> frozenset[Action]:
    return frozenset(actions)


_A = Action
ACTION_TITLES = {
    _A.VIEW: Text("Xem", "View"),
    _A.ENTER: Text("Nhập số liệu", "Enter data"),
    _A.APPROVE: Text("Phê duyệt", "Approve"),
    _A.DIRECT: Text("Điều hành", "Direct"),
    _A.HANDLE: Text("Xử lý việc được giao", "Handle assigned work"),
    _A.CONFIGURE: Text("Cấu hình", "Configure"),
    _A.ADMINISTER: Text("Quản trị người dùng", "Administer people"),
    _A.AUDIT: Text("Xem nhật ký", "Read the audit record"),
}

# Power over people and over the record comes with a role, openly; a grant, which has a field and a place, never carries it.
BY_ROLE_ONLY = frozenset({_A.ADMINISTER, _A.AUDIT})
GRANTABLE = tuple(each for each in Action if each not in BY_ROLE_ONLY)

# Those who judge the record do not make it (auditor); those who give rights do not use them on figures (administrator).
STANDINGS = {
    Role.LEADER: Standing(Text("Lãnh đạo", "Leader"), everywhere=_actions(_A.VIEW, _A.APPROVE, _A.DIRECT, _A.HANDLE)),
    Role.OPERATOR: Standing(Text("Trực điều hành", "Operator"), everywhere=_actions(_A.VIEW, _A.ENTER, _A.DIRECT, _A.HANDLE)),
    Role.OFFICER: Standing(
        Text("Chuyên viên sở, ngành", "Officer"), everywhere=_actions(_A.VIEW),
        own_agency=_actions(_A.ENTER, _A.HANDLE),
    ),
    Role.ANALYST: Standing(Text("Phân tích viên", "Analyst"), everywhere=_actions(_A.VIEW, _A.CONFIGURE)),
    Role.ADMINISTRATOR: Standing(
        Text("Quản trị hệ thống", "Administrator"), everywhere=_actions(_A.VIEW, _A.CONFIGURE, _A.ADMINISTER, _A.AUDIT),
        never=_actions(_A.ENTER, _A.APPROVE, _A.DIRECT, _A.HANDLE),
    ),
    Role.AUDITOR: Standing(
        Text("Kiểm tra, kiểm toán", "Auditor"), everywhere=_actions(_A.VIEW, _A.AUDIT),
        never=_actions(_A.ENTER, _A.APPROVE, _A.DIRECT, _A.HANDLE, _A.CONFIGURE),
    ),
    Role.MACHINE: Standing(
        Text("Hệ thống nguồn", "Machine"), own_agency=_actions(_A.ENTER),
        never=_actions(_A.APPROVE, _A.DIRECT, _A.HANDLE, _A.CONFIGURE),
    ),
}  # fmt: skip
