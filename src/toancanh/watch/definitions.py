"""Rules as they hold now: what packs declare, what was changed or made here, and the limits of single units, merged in one place.

`as_data` and `of_data` turn a rule into plain values and back; a rule kept in the database is the same value as a declared one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import Enum
from typing import Any

from toancanh.kernel.conditions import (
    Against,
    AllOf,
    AnyOf,
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
    with_limits,
)
from toancanh.kernel.contracts import After, Level, Pack, Rule, Severity
from toancanh.kernel.expressions import Column
from toancanh.kernel.periods import Grain
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.watch.models import LocalLimit, RuleVersion

log = logging.getLogger(__name__)

LEAVES: dict[str, type[Leaf]] = {
    "threshold": Threshold, "behind": Behind, "change": Change, "rate": Rate, "seasonal": Seasonal, "silent": Silent,
    "too_long": TooLong, "overstay": Overstay,
}  # fmt: skip
_JOINED: dict[str, type[AllOf] | type[AnyOf]] = {"all": AllOf, "any": AnyOf}
_KIND_OF = {kind: name for name, kind in (*LEAVES.items(), *_JOINED.items())}
_READ: dict[str, Any] = {"against": Against, "by": By, "stay": registry.stay}
_LENGTHS = ("per", "counted_in")


@dataclass(frozen=True)
class Watched:
    """A rule as it holds: `version` 0 is the declaration itself; `local` conditions by unit id, None where it is not watched."""

    rule: Rule
    version: int = 0
    active: bool = True
    local: Mapping[int, Condition | None] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def pack(self) -> Pack:
        """The field that the rule belongs to."""
        return registry.pack_of(self.rule.indicator)

    def condition_for(self, unit: int) -> Condition | None:
        """What is judged at a unit (row id); None where the rule does not watch it."""
        return self.local.get(unit, self.rule.condition)


def watched(codes: Sequence[str] | None = None) -> dict[str, Watched]:
    """Every rule (or those named) by code, switched off ones included. Two small statements."""
    versions = newest_versions(codes)
    rules = {rule.code: (rule, 0, True) for rule in registry.rules() if codes is None or rule.code in codes}
    for code, row in versions.items():
        rule = kept(row)
        if rule is None and code in rules:
            rule = rules[code][0]
        if rule is not None:
            rules[code] = (rule, row.version, row.active)  # also of what cannot be read, so that the next version follows it
    local = _local(rules)
    return {code: Watched(rule, version, active, local.get(code, {})) for code, (rule, version, active) in rules.items()}


def kept(row: RuleVersion) -> Rule | None:
    """The rule of a version; None when it cannot be read. Then what the pack declares holds, and the other rules go on."""
    try:
        return of_data(row.code, row.definition)
    except (KeyError, TypeError, ValueError, AttributeError):
        log.exception("version %s of the rule %s cannot be read; what its field declares holds instead", row.version, row.code)
        return None


def newest_versions(codes: Sequence[str] | None = None) -> dict[str, RuleVersion]:
    """The newest version of each rule that was made or changed here, by code."""
    rows = RuleVersion.objects.order_by("code", "version")
    found = rows if codes is None else rows.filter(code__in=codes)
    return {row.code: row for row in found}


def newest_limits(codes: Sequence[str]) -> dict[tuple[str, int], LocalLimit]:
    """The newest limits of single units, by (rule, unit id)."""
    return {(row.rule, row.unit_id): row for row in LocalLimit.objects.filter(rule__in=codes).order_by("version")}


def _local(rules: Mapping[str, tuple[Rule, int, bool]]) -> dict[str, dict[int, Condition | None]]:
    found: dict[str, dict[int, Condition | None]] = {}
    for (code, unit), row in newest_limits(list(rules)).items():
        condition = rules[code][0].condition
        if not row.follows_rule and fits(row, condition):
            own = with_limits(condition, [(each[0], each[1]) for each in row.limits]) if row.limits else None
            found.setdefault(code, {})[unit] = own
    return found


def own_conditions(rule: Rule) -> Mapping[int, Condition | None]:
    """What would be judged at units (by id) that have limits of their own, were `rule` the one that holds."""
    return _local({rule.code: (rule, 0, True)}).get(rule.code, {})


def fits(row: LocalLimit, condition: Condition) -> bool:
    """Whether limits that a unit has are meant for `condition`: it may have another shape since. "Not watched" always is."""
    if not row.limits:
        return True
    return len(row.limits) == len(list(leaves(condition))) and row.shape in (None, shape_of(condition))


def shape_of(condition: Condition) -> dict[str, Any]:
    """What the limits of `condition` mean, without the limits: kinds, sides and units of its leaves, as plain values."""
    data = condition_data(condition)
    if isinstance(condition, AllOf | AnyOf):
        return {"kind": data["kind"], "parts": [shape_of(each) for each in condition.parts]}
    side = "above" if condition.above is not None else "below"
    return {"side": side} | {name: data[name] for name in ("kind", "against", "by", "per", "counted_in", "stay") if name in data}


def as_data(rule: Rule) -> dict[str, Any]:
    """The rule as plain values for a JSON column; its code is kept beside."""
    return {
        "title": [rule.title.vi, rule.title.en],
        "indicator": rule.indicator.code,
        "every": rule.every.value,
        "severity": rule.severity.value,
        "basis": rule.basis,
        "condition": condition_data(rule.condition),
        "grain": rule.grain.value if rule.grain else None,
        "cumulative": rule.cumulative,
        "by": rule.by.name if rule.by else None,
        "hold": rule.hold.total_seconds(),
        "smallest_base": rule.smallest_base,
        "rises": [[each.wait.total_seconds(), each.severity.value] for each in rule.rises],
        "falls": [[each.wait.total_seconds(), each.severity.value] for each in rule.falls],
        "advice": [rule.advice.vi, rule.advice.en] if rule.advice else None,
    }


def of_data(code: str, data: Mapping[str, Any]) -> Rule | None:
    """The rule that `as_data` wrote; None when its indicator, or the state of its records, is not declared any more."""
    indicator = registry.indicator(data["indicator"])
    condition = condition_of(data["condition"])
    if indicator is None or any(isinstance(each, Overstay) and each.stay is None for each in leaves(condition)):
        return None
    return Rule(
        code=code,
        title=_text(data["title"]),
        indicator=indicator,
        every=Level(data["every"]),
        severity=Severity(data["severity"]),
        basis=data["basis"],
        condition=condition,
        grain=Grain(data["grain"]) if data["grain"] else None,
        cumulative=data["cumulative"],
        by=Column(data["by"]) if data["by"] else None,
        hold=timedelta(seconds=data["hold"]),
        smallest_base=data["smallest_base"],
        rises=_steps(data["rises"]),
        falls=_steps(data["falls"]),
        advice=_text(data["advice"]) if data["advice"] else None,
        site=f"rule {code}",
    )


def condition_data(condition: Condition) -> dict[str, Any]:
    """A condition as plain values: {"kind": "threshold", "above": 150.0, ...}."""
    kind = _KIND_OF[type(condition)]
    if isinstance(condition, AllOf | AnyOf):
        return {"kind": kind, "parts": [condition_data(each) for each in condition.parts]}
    given = {each.name: getattr(condition, each.name) for each in fields(condition)}
    return {"kind": kind} | {name: _plain(value) for name, value in given.items() if value is not None}


def condition_of(data: Mapping[str, Any]) -> Condition:
    """The condition that `condition_data` wrote. KeyError, TypeError or ValueError when it is none."""
    kind = data["kind"]
    if kind in _JOINED:
        return _JOINED[kind](tuple(condition_of(each) for each in data["parts"]))
    given = {name: value for name, value in data.items() if name != "kind"}
    for name, read in _READ.items():
        if name in given:
            given[name] = read(given[name])
    for name in _LENGTHS:
        if name in given:
            given[name] = timedelta(seconds=given[name])
    return LEAVES[kind](**given)


def _text(pair: Sequence[str]) -> Text:
    vi, en = pair
    return Text(vi, en)


def _plain(value: Any) -> Any:
    if isinstance(value, Stay):
        return value.code
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, Enum) else value


def _steps(rows: Sequence[Sequence[Any]]) -> tuple[After, ...]:
    return tuple(After(timedelta(seconds=seconds), Severity(severity)) for seconds, severity in rows)
