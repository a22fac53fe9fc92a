"""The fields of a condition in its form, and the condition that they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toancanh.kernel.condition_words import PERCENT, limit_unit
from toancanh.kernel.conditions import (
    Against,
    Behind,
    By,
    Change,
    Condition,
    Leaf,
    Overstay,
    Rate,
    Seasonal,
    Silent,
    Stay,
    Threshold,
    TooLong,
    leaves,
)
from toancanh.kernel.contracts import Good, Indicator
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.ui.language import t, tx
from toancanh.ui.tables import FieldView
from toancanh.watch.definitions import LEAVES
from toancanh.watch.views.rule_forms.nodes import COUNTED, DEEPEST, JOINED, MOST_PARTS, ROOT, Node
from toancanh.watch.views.rule_forms.typed import HOUR, LARGEST, Typed

KINDS: dict[str, Text] = {
    "threshold": Text("Giá trị vượt ngưỡng", "The value crosses a limit"),
    "behind": Text("Chậm so với kế hoạch", "Behind its target"),
    "change": Text("Thay đổi so với kỳ trước hoặc cùng kỳ", "Changed against an earlier period"),
    "rate": Text("Tốc độ thay đổi", "How fast it moves"),
    "seasonal": Text("Lệch khỏi mức thường thấy theo mùa", "Off what is usual for the season"),
    "silent": Text("Nguồn ngừng gửi số liệu", "A source falls silent"),
    "too_long": Text("Trạng thái kéo dài quá lâu", "A state lasts too long"),
    "overstay": Text("Từng hồ sơ ở một trạng thái quá lâu", "Single records in a state too long"),
    "all": Text("Tất cả của nhiều điều kiện", "All of several conditions"),
    "any": Text("Một trong nhiều điều kiện", "Any of several conditions"),
}
SIDES = (("above", Text("cao hơn ngưỡng", "above the limit")), ("below", Text("thấp hơn ngưỡng", "below the limit")))
UPWARD = ("behind", "silent", "too_long", "overstay")  # they measure a distance or a length: the limit is always an upper one
_COUNTED = (("day", Text("ngày", "days")), ("hour", Text("giờ", "hours")), ("minute", Text("phút", "minutes")))
_AGAINST = (
    (Against.PREVIOUS.value, Text("kỳ ngay trước", "the previous period")),
    (Against.YEAR_BEFORE.value, Text("cùng kỳ năm trước", "the same period last year")),
)
_DEFAULTS = {
    "side": "above", "by": By.PERCENT.value, "against": Against.PREVIOUS.value, "per": "1", "periods": "1", "seasons": "8",
    "counted": "day", "most": "10",
}  # fmt: skip


@dataclass(frozen=True)
class ConditionView:
    """One condition in the form; a group has `parts`."""

    path: str
    title: str
    fields: tuple[FieldView, ...]
    kind: FieldView
    was: FieldView
    parts: tuple[ConditionView, ...] = ()
    joined: bool = False
    word: str = ""  # between the parts
    may_add: bool = False
    may_drop: bool = False


def kinds_for(indicator: Indicator, depth: int = 0, chosen: str = "") -> dict[str, Text]:
    """The kinds of condition that can work for an indicator; one that is chosen already stays on the list."""
    without: set[str] = set()
    if indicator.target is None or indicator.good is Good.NEUTRAL:
        without.add("behind")
    if depth:
        without |= {"silent", "overstay"}
    if not stays_of(indicator):
        without.add("overstay")
    if depth >= DEEPEST:
        without |= set(JOINED)
    return {kind: title for kind, title in KINDS.items() if kind not in without or kind == chosen}


def stays_of(indicator: Indicator) -> dict[str, Stay]:
    """The states of single records, by code, that the rules of its field know in the indicator's dataset."""
    rules = [each for each in registry.rules() if each.indicator.dataset.code == indicator.dataset.code]
    return {leaf.stay.code: leaf.stay for rule in rules for leaf in leaves(rule.condition) if isinstance(leaf, Overstay)}


def view_of(node: Node, typed: Typed, indicator: Indicator, path: str = ROOT, *, place: int = 0) -> ConditionView:
    """The fields of a condition and of all its parts."""
    depth = path.count("_")
    kinds = kinds_for(indicator, depth, node.kind)
    title = t("Điều kiện", "Condition") + (f" {place}" if depth else "")
    parts = tuple(
        view_of(each, typed, indicator, f"{path}_{number}", place=number + 1) for number, each in enumerate(node.parts)
    )
    hidden = FieldView(name=f"{path}_parts", label="", kind="hidden", value=str(len(parts)))
    return ConditionView(
        path=path,
        title=title,
        kind=typed.select(f"{path}_kind", Text("Loại điều kiện", "Kind of condition"), tuple(kinds.items())),
        was=FieldView(name=f"{path}_was", label="", kind="hidden", value=node.kind),
        fields=(hidden,) if node.joined else tuple(_fields(node, typed, indicator, path)),
        parts=parts,
        joined=node.joined,
        word=t("và", "and") if node.kind == "all" else t("hoặc", "or"),
        may_add=node.joined and len(parts) < MOST_PARTS,
        may_drop=depth > 0,
    )


