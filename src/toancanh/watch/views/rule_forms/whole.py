"""The form of a whole rule: what it is filled with, its fields in groups, and the rule that it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from toancanh.kernel.conditions import Overstay, Threshold
from toancanh.kernel.contracts import After, Good, Indicator, Level, Rule, Severity
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.ui.language import tx
from toancanh.ui.parts import Link
from toancanh.ui.tables import FieldView
from toancanh.units.queries import root
from toancanh.watch.definitions import as_data
from toancanh.watch.services.rules import code_of
from toancanh.watch.views.rule_forms import conditions, nodes
from toancanh.watch.views.rule_forms.typed import Options, Typed, in_hours
from toancanh.watch.views.words import GRAIN_TITLES, LEVEL_TITLES

Given = Mapping[str, str]
NAMELESS = Text("Quy tắc mới", "New rule")
_TEXTS = ("title", "advice", "basis")  # what a trial does not depend on
_CUMULATIVE = (("", Text("Giá trị của riêng từng kỳ", "Each period by itself")), ("1", Text("Lũy kế từ đầu năm", "Year to date")))


@dataclass(frozen=True)
class RuleForm:
    """The groups of fields that a page prints, and the fields that are wrong."""

    condition: conditions.ConditionView
    values: tuple[FieldView, ...]
    severity: tuple[FieldView, ...]
    rises: tuple[FieldView, ...]
    falls: tuple[FieldView, ...]
    words: tuple[FieldView, ...]
    note: FieldView
    wrong: tuple[Link, ...]


def blank(indicator: Indicator) -> Rule:
    """Where a new rule begins: a limit on the bad side, to be filled in."""
    below = indicator.good is Good.UP
    return Rule(
        code="", title=NAMELESS, indicator=indicator, every=levels_for(indicator)[-1], severity=Severity.MEDIUM,
        basis=indicator.basis, condition=Threshold(below=0.0) if below else Threshold(above=0.0),
    )  # fmt: skip


def levels_for(indicator: Indicator, chosen: Level | None = None) -> list[Level]:
    """The levels that a rule about an indicator can watch, the widest first; one that is chosen already stays on the list."""
    top = Level(root().level)
    found = [top]
    if indicator.dataset.agency:
        found.append(Level.AGENCY)
    if indicator.dataset.area and top is Level.PROVINCE:
        found += [Level.CUSTOM, Level.COMMUNE]
    return found if chosen is None or chosen in found else [*found, chosen]


def filled(rule: Rule) -> dict[str, str]:
    """The form of a rule as it is."""
    found = nodes.flat(conditions.with_defaults(nodes.of_condition(rule.condition)))
    found |= {
        "every": rule.every.value,
        "grain": rule.watched_grain.value,
        "cumulative": "1" if rule.cumulative else "",
        "by": rule.by.name if rule.by else "",
        "hold": in_hours(rule.hold),
        "sample": "" if rule.smallest_base is None else str(rule.smallest_base),
        "severity": rule.severity.value,
        "title_vi": rule.title.vi,
        "title_en": rule.title.en,
        "advice_vi": rule.advice.vi if rule.advice else "",
        "advice_en": rule.advice.en if rule.advice else "",
        "basis": rule.basis,
    }
    if not rule.code:
        found |= {f"{nodes.ROOT}_limit": "", "title_vi": "", "title_en": ""}  # a new rule has neither limit nor name yet
    for word, steps in (("rise", rule.rises), ("fall", rule.falls)):
        found |= {f"{word}_{each.severity.value}": in_hours(each.wait) for each in steps}
    return found


def sent(rule: Rule, post: Given) -> tuple[dict[str, str], nodes.Node]:
    """What is typed now, over the form of `rule`, with an added or dropped part where `act` asks for it; and its condition."""
    given = filled(rule) | dict(post)
    node = nodes.of_given(given)
    verb, _, path = post.get("act", "").partition(":")
    if verb in ("add", "drop"):
        node = nodes.edited(node, verb, path)
    node = conditions.with_defaults(node)
    kept = {name: words for name, words in given.items() if not name.startswith(f"{nodes.ROOT}_")}
    return kept | nodes.flat(node), node


def form_of(rule: Rule, node: nodes.Node, typed: Typed) -> RuleForm:
    """The fields, with what was typed and what is wrong with it."""
    severities = tuple((each.value, SEVERITY_TITLES[each]) for each in Severity)
    form = RuleForm(
        condition=conditions.view_of(node, typed, rule.indicator),
        values=tuple(_values(rule, typed)),
        severity=(
            typed.select("severity", Text("Mức độ khi bắt đầu báo", "Severity when it rings"), severities),
            typed.box("hold", Text("Kéo dài ít nhất (giờ)", "Must last (hours)"), required=True,
                      hint=Text("0: báo ngay.", "0: rings at once.")),
            typed.box("sample", Text("Số bản ghi tối thiểu", "Smallest sample"),
                      hint=Text("Để trống: theo chỉ tiêu.", "Left empty: as the indicator has it.")),
        ),
        rises=_steps(typed, "rise", list(Severity)[1:]),
        falls=_steps(typed, "fall", list(reversed(Severity))[1:]),
        words=_words(typed),
        note=typed.box("note", Text("Lý do thay đổi", "Why it is changed"), kind="text"),
        wrong=(),
    )  # fmt: skip
    labels = {each.name: each.label for each in _plain_fields(form)} | _labels(form.condition)
    wrong = tuple(Link(f"{labels[name]}: {tx(why)}", f"#f-{name}") for name, why in typed.wrong.items() if name in labels)
    return replace(form, wrong=wrong)


def _plain_fields(form: RuleForm) -> tuple[FieldView, ...]:
    return (*form.values, *form.severity, *form.rises, *form.falls, *form.words, form.note)


def _labels(view: conditions.ConditionView, above: str = "") -> dict[str, str]:
    """What the fields of a condition are called in a list of them: with the part that they belong to."""
    found = {each.name: f"{above}{each.label}" for each in (view.kind, *view.fields)}
    for part in view.parts:
        found |= _labels(part, f"{above}{part.title}: ")
    return found


def _values(rule: Rule, typed: Typed) -> list[FieldView]:
    indicator = rule.indicator
    levels: Options = [(each.value, LEVEL_TITLES[each]) for each in levels_for(indicator, rule.every)]
    found = [typed.select("every", Text("Theo dõi ở", "Watches"), levels)]
    if len(indicator.grains) > 1:
        grains = [(each.value, GRAIN_TITLES[each]) for each in indicator.grains]
        found.append(typed.select("grain", Text("Giá trị theo", "Values by"), grains))
    if indicator.cumulative:
        found.append(typed.select("cumulative", Text("Cách tính", "Counted"), _CUMULATIVE))
    if indicator.by:
        columns = [(each.name, each_title(indicator, each.name)) for each in indicator.by]
        whole = ("", Text("Không tách: cả giá trị chung", "Not taken apart: the whole value"))
        found.append(typed.select("by", Text("Tách riêng từng", "Each apart"), (whole, *columns)))
    return found


def each_title(indicator: Indicator, column: str) -> Text:
    """What a column of the indicator's dataset is called."""
    return next((each.title for each in indicator.dataset.fields if each.name == column), Text(column, column))


