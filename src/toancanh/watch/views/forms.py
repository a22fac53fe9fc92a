"""The forms of this room: filters, a false positive, a silence, the limits of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from toancanh.kernel.condition_words import limit_unit, number
from toancanh.kernel.conditions import leaves, with_limits
from toancanh.kernel.contracts import After, Rule, Severity
from toancanh.kernel.numbers_in_text import parse_number
from toancanh.kernel.problem import Problem
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.permissions import Action, Actor
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Choice, FieldView
from toancanh.units.models import Unit
from toancanh.watch.models import State
from toancanh.watch.queries import Filters
from toancanh.watch.views.words import STATE_TITLES

Act = Callable[[], object]
Given = Mapping[str, str]
HOURS = (1, 4, 24, 72, 168, 720)
LARGEST = 10**9


def whole(text: str, otherwise: int) -> int:
    """A whole number typed or sent; `otherwise` when it is none."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else otherwise


def filters_of(given: Given) -> Filters:
    """What the list is asked for; unknown words ask for nothing."""
    state = given.get("state", "open")
    known = {"open", "over", "all", *State.values}
    severity = given.get("severity", "")
    return Filters(
        state=state if state in known else "open",
        severity=severity if severity in {each.value for each in Severity} else "",
        field=given.get("field", ""),
        rule=given.get("rule", ""),
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
    return (
        _select("state", t("Trạng thái", "State"), states, filters.state),
        _select("severity", t("Mức độ", "Severity"), severities, filters.severity),
        _select("field", t("Lĩnh vực", "Field"), fields, filters.field),
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


def limit_fields(rule: Rule, given: Given, prefix: str = "") -> tuple[FieldView, ...]:
    """A limit and a value that clears it for each leaf of the condition."""
    found: list[FieldView] = []
    parts = list(leaves(rule.condition))
    for place, leaf in enumerate(parts):
        unit = tx(limit_unit(leaf, rule.indicator.unit))
        which = f" {place + 1}" if len(parts) > 1 else ""
        side = t("Báo khi trên", "Rings above") if leaf.above is not None else t("Báo khi dưới", "Rings below")
        clears = "" if leaf.clears_at is None else tx(number(leaf.clears_at, 4))
        limit, over = f"{prefix}limit_{place}", f"{prefix}clears_{place}"
        found += [
            FieldView(
                name=limit,
                label=f"{side}{which} ({unit})",
                kind="number",
                value=given.get(limit, tx(number(leaf.limit, 4))),
                required=True,
            ),
            FieldView(
                name=over,
                label=t(f"Hết khi về{which} ({unit})", f"Over at{which} ({unit})"),
                kind="number",
                value=given.get(over, clears),
                hint=t("Để trống: bằng mức báo.", "Left empty: the limit itself."),
            ),
        ]
    return tuple(found)


def rule_fields(rule: Rule, given: Given, seen: int) -> tuple[FieldView, ...]:
    """All that may be changed about a rule on its page."""
    hold = tx(number(rule.hold / timedelta(hours=1), 2))
    severities = tuple((each.value, tx(SEVERITY_TITLES[each])) for each in Severity)
    return (
        *limit_fields(rule, given),
        FieldView(
            name="hold",
            label=t("Kéo dài ít nhất (giờ)", "Must last (hours)"),
            kind="number",
            value=given.get("hold", hold),
            required=True,
        ),
        _select("severity", t("Mức độ", "Severity"), severities, given.get("severity", rule.severity.value)),
        FieldView(
            name="sample",
            label=t("Số bản ghi tối thiểu", "Smallest sample"),
            kind="number",
            value=given.get("sample", "" if rule.smallest_base is None else str(rule.smallest_base)),
            hint=t("Để trống: theo chỉ tiêu.", "Left empty: as the indicator has it."),
        ),
        *_rise_fields(rule, given),
        FieldView(name="note", label=t("Lý do thay đổi", "Why it is changed"), value=given.get("note", "")),
        FieldView(name="seen", label="", kind="hidden", value=given.get("seen", str(seen))),
    )


def _rise_fields(rule: Rule, given: Given) -> tuple[FieldView, ...]:
    """After how many hours without an answer the alert gets each graver severity."""
    waits = {each.severity: tx(number(each.wait / timedelta(hours=1), 2)) for each in rule.rises}
    return tuple(
        FieldView(
            name=f"rise_{each.value}",
            label=t(
                f"Chưa ai nhận sau (giờ): nâng lên {tx(SEVERITY_TITLES[each]).lower()}",
                f"Nobody has it after (hours): rises to {tx(SEVERITY_TITLES[each]).lower()}",
            ),
            kind="number",
            value=given.get(f"rise_{each.value}", waits.get(each, "")),
            hint=t("Để trống: không nâng.", "Left empty: it does not rise."),
        )
        for each in Severity
        if each is not Severity.LOW
    )


def _rises_of(rule: Rule, given: Given) -> tuple[After, ...]:
    """The rises of the form; those of the rule where it does not ask for them."""
    asked = [each for each in Severity if f"rise_{each.value}" in given]
    if not asked:
        return rule.rises
    waits = [(each, _number(given[f"rise_{each.value}"], needed=False)) for each in asked]
    return tuple(After(timedelta(hours=wait), each) for each, wait in waits if wait is not None and _in_span(wait))


def _in_span(hours: float) -> bool:
    if not 0 < hours <= 24 * 366:
        raise unreadable(str(hours))
    return True


def _sample_of(rule: Rule, given: Given) -> int | None:
    if "sample" not in given:
        return rule.smallest_base
    text = given["sample"].strip()
    found = whole(text, -1) if text else None
    if found == -1:
        raise unreadable(text)
    return found


def changed_rule(rule: Rule, given: Given) -> Rule:
    """The rule as the form has it. Raises `Problem` 422 where a number cannot be read."""
    hold = _number(given.get("hold", ""), needed=True) or 0.0
    if not 0 <= hold <= 24 * 366:
        raise unreadable(given.get("hold", ""))
    severity = given.get("severity", "")
    if severity not in {each.value for each in Severity}:
        raise unreadable(severity)
    condition = with_limits(rule.condition, limits_of(rule, given))
    return replace(
        rule,
        condition=condition,
        hold=timedelta(hours=hold),
        severity=Severity(severity),
        smallest_base=_sample_of(rule, given),
        rises=_rises_of(rule, given),
    )


def limits_of(rule: Rule, given: Given, prefix: str = "") -> list[tuple[float, float | None]]:
    """The (limit, clears at) pairs of the form. Raises `Problem` 422."""
    found = []
    for place, _ in enumerate(leaves(rule.condition)):
        limit = _number(given.get(f"{prefix}limit_{place}", ""), needed=True)
        found.append((limit or 0.0, _number(given.get(f"{prefix}clears_{place}", ""), needed=False)))
    return found


def _number(text: str, *, needed: bool) -> float | None:
    try:
        found = parse_number(text, "." if tx(Text(",", ".")) == "." else ",")
    except ValueError:
        raise unreadable(text) from None
    if (found is None and needed) or (found is not None and abs(found) > LARGEST):
        raise unreadable(text)
    return found


def unreadable(text: str) -> Problem:
    """What was typed is no number."""
    shown = text.strip()[:40]
    return Problem(
        "not-a-number",
        422,
        Text("Chưa đọc được số", "Not a number"),
        Text(f"“{shown}” không phải là số hợp lệ. Viết như 1.234,5.", f"“{shown}” is no valid number. Write it as 1,234.5."),
    )


def local_fields(rule: Rule, units: Sequence[Unit], given: Given) -> tuple[FieldView, ...]:
    """A unit, its own limits, and why."""
    options = tuple((each.key, tx(each.title)) for each in units)
    return (
        _select("unit", t("Nơi", "Place"), options, given.get("unit", "")),
        *limit_fields(rule, given, "local_"),
        FieldView(
            name="off",
            label=t("Không theo dõi nơi này", "Do not watch this place"),
            kind="checkbox",
            checked=bool(given.get("off")),
        ),
        FieldView(
            name="local_reason",
            label=t("Lý do riêng của nơi này", "Why this place differs"),
            value=given.get("local_reason", ""),
            required=True,
        ),
    )
