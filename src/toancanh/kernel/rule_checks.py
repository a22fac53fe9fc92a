"""Start-up checks of rules: a condition that could never work is named with the file and line that declared it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from toancanh.kernel.conditions import (
    AllOf,
    AnyOf,
    Behind,
    Condition,
    Leaf,
    Overstay,
    Rate,
    Seasonal,
    Silent,
    Stay,
    TooLong,
    leaves,
)
from toancanh.kernel.contracts import Good, Level, Pack, Record, Rule
from toancanh.kernel.expressions import columns_in
from toancanh.kernel.periods import Grain

LONGEST_STAY = 36_500  # days that single records may be asked to have been in a state


def rule_mistakes(rule: Rule, pack: Pack) -> Iterator[tuple[str, str]]:
    """Every mistake in `rule` as (site, what)."""
    site, name = rule.site, f"rule {rule.code!r}"
    if rule.indicator not in pack.indicators:
        yield site, f"{name} watches {rule.indicator.code!r}, which its pack does not declare"
    if not rule.basis.strip():
        yield site, f"{name} has no legal basis"
    for what in (*_form(rule), *condition_mistakes(rule.condition), *_target(rule), *_times(rule), *_records(rule)):
        yield site, f"{name} {what}"


def condition_mistakes(condition: Condition) -> Iterator[str]:
    """What is wrong with a condition by itself."""
    if isinstance(condition, AllOf | AnyOf):
        if len(condition.parts) < 2:
            yield "joins fewer than two conditions"
        if any(isinstance(each, Silent | Overstay) for each in leaves(condition)):
            yield "joins the silence of a source, or single records, with something else: give it a rule of its own"
    for leaf in leaves(condition):
        yield from _leaf(leaf)


def _leaf(leaf: Leaf) -> Iterator[str]:
    if (leaf.below is None) == (leaf.above is None):
        yield "needs exactly one of below, above"
    elif leaf.clears_at is not None and leaf.beyond(leaf.clears_at):
        yield f"clears at {leaf.clears_at:g}, where it still fires: take a value on the safe side"
    if isinstance(leaf, Behind | Silent | TooLong | Overstay) and leaf.above is None:
        yield "measures a distance or a length: it takes above"
    if isinstance(leaf, Rate) and (leaf.periods < 1 or leaf.per <= timedelta(0)):
        yield "looks back no time at all"
    if isinstance(leaf, Seasonal) and (leaf.seasons < 2 or leaf.least <= 0):
        yield "learns from at least two seasons and needs a smallest spread above 0"
    if isinstance(leaf, Overstay):
        yield from _overstay(leaf)


def _records(rule: Rule) -> Iterator[str]:
    """Of a rule about single records: they are records of its indicator, and each belongs to a unit that the rule watches."""
    for leaf in leaves(rule.condition):
        if isinstance(leaf, Overstay):
            yield from _stay(leaf.stay, rule)


def _overstay(leaf: Overstay) -> Iterator[str]:
    if leaf.clears_at is not None:
        yield "takes no clears_at: it is over when the record has left the state"
    if leaf.most < 1 or (leaf.above is not None and not 0 < leaf.above <= LONGEST_STAY):
        yield f"names at least one record, after more than no time and at most {LONGEST_STAY} days"


def _stay(stay: Stay, rule: Rule) -> Iterator[str]:
    dataset = rule.indicator.dataset
    if not isinstance(dataset, Record):
        yield f"watches single records, but {dataset.code!r} is no Record"
    if (dataset.agency if rule.every is Level.AGENCY else dataset.area) is None:
        yield f"watches every {rule.every.value}, which rows of {dataset.code!r} do not name"
    names = {each.name for each in dataset.fields}
    for column in columns_in((stay.begins, *filter(None, (stay.ends, stay.where)))):
        if column.name not in names:
            yield f"reads {column.name!r}, which is no field of {dataset.code!r}"
    if rule.by is not None:
        yield "names single records already: it takes no `by`"
    if not stay.title.vi.strip() or not stay.title.en.strip():
        yield f"needs a title of the state {stay.code!r} in both languages"


def _form(rule: Rule) -> Iterator[str]:
    grains = rule.indicator.grains
    if rule.watched_grain not in grains:
        yield f"watches the grain {rule.watched_grain.value!r}, which {rule.indicator.code!r} does not have"
    if rule.cumulative and (not rule.indicator.cumulative or rule.watched_grain is Grain.SCHOOL_YEAR):
        yield f"watches cumulative values, which {rule.indicator.code!r} does not have"
    if rule.by is not None and rule.by not in rule.indicator.by:
        yield f"watches {rule.indicator.code!r} by {rule.by.name!r}, which is not among its `by`"


def _target(rule: Rule) -> Iterator[str]:
    if any(isinstance(each, Behind) for each in leaves(rule.condition)):
        if rule.indicator.target is None:
            yield f"measures the distance to a target, but {rule.indicator.code!r} has none"
        if rule.indicator.good is Good.NEUTRAL:
            yield f"measures the distance to a target, but no side of {rule.indicator.code!r} is the bad one"


def _times(rule: Rule) -> Iterator[str]:
    for steps in (rule.rises, rule.falls):
        waits = [each.wait for each in steps]
        if waits != sorted(set(waits)) or any(each <= timedelta(0) for each in waits):
            yield "changes its severity at times that do not rise"
    if rule.hold < timedelta(0):
        yield "holds for less than no time"