def _steps(typed: Typed, word: str, severities: Sequence[Severity]) -> tuple[FieldView, ...]:
    def label(severity: Severity) -> Text:
        title = SEVERITY_TITLES[severity]
        if word == "rise":
            return Text(f"Nâng lên {title.vi.lower()} sau (giờ)", f"Rises to {title.en.lower()} after (hours)")
        return Text(f"Hạ xuống {title.vi.lower()} sau (giờ)", f"Falls to {title.en.lower()} after (hours)")

    return tuple(typed.box(f"{word}_{each.value}", label(each)) for each in severities)


def _words(typed: Typed) -> tuple[FieldView, ...]:
    advice = Text("Báo xong thì làm gì trước.", "What to do first when it rings.")
    return (
        typed.box("title_vi", Text("Tên quy tắc, tiếng Việt", "Name in Vietnamese"), kind="text", required=True),
        typed.box("title_en", Text("Tên quy tắc, tiếng Anh", "Name in English"), kind="text", required=True),
        typed.box("advice_vi", Text("Việc cần làm, tiếng Việt", "What to do, in Vietnamese"), kind="textarea", hint=advice),
        typed.box("advice_en", Text("Việc cần làm, tiếng Anh", "What to do, in English"), kind="textarea", hint=advice),
        typed.box("basis", Text("Căn cứ pháp lý", "Legal basis"), kind="text", required=True),
    )


