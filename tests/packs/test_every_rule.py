"""Every rule of every field: it fires and clears, judges the samples as expected, and is tried on the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.packs.conftest import Hand, cell
from tests.packs.test_every_pack import every_pack, expected_of, pack_of

from toancanh.kernel.condition_words import crossed, describe
from toancanh.kernel.conditions import (
    AllOf,
    AnyOf,
    Behind,
    By,
    Change,
    Leaf,
    Rate,
    Seasonal,
    TooLong,
    Verdict,
    View,
    judge,
    leaves,
)
from toancanh.kernel.contracts import Good, Rule
from toancanh.kernel.periods import Period
from toancanh.people.actors import SYSTEM
from toancanh.site.packs import discover
from toancanh.watch.backtest import try_rule
from toancanh.watch.definitions import Watched, as_data, of_data, watched
from toancanh.watch.evaluation import runs
from toancanh.watch.evaluation.judging import judged
from toancanh.watch.evaluation.life import Happening, Track, advance
from toancanh.watch.evaluation.reading import Before, form_of, seen
from toancanh.watch.models import Alert

RULES = [each for pack in discover() for each in pack.rules]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda each: each.code)
BEFORE, PACE = 100.0, timedelta(hours=1)  # what earlier periods and targets hold in a constructed series
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)


def reaching(leaf: Leaf, rule: Rule, measured: float) -> float:
    """The value at which `leaf` measures so much, when all that lies around it is 100."""
    match leaf:
        case Behind():
            share = 1.0 if leaf.by is By.POINTS else BEFORE / 100
            return BEFORE - measured * share * (-1.0 if rule.indicator.good is Good.DOWN else 1.0)
        case Change():
            return BEFORE + measured * (1.0 if leaf.by is By.POINTS else BEFORE / 100)
        case Rate():
            period = Period.begun_by(BEGIN, rule.watched_grain)
            return BEFORE + measured * ((period.start - period.shift(-leaf.periods).start) / leaf.per)
        case Seasonal():
            return BEFORE + measured * leaf.least
        case TooLong():
            return measured * (timedelta(days=1) / leaf.counted_in)
    return measured


def constructed(rule: Rule) -> tuple[View, View]:
    """What the rule sees when it should fire, and when it should be over."""
    parts = list(leaves(rule.condition))
    step = [1.0 if each.above is not None else -1.0 for each in parts]
    bad = [reaching(each, rule, each.limit + way) for each, way in zip(parts, step, strict=True)]
    edges = [each.limit if each.clears_at is None else each.clears_at for each in parts]
    good = [reaching(each, rule, edge) for each, edge in zip(parts, edges, strict=True)]
    together = max if parts[0].above is not None and bad[0] >= good[0] else min
    worst = together(bad) if isinstance(rule.condition, AllOf) else bad[0]
    over = sorted(good)[len(good) // 2] if isinstance(rule.condition, AnyOf) else good[0]
    return _view(rule, worst, parts[0].limit + 1.0), _view(rule, over, edges[0])


def _view(rule: Rule, value: float, paces: float) -> View:
    period = Period.begun_by(BEGIN, rule.watched_grain, cumulative=rule.cumulative)
    return View(value, period, BEFORE, rule.indicator.good is not Good.DOWN, lambda _: BEFORE, PACE * paces, PACE)


def test_there_are_at_least_twenty_five_rules_each_with_its_basis() -> None:
    assert len(RULES) >= 25
    assert len({each.code for each in RULES}) == len(RULES)
    assert all(each.basis.strip() for each in RULES)


@every_rule
def test_every_rule_fires_holds_repeats_and_clears_on_a_constructed_series(rule: Rule) -> None:
    bad, good = constructed(rule)
    fires, clears = judge(rule.condition, bad), judge(rule.condition, good)
    assert (fires.fires, fires.clears) == (True, False)
    assert (clears.fires, clears.clears) == (False, True)
    track, now, told = Track(), BEGIN, list[Happening]()
    for verdict in (clears, fires, fires, fires, clears):
        told.append(advance(track, verdict, rule.hold, now))
        now += max(rule.hold, timedelta(hours=1))
    first = [Happening.PENDING, Happening.RAISED] if rule.hold else [Happening.RAISED, Happening.REPEATED]
    assert told == [Happening.NOTHING, *first, Happening.REPEATED, Happening.CLEARED]


@every_rule
def test_every_rule_is_said_in_both_languages_and_kept_as_data(rule: Rule, shelf: None) -> None:
    unit, places = rule.indicator.unit, rule.indicator.places
    said: list[Callable[[], Any]] = [
        lambda: describe(rule.condition, unit, places), lambda: crossed(judge(rule.condition, constructed(rule)[0]), unit, places)
    ]  # fmt: skip
    for each in said:
        assert each().vi.strip()
        assert each().en.strip()
    assert of_data(rule.code, as_data(rule)) == rule


def verdict_on(rule: Rule, unit: str, period: str) -> Verdict:
    """What the rule says of a value of some period."""
    found = cell(rule.indicator.code, unit, period)
    assert found is not None
    held = Watched(rule)
    row = (found.pk, found.unit_id, "", found.period_start, found.value, found.base, found.target, found.as_of)
    one = seen(rule.indicator, form_of(held), row)
    return judged(held, rule.condition, one, Before.of(held, [one]), rule.needed_base)


@pytest.mark.django_db
@every_pack
def test_rules_judge_the_samples_as_expected(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    rules = {each.code: each for each in pack_of(folder).rules}
    for given in hand.expected["deliveries"]:
        hand.deliver(given)
        for each in hand.expected["rules"]:
            if each["after"] == given["file"]:
                assert verdict_on(rules[each["rule"]], each["unit"], each["period"]).fires is each["fires"], each


@pytest.mark.django_db
@every_pack
@pytest.mark.slow
def test_the_samples_raise_the_expected_alerts_and_the_trial_agrees(folder: Path, hand_of: Any) -> None:
    hand: Hand = hand_of(folder)
    for given in hand.expected["deliveries"]:
        hand.deliver(given)
        runs.evaluate(None, hand.now)
    raised = Counter(Alert.objects.values_list("rule", flat=True))
    assert raised == expected_of(folder)["alerts"]
    for code, held in watched().items():
        if held.pack.code == folder.name:
            trial = try_rule(SYSTEM, held, now=hand.now)
            assert len(trial.episodes) >= raised[code], code
            assert all(each.begin <= hand.now for each in trial.episodes)
