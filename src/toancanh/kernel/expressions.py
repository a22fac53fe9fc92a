"""Expressions over the columns of one row: what a measure counts, adds or compares. Pure values; `store` compiles them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as Of

Comparison = Of["=", "<>", "<", "<=", ">", ">="]
Value = str | int | float | bool


class Expression:
    """Anything that has a value for one row. Comparisons return a `Condition`."""

    __slots__ = ()

    def equals(self, other: Expression | Value) -> Condition:
        return Compare("=", self, lift(other))

    def differs(self, other: Expression | Value) -> Condition:
        return Compare("<>", self, lift(other))

    def below(self, other: Expression | Value) -> Condition:
        return Compare("<", self, lift(other))

    def at_most(self, other: Expression | Value) -> Condition:
        return Compare("<=", self, lift(other))

    def above(self, other: Expression | Value) -> Condition:
        return Compare(">", self, lift(other))

    def at_least(self, other: Expression | Value) -> Condition:
        return Compare(">=", self, lift(other))

    def one_of(self, *values: Value) -> Condition:
        return OneOf(self, values)

    def known(self) -> Condition:
        return Known(self)

    def missing(self) -> Condition:
        return Not(Known(self))


class Condition(Expression):
    """An expression that is true or false. A comparison with a missing value is false."""

    __slots__ = ()

    def __and__(self, other: Condition) -> Condition:
        return Every((self, other))

    def __or__(self, other: Condition) -> Condition:
        return Either((self, other))

    def __invert__(self) -> Condition:
        return Not(self)


@dataclass(frozen=True, slots=True)
class Column(Expression):
    """The value of the field of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """The same value for every row."""

    value: Value


@dataclass(frozen=True, slots=True)
class Moment(Expression):
    """The moment the measure is asked for: the end of the period, or now while the period is open."""


NOW = Moment()


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    operator: Comparison
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    item: Expression
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Known(Condition):
    item: Expression


@dataclass(frozen=True, slots=True)
class Not(Condition):
    condition: Condition


@dataclass(frozen=True, slots=True)
class Every(Condition):
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either(Condition):
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class FirstKnown(Expression):
    """The first of `items` that is not missing."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choose(Expression):
    """`then` where the condition holds, else `otherwise`."""

    condition: Condition
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class HoursBetween(Expression):
    """Hours from `start` to `end` by the calendar clock; missing when either is missing."""

    start: Expression
    end: Expression


@dataclass(frozen=True, slots=True)
class Earlier(Expression):
    """The time `moment`, moved back by `hours`; a missing `hours` moves nothing."""

    moment: Expression
    hours: Expression


def lift(value: Expression | Value) -> Expression:
    """`value` as an expression."""
    return value if isinstance(value, Expression) else Constant(value)


def first_known(*items: Expression) -> Expression:
    return FirstKnown(items)


def columns_in(expression: object) -> Iterator[Column]:
    """Every column that an expression reads, at any depth."""
    if isinstance(expression, Column):
        yield expression
        return
    if isinstance(expression, tuple):
        for part in expression:
            yield from columns_in(part)
        return
    if isinstance(expression, Expression):
        for name in getattr(expression, "__slots__", ()):
            yield from columns_in(getattr(expression, name))