def _fields(node: Node, typed: Typed, indicator: Indicator, path: str) -> list[FieldView]:
    unit = tx(limit_unit(_stub(node), indicator.unit))
    found = [build(typed, path, indicator) for build in _EXTRA.get(node.kind, ())]
    if node.kind not in UPWARD:
        found.append(typed.select(f"{path}_side", Text("Báo khi", "Rings when it is"), SIDES))
    limit = Text(f"Ngưỡng báo ({unit})", f"Limit ({unit})")
    over = Text(f"Hết khi về ({unit})", f"Over at ({unit})")
    hint = Text("Để trống: bằng ngưỡng báo.", "Left empty: the limit itself.")
    found.append(typed.box(f"{path}_limit", limit, required=True))
    if node.kind != "overstay":  # it is over when the record has left the state
        found.append(typed.box(f"{path}_clears", over, hint=hint))
    return found


def _stub(node: Node) -> Leaf:
    """A condition of the kind, good enough to name the unit of its limits."""
    words = _DEFAULTS | dict(node.typed)
    by = By.POINTS if words["by"] == By.POINTS.value else By.PERCENT
    match node.kind:
        case "behind":
            return Behind(above=0.0, by=by)
        case "change":
            return Change(above=0.0, against=Against.PREVIOUS, by=by)
        case "rate":
            return Rate(above=0.0, per=Typed({"per": words["per"]}).hours("per", least=1 / 60) or HOUR)
        case "seasonal":
            return Seasonal(above=0.0, least=1.0)
    return {"silent": Silent, "too_long": TooLong, "overstay": TooLong}.get(node.kind, Threshold)(above=0.0)


Build = Callable[[Typed, str, Indicator], FieldView]


def _by(typed: Typed, path: str, indicator: Indicator) -> FieldView:
    points = Text("điểm %", "points") if indicator.unit == PERCENT else indicator.unit
    options = ((By.PERCENT.value, Text("phần trăm", "per cent")), (By.POINTS.value, points))
    return typed.select(f"{path}_by", Text("Tính bằng", "Measured in"), options)


def _against(typed: Typed, path: str, _: Indicator) -> FieldView:
    return typed.select(f"{path}_against", Text("So với", "Against"), _AGAINST)


def _per(typed: Typed, path: str, _: Indicator) -> FieldView:
    return typed.box(f"{path}_per", Text("Tốc độ tính cho mỗi (giờ)", "Speed for each (hours)"), required=True)


def _periods(typed: Typed, path: str, _: Indicator) -> FieldView:
    return typed.box(f"{path}_periods", Text("Nhìn lại (số kỳ)", "Looks back (periods)"), required=True)


def _least(typed: Typed, path: str, indicator: Indicator) -> FieldView:
    label = Text(f"Độ lệch nhỏ nhất ({indicator.unit.vi})", f"Smallest spread ({indicator.unit.en})")
    hint = Text("Lệch ít hơn mức này luôn là bình thường.", "Any smaller distance is usual.")
    return typed.box(f"{path}_least", label, hint=hint, required=True)


def _seasons(typed: Typed, path: str, _: Indicator) -> FieldView:
    hint = Text("Cùng giờ trong tuần, cùng thứ, hoặc cùng tháng.", "Same hour of the week, day of the week or month.")
    return typed.box(f"{path}_seasons", Text("Học từ (số kỳ cùng mùa)", "Learns from (seasons)"), hint=hint, required=True)


def _counted(typed: Typed, path: str, _: Indicator) -> FieldView:
    return typed.select(f"{path}_counted", Text("Chỉ tiêu đếm bằng", "The indicator counts in"), _COUNTED)


def _stay(typed: Typed, path: str, indicator: Indicator) -> FieldView:
    options = tuple((code, stay.title) for code, stay in stays_of(indicator).items())
    return typed.select(f"{path}_stay", Text("Trạng thái", "State"), options)


def _most(typed: Typed, path: str, _: Indicator) -> FieldView:
    hint = Text("Ở lâu nhất trước; còn lại báo chung một lần.", "The longest first; all others in one alert.")
    label = Text("Báo riêng tối đa, mỗi nơi", "One by one at most, each place")
    return typed.box(f"{path}_most", label, hint=hint, required=True)


_EXTRA: dict[str, tuple[Build, ...]] = {
    "behind": (_by,), "change": (_against, _by), "rate": (_per, _periods), "seasonal": (_least, _seasons),
    "too_long": (_counted,), "overstay": (_stay, _most),
}  # fmt: skip


