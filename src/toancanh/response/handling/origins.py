"""How an incident reached the centre: one table of the ways, with their words."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Origin:
    """One way. `through` follows "received 09:24". `by_hand`: an operator may choose it; `by_system`: another system may."""

    title: Text
    through: Text
    by_hand: bool = False
    by_system: bool = False


ORIGINS = {
    "call": Origin(Text("Điện thoại, 1022", "Telephone, 1022"), Text("qua điện thoại", "by telephone"), True, True),
    "citizen": Origin(
        Text("Phản ánh của người dân", "A citizen's report"), Text("qua phản ánh của người dân", "from a citizen's report"),
        True, True,
    ),
    "camera": Origin(Text("Camera", "Camera"), Text("qua camera", "by camera"), True),
    "agency": Origin(Text("Cơ quan báo", "Reported by an agency"), Text("do cơ quan báo", "reported by an agency"), True),
    "operator": Origin(Text("Trực ban phát hiện", "Noticed at the desk"), Text("do trực ban lập", "noticed at the desk"), True),
    "alert": Origin(Text("Cảnh báo", "Alert"), Text("từ cảnh báo", "from an alert")),
    "api": Origin(Text("Hệ thống khác", "Another system"), Text("từ hệ thống khác", "from another system"), by_system=True),
}  # fmt: skip
BY_HAND = tuple(code for code, each in ORIGINS.items() if each.by_hand)
BY_SYSTEM = tuple(code for code, each in ORIGINS.items() if each.by_system)


def origin_of(code: str) -> Origin:
    """The way with this code; one that nobody knows (any more) is the desk's own."""
    return ORIGINS.get(code, ORIGINS["operator"])
