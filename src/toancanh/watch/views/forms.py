"""The forms of alerts: filters, a false positive, a silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from toancanh.kernel.contracts import Severity
from toancanh.kernel.registry import registry
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.permissions import Action, Actor
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView
from toancanh.watch.models import State
from toancanh.watch.queries import Filters
from toancanh.watch.views.words import STATE_TITLES

Act = Callable[[], object]
Given = Mapping[str, str]
HOURS = (1, 4, 24, 72, 168, 720)


def whole(text: str, otherwise: int) -> int:
    """A whole number typed or sent; `otherwise` when it is none."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else otherwise


def filters_of(given: Given) -> Filters:
    """What the list is asked for; unknown words ask for nothing."""
    state = given.get("state", "open")
    known = {"open", "over", "all", *State.values}
    severity, order = given.get("severity", ""), given.get("order", "")
    return Filters(
        state=state if state in known else "open",
        severity=severity if severity in {each.value for each in Severity} else "",
        field=given.get("field", ""),
        rule=given.get("rule", ""),
        order=order if order in ("worst", "newest") else "",
    )


def filter_fields(actor: Actor, filters: Filters) -> tuple[FieldView, ...]:
    """The selects above the list."""
    states = (
        ("open", t("Đang mở", "Open")),
        (State.ACKNOWLEDGED.value, tx(STATE_TITLES[State.ACKNOWLEDGED])),
        (State.FALSE_POSITIVE.value, tx(STATE_TITLES[State.FALSE_POSITIVE])),
        ("over", t("Đã hết", "Over")),
        ("all", t("Tất cả", "All")),
    )
    severities = (("", t("Mọi mức", "Any")), *((each.value, tx(SEVERITY_TITLES[each])) for each in reversed(Severity)))
    fields = (
        ("", t("Mọi lĩnh vực", "Every field")),
        *((each.code, tx(each.title)) for each in registry.packs() if actor.can(Action.VIEW, each.code)),
    )
    orders = (("worst", t("Nặng nhất trước", "The worst first")), ("newest", t("Mới nhất trước", "The newest first")))
    return (
        _select("state", t("Trạng thái", "State"), states, filters.state),
        _select("severity", t("Mức độ", "Severity"), severities, filters.severity),
        _select("field", t("Lĩnh vực", "Field"), fields, filters.field),
        _select("order", t("Thứ tự", "Order"), orders, "worst" if filters.worst_first else "newest"),
        FieldView(name="rule", label="", kind="hidden", value=filters.rule),
    )


def _select(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> FieldView:
    choices = tuple(Choice(value=value, label=word, chosen=value == chosen) for value, word in options)
    return FieldView(name=name, label=label, kind="select", choices=choices, required=True)


def false_fields(given: Given) -> tuple[FieldView, ...]:
    """Why it is a false positive."""
    hint = t("Lý do được ghi vào thành tích của quy tắc.", "The reason goes into the record of the rule.")
    label = t("Lý do báo nhầm", "Why it is a false positive")
    return (FieldView(name="false_reason", label=label, hint=hint, value=given.get("false_reason", ""), required=True),)


def hush_fields(given: Given) -> tuple[FieldView, ...]:
    """What is silent, how long, and why."""
    scopes = (
        ("here", t("Quy tắc này tại nơi này", "This rule at this place")),
        ("rule", t("Quy tắc này ở mọi nơi", "This rule everywhere")),
        ("place", t("Mọi quy tắc tại nơi này", "Every rule at this place")),
    )
    hours = tuple((str(each), _hours(each)) for each in HOURS)
    return (
        _select("scope", t("Tạm dừng báo", "Silence"), scopes, given.get("scope", "here")),
        _select("hours", t("Trong", "For"), hours, given.get("hours", "4")),
        FieldView(name="hush_reason", label=t("Lý do tạm dừng báo", "Why"), value=given.get("hush_reason", ""), required=True),
        FieldView(
            name="planned", label=t("Sự kiện có kế hoạch", "A planned event"), kind="checkbox", checked=bool(given.get("planned"))
        ),
    )


def hours_of(given: Given) -> int:
    """How long it is to be silent, of the lengths on offer; 0 for any other."""
    hours = whole(given.get("hours", ""), 0)
    return hours if hours in HOURS else 0


def _hours(count: int) -> str:
    if count < 24:
        return t(f"{count} giờ", f"{count} h")
    days = count // 24
    return t(f"{days} ngày", "1 day" if days == 1 else f"{days} days")