def with_defaults(node: Node) -> Node:
    """The tree with a first choice wherever nothing was typed yet."""
    if node.joined:
        return Node(node.kind, {}, tuple(with_defaults(each) for each in node.parts))
    return Node(node.kind, _DEFAULTS | dict(node.typed))


def read(node: Node, typed: Typed, indicator: Indicator, path: str = ROOT) -> Condition | None:
    """The condition; None when something of it is wrong."""
    depth = path.count("_")
    if node.kind not in kinds_for(indicator, depth):
        typed.fail(f"{path}_kind", _why_not(node.kind))
        return None
    if not node.joined:
        return _leaf(node, typed, indicator, path)
    parts = [read(each, typed, indicator, f"{path}_{number}") for number, each in enumerate(node.parts)]
    if len(parts) < 2:
        typed.fail(f"{path}_kind", Text("Cần ít nhất hai điều kiện: thêm một điều kiện.", "It takes two at least: add one."))
        return None
    known = tuple(each for each in parts if each is not None)
    return JOINED[node.kind](known) if len(known) == len(parts) else None


def _why_not(kind: str) -> Text:
    if kind == "behind":
        return Text("Chỉ tiêu này không có kế hoạch để so. Chọn loại khác.", "This indicator has no target. Choose another kind.")
    if kind == "overstay":
        return Text("Theo dõi từng hồ sơ phải là quy tắc riêng.", "Watching single records takes a rule of its own.")
    if kind == "silent":
        return Text("Việc nguồn ngừng gửi phải là quy tắc riêng.", "The silence of a source takes a rule of its own.")
    return Text("Chọn một loại điều kiện.", "Choose a kind of condition.")


def _leaf(node: Node, typed: Typed, indicator: Indicator, path: str) -> Leaf | None:
    upward = node.kind in UPWARD
    side = "above" if upward else typed.choice(f"{path}_side", ("above", "below"))
    limit = typed.number(f"{path}_limit", least=0.01 if upward else -LARGEST)
    clears = typed.number(f"{path}_clears", needed=False) if node.kind != "overstay" else None
    if side is not None and limit is not None:
        check_clears(typed, f"{path}_clears", (side, limit, clears))
    given: dict[str, Any] = {side or "above": limit, "clears_at": clears} | _READ.get(node.kind, _nothing)(typed, path, indicator)
    mine = [name for name in typed.wrong if name.startswith(f"{path}_")]
    return None if mine or side is None else LEAVES[node.kind](**given)


def check_clears(typed: Typed, name: str, typed_limit: tuple[str, float, float | None]) -> None:
    """A value that clears must lie on the safe side of its limit."""
    side, limit, clears = typed_limit
    if clears is not None and (clears > limit if side == "above" else clears < limit):
        vi, en = ("bằng hoặc thấp hơn", "equal to or below") if side == "above" else ("bằng hoặc cao hơn", "equal to or above")
        typed.fail(name, Text(f"Mức hết phải {vi} ngưỡng báo.", f"It must be {en} the limit."))


Read = Callable[[Typed, str, Indicator], dict[str, Any]]


def _nothing(_: Typed, __: str, ___: Indicator) -> dict[str, Any]:
    return {}


def _read_by(typed: Typed, path: str, _: Indicator) -> dict[str, Any]:
    found = typed.choice(f"{path}_by", [each.value for each in By])
    return {"by": By(found)} if found else {}


def _read_change(typed: Typed, path: str, indicator: Indicator) -> dict[str, Any]:
    found = typed.choice(f"{path}_against", [each.value for each in Against])
    return _read_by(typed, path, indicator) | ({"against": Against(found)} if found else {})


def _read_rate(typed: Typed, path: str, _: Indicator) -> dict[str, Any]:
    return {"per": typed.hours(f"{path}_per", least=1 / 60), "periods": typed.whole(f"{path}_periods", least=1, most=366)}


def _read_seasonal(typed: Typed, path: str, _: Indicator) -> dict[str, Any]:
    return {
        "least": typed.number(f"{path}_least", least=0.000001),
        "seasons": typed.whole(f"{path}_seasons", least=2, most=104),
    }


def _read_counted(typed: Typed, path: str, _: Indicator) -> dict[str, Any]:
    found = typed.choice(f"{path}_counted", COUNTED)
    return {"counted_in": COUNTED[found]} if found else {}


def _read_stay(typed: Typed, path: str, indicator: Indicator) -> dict[str, Any]:
    known = stays_of(indicator)
    found, most = typed.choice(f"{path}_stay", known), typed.whole(f"{path}_most", least=1, most=100)
    return ({"stay": known[found]} if found else {}) | {"most": most}


_READ: dict[str, Read] = {
    "behind": _read_by, "change": _read_change, "rate": _read_rate, "seasonal": _read_seasonal, "too_long": _read_counted,
    "overstay": _read_stay,
}  # fmt: skip
