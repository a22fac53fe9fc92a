"""Who may change the register: an actor that may configure. Reading it is free to all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from toancanh.kernel.problem import Problem
from toancanh.kernel.text import Text

CONFIGURE: Any = "configure"


class Writer(Protocol):
    """As much of an actor as this room needs: a name for the record, and an answer to "may you?"."""

    @property
    def label(self) -> str: ...
    @property
    def read_only(self) -> bool: ...
    def can(self, action: Any) -> bool: ...


@dataclass(frozen=True)
class CommandLine:
    """Whoever has a shell on the machine."""

    label: str = "command line"
    read_only: bool = False

    def can(self, action: Any) -> bool:  # noqa: ARG002
        return True


def may_configure(actor: Writer) -> None:
    """Raise `Problem` (403) unless `actor` may change units."""
    if actor.read_only or not actor.can(CONFIGURE):
        raise Problem(
            "not-allowed",
            403,
            Text("Không có quyền", "Not allowed"),
            Text(
                "Chỉ người có quyền cấu hình được sửa danh mục đơn vị. Liên hệ quản trị hệ thống.",
                "Only people who may configure can change the register of units. Ask an administrator.",
            ),
        )
