"""Compiles expressions over a row to SQL. The rules are those of `kernel.expressions`; the tests' reference says them in Python.

A moment is a whole number of milliseconds since 1970 UTC, a day a number of days since 1970 in Viet Nam. Where a moment meets a
day they are compared as days ("settled by the 15th" holds all day long on the 15th). A condition is never missing: 0 or 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from toancanh.kernel.contracts import Dataset
from toancanh.kernel.expressions import (
    Choose,
    Column,
    Compare,
    Condition,
    Constant,
    Earlier,
    Either,
    Every,
    Expression,
    FirstKnown,
    HoursBetween,
    Known,
    Moment,
    Not,
    OneOf,
)
from toancanh.kernel.fields import Kind
from toancanh.kernel.periods import VIETNAM
from toancanh.store.columns import kind_of, quoted
from toancanh.store.compiler.bound import Bound

EPOCH = date(1970, 1, 1)
_MS_A_DAY, _MS_A_HOUR, _MS_EAST = 86_400_000, 3_600_000, 25_200_000

TIME, DAY, NUMBER, TEXT, FLAG = "time", "day", "number", "text", "flag"
_OPERATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL and what kind of value it gives."""

    sql: str
    kind: str


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one dataset and one query; `moment` is the SQL of NOW in milliseconds, "" where NOW has no meaning."""

    dataset: Dataset
    bound: Bound
    moment: str = ""

    def condition(self, condition: Condition | None) -> str:
        """0 or 1; without a condition every row counts."""
        return "1" if condition is None else self.value(condition).sql

    def number(self, expression: Expression) -> str:
        """A number, or NULL where it is missing. Raises ValueError for what is no number."""
        found = self.value(expression)
        if found.kind == FLAG:
            return f"toFloat64({found.sql})"
        if found.kind != NUMBER:
            raise ValueError(f"a number is needed, but this is a {found.kind}: {expression}")
        return found.sql

    def milliseconds(self, expression: Expression) -> str:
        """A moment in milliseconds (a day is its first moment in Viet Nam), or NULL where it is missing."""
        return _as_time(self.value(expression)).sql

    def value(self, expression: Expression) -> Compiled:
        match expression:
            case Column():
                return self._column(expression.name)
            case Constant():
                return self._constant(expression.value)
            case Moment():
                return self._now()
            case FirstKnown() | Choose():
                return self._one_of_several(expression)
            case HoursBetween() | Earlier():
                return self._by_the_clock(expression)
            case Condition():
                return Compiled(self._condition(expression), FLAG)
        raise ValueError(f"cannot compile {expression!r}")

    def _one_of_several(self, expression: FirstKnown | Choose) -> Compiled:
        if isinstance(expression, FirstKnown):
            kind, parts = _one_kind([self.value(each) for each in expression.items])
            return Compiled(f"coalesce({', '.join(parts)})", kind)
        kind, (then, otherwise) = _one_kind([self.value(expression.then), self.value(expression.otherwise)])
        return Compiled(f"if({self.condition(expression.condition)}, {then}, {otherwise})", kind)

    def _by_the_clock(self, expression: HoursBetween | Earlier) -> Compiled:
        if isinstance(expression, HoursBetween):
            end, start = self.milliseconds(expression.end), self.milliseconds(expression.start)
            return Compiled(f"(({end} - {start}) / {_MS_A_HOUR}.)", NUMBER)
        back = f"toInt64(round(ifNull({self.number(expression.hours)}, 0) * {_MS_A_HOUR}))"
        return Compiled(f"({self.milliseconds(expression.moment)} - {back})", TIME)

    def _condition(self, condition: Condition) -> str:
        match condition:
            case Compare():
                return self._compare(condition)
            case OneOf():
                return self._one_of(condition)
            case Known():
                return f"isNotNull({self.value(condition.item).sql})"
            case Not():
                return f"(NOT {self.condition(condition.condition)})"
            case Every():
                return f"({' AND '.join(map(self.condition, condition.conditions)) or '1'})"
            case Either():
                return f"({' OR '.join(map(self.condition, condition.conditions)) or '0'})"
        raise ValueError(f"cannot compile {condition!r}")

    def _compare(self, compare: Compare) -> str:
        if compare.operator not in _OPERATORS:
            raise ValueError(f"{compare.operator!r} is no comparison")
        left, right = self._pair(compare.left, compare.right)
        return f"ifNull({left} {compare.operator} {right}, 0)"

    def _pair(self, left: Expression, right: Expression) -> tuple[str, str]:
        """Both sides as values that may be compared."""
        if isinstance(left, Constant) and not isinstance(right, Constant):
            second, first = self._pair(right, left)
            return first, second
        one = self.value(left)
        other = self._constant(right.value, one.kind) if isinstance(right, Constant) else self.value(right)
        kinds = {one.kind, other.kind}
        if len(kinds) == 1:
            return one.sql, other.sql
        if kinds == {TIME, DAY}:
            return _as_day(one).sql, _as_day(other).sql
        if kinds == {NUMBER, FLAG}:
            return one.sql, other.sql
        raise ValueError(f"cannot compare a {one.kind} with a {other.kind}")

    def _one_of(self, condition: OneOf) -> str:
        item = self.value(condition.item)
        choices = [self._constant(each, item.kind) for each in condition.values]
        if any(each.kind != item.kind for each in choices):
            raise ValueError(f"a {item.kind} is compared with values of another kind: {condition.values!r}")
        return f"ifNull({item.sql} IN ({', '.join(each.sql for each in choices)}), 0)" if choices else "0"

    def _column(self, name: str) -> Compiled:
        kind, column = kind_of(self.dataset, name), quoted(name)
        if kind is Kind.TIME:
            return Compiled(f"toUnixTimestamp64Milli({column})", TIME)
        if kind is Kind.DAY:
            return Compiled(f"toInt32({column})", DAY)
        return Compiled(column, NUMBER if kind is Kind.NUMBER else TEXT)

    def _constant(self, value: object, beside: str = "") -> Compiled:
        """A constant; text beside a moment or a day is read as one (ISO 8601, Viet Nam time when it names no zone)."""
        if isinstance(value, bool):
            return Compiled(str(int(value)), FLAG)
        if isinstance(value, int | float):
            return Compiled(self.bound.number(value), NUMBER)
        if beside == TIME:
            return Compiled(self.bound.whole(moment_ms(datetime.fromisoformat(str(value)))), TIME)
        if beside == DAY:
            return Compiled(self.bound.whole((date.fromisoformat(str(value)) - EPOCH).days), DAY)
        return Compiled(self.bound.text(str(value)), TEXT)

    def _now(self) -> Compiled:
        if not self.moment:
            raise ValueError("NOW has no meaning here: no moment was given")
        return Compiled(self.moment, TIME)


def moment_ms(moment: datetime) -> int:
    """Milliseconds since 1970 UTC; a time without a zone is Viet Nam time."""
    aware = moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000


def reads_now(expression: object) -> bool:
    """True when NOW stands anywhere in it."""
    if isinstance(expression, Moment):
        return True
    if isinstance(expression, tuple):
        return any(map(reads_now, expression))
    slots = getattr(expression, "__slots__", ()) if isinstance(expression, Expression) else ()
    return any(reads_now(getattr(expression, name)) for name in slots)


def _as_time(found: Compiled) -> Compiled:
    if found.kind == DAY:
        return Compiled(f"(toInt64({found.sql}) * {_MS_A_DAY} - {_MS_EAST})", TIME)
    if found.kind != TIME:
        raise ValueError(f"a moment is needed, but this is a {found.kind}: {found.sql}")
    return found


def _as_day(found: Compiled) -> Compiled:
    return found if found.kind == DAY else Compiled(f"toInt32(floor(({found.sql} + {_MS_EAST}) / {_MS_A_DAY}))", DAY)


def _one_kind(found: list[Compiled]) -> tuple[str, list[str]]:
    """The common kind and the SQL of each; a day beside a moment becomes its first moment."""
    kinds = {each.kind for each in found}
    if kinds == {TIME, DAY}:
        return TIME, [_as_time(each).sql for each in found]
    if len(kinds) != 1:
        raise ValueError(f"values of several kinds stand beside each other: {', '.join(sorted(kinds))}")
    return kinds.pop(), [each.sql for each in found]