def read(rule: Rule, node: nodes.Node, typed: Typed, *, named: bool = True) -> Rule | None:
    """The rule that the form says; None when something is wrong, which `typed.wrong` then tells field by field.

    Without `named` its words may still be missing, so that a rule can be tried before it has a name.
    """
    condition = conditions.read(node, typed, rule.indicator)
    every = typed.choice("every", [each.value for each in levels_for(rule.indicator, rule.every)])
    severity = typed.choice("severity", [each.value for each in Severity])
    grain = typed.choice("grain", [each.value for each in rule.indicator.grains])
    by = typed.choice("by", ["", *(each.name for each in rule.indicator.by)])
    cumulative = typed.choice("cumulative", ["", "1"] if rule.indicator.cumulative else [""])
    if by and isinstance(condition, Overstay):
        typed.fail("by", Text("Đã báo từng hồ sơ: chọn không tách.", "Single records are told already: do not take it apart."))
    hold = typed.hours("hold")
    sample = typed.whole("sample", needed=False)
    words = _read_words(typed, rule, named=named)
    rises: tuple[After, ...] = ()
    falls: tuple[After, ...] = ()
    if severity is not None:
        order = list(Severity)
        rises = _read_steps(typed, "rise", order, Severity(severity))
        falls = _read_steps(typed, "fall", order[::-1], Severity(severity))
    if typed.wrong or condition is None or every is None or severity is None or grain is None or hold is None:
        return None
    own = rule.grain if grain == rule.watched_grain.value else Grain(grain)
    return replace(
        words, condition=condition, every=Level(every), severity=Severity(severity), grain=own, hold=hold, smallest_base=sample,
        by=next((each for each in rule.indicator.by if each.name == by), None), cumulative=cumulative == "1", rises=rises,
        falls=falls,
    )  # fmt: skip


def _read_words(typed: Typed, rule: Rule, *, named: bool) -> Rule:
    title = Text(typed.words("title_vi", needed=named, longest=120), typed.words("title_en", needed=named, longest=120))
    vi, en = typed.words("advice_vi", needed=False), typed.words("advice_en", needed=False)
    if bool(vi) != bool(en):
        both = Text("Viết bằng cả hai thứ tiếng, hoặc để trống cả hai.", "Write it in both languages, or leave both empty.")
        typed.fail("advice_en" if vi else "advice_vi", both)
    basis = typed.words("basis", needed=named) or rule.basis
    return replace(rule, title=title, advice=Text(vi, en) if vi and en else None, basis=basis)


def _read_steps(typed: Typed, word: str, order: Sequence[Severity], begin: Severity) -> tuple[After, ...]:
    """The timed steps, from `begin` on; each must come later than the one before and lead away from `begin`."""
    found: list[After] = []
    for each in order:
        wait = typed.hours(f"{word}_{each.value}", needed=False, least=1 / 60)
        if wait is None:
            continue
        if order.index(each) <= order.index(begin):
            title = SEVERITY_TITLES[begin]
            why = f"Bắt đầu đã ở mức {title.vi.lower()}: để trống ô này."
            typed.fail(f"{word}_{each.value}", Text(why, f"It begins as {title.en.lower()}: leave this empty."))
        elif found and wait <= found[-1].wait:
            typed.fail(f"{word}_{each.value}", Text("Phải lâu hơn bước trước.", "It must take longer than the step before."))
        else:
            found.append(After(timedelta(seconds=round(wait.total_seconds())), each))
    return tuple(found)


def named(rule: Rule) -> Rule:
    """A new rule with the code that its title makes."""
    return replace(rule, code=code_of(rule.title))


def fingerprint(rule: Rule) -> str:
    """What a trial was run on: the rule without its words."""
    data = {name: value for name, value in as_data(rule).items() if name not in _TEXTS}
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:24]
