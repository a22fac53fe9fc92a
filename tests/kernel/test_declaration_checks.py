"""A pack that is declared wrongly is refused at start-up, with words that say what to mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.conditions import AllOf, AnyOf, Behind, Condition, Overstay, Rate, Seasonal, Silent, Stay, Threshold, TooLong
from toancanh.kernel.contracts import (
    After,
    Band,
    Breakdown,
    Good,
    Indicator,
    Level,
    Pack,
    Readings,
    Record,
    Rule,
    Scene,
    Severity,
    Tile,
)
from toancanh.kernel.declaration_checks import DeclarationError, check_pack, mistakes
from toancanh.kernel.expressions import Column
from toancanh.kernel.fields import AREA, CODE, DAY, NUMBER, TIME, Field
from toancanh.kernel.measures import Reading, Series, count
from toancanh.kernel.periods import Grain
from toancanh.kernel.registry import Registry
from toancanh.kernel.rule_checks import rule_mistakes
from toancanh.kernel.text import Text

W = Text("Chữ", "Words")
GAUGES = Readings(
    code="gauges",
    title=W,
    fields=(
        Field("station", CODE, W),
        Field("at", TIME, W),
        Field("day", DAY, W),
        Field("sent", TIME, W),
        Field("rain", NUMBER, W),
    ),
    key=("station", "at"),
    time="at",
    owner=FINANCE,
    cadence=timedelta(hours=1),
)
STATION = Column("station")


def newest(readings: Sequence[Reading], _end: datetime) -> float | None:
    return readings[-1][1][0] if readings else None


ROLLING = Series(newest, (Column("rain"),), STATION, 24)
RAIN = Indicator(
    code="rain",
    title=W,
    dataset=GAUGES,
    measure=ROLLING,
    unit=W,
    definition=W,
    basis="Luật",
    owner=FINANCE,
    good=Good.DOWN,
    grains=(Grain.HOUR,),
    bands=(Band(0.0, W, "#000000", "ok"), Band(1.0, W, "#ffffff", "urgent")),
    by=(STATION,),
)
HEAVY = Rule(
    code="heavy", title=W, indicator=RAIN, every=Level.COMMUNE, severity=Severity.HIGH, basis="Luật",
    condition=Threshold(above=5.0, clears_at=5.0),
)


def found(indicator: Indicator = RAIN, rule: Rule = HEAVY, by: Column = STATION) -> list[str]:
    """The mistakes of a pack of one indicator, its rule and its scene."""
    scene = Scene(code="rain", title=W, asks=W, widgets=(Breakdown(indicator, by),))
    pack = Pack(
        code="rain", title=W, icon="rain", owner=FINANCE, datasets=(indicator.dataset,), indicators=(indicator,),
        rules=(replace(rule, indicator=indicator),), scenes=(scene,),
    )  # fmt: skip
    return [what for _, what in mistakes(pack)]


def test_a_sound_pack_has_no_mistake() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bands": (Band(0.0, W, "#000000", "fine"),)}, "a band of status 'fine'; it is one of ok, warn, bad, urgent, info"),
        ({"bands": (Band(1.0, W, "#000000", "ok"), Band(1.0, W, "#000000", "bad"))}, "bands that do not rise"),
        ({"bands": (Band(2.0, W, "#000000", "ok"), Band(1.0, W, "#000000", "bad"))}, "bands that do not rise"),
        ({"measure": replace(ROLLING, hours=0)}, "looks back 0 hours"),
        ({"measure": replace(ROLLING, stays=-1)}, "stay -1 hours"),
        ({"measure": replace(ROLLING, inputs=(Column("sent"),))}, "reads 'sent', which is no NUMBER"),
        ({"dataset": replace(GAUGES, time="day")}, "'day' of 'gauges' is no TIME"),
        ({"cumulative": True}, "never adds up: leave cumulative out"),
        ({"definition": Text(" ", "Words")}, "needs a definition in both languages"),
        ({"definition": Text("Chữ", "")}, "needs a definition in both languages"),
    ],
)
def test_an_indicator_that_cannot_work_is_named(change: dict[str, Any], said: str) -> None:
    what = found(replace(RAIN, **change))
    assert len(what) == 1
    assert what[0].startswith("'rain' ")
    assert said in what[0]


def test_a_breakdown_must_be_declared_by_its_indicator() -> None:
    assert found(by=Column("at")) == ["scene 'rain' breaks 'rain' down by 'at', which is not among its `by`"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Threshold(above=5.0, clears_at=4.0), ""),
        (Threshold(above=5.0), ""),
        (Threshold(below=5.0, clears_at=5.0), ""),
        (Threshold(above=5.0, clears_at=6.0), "clears at 6, where it still fires"),
        (Threshold(below=5.0, clears_at=4.0), "clears at 4, where it still fires"),
        (Threshold(), "needs exactly one of below, above"),
        (Threshold(above=1.0, below=0.0), "needs exactly one of below, above"),
        (TooLong(below=3.0), "it takes above"),
        (Behind(above=3.0), "'rain' has none"),
        (Rate(above=3.0, per=timedelta(hours=1), periods=0), "looks back no time at all"),
        (Seasonal(above=3.0, least=0.0), "a smallest spread above 0"),
        (AllOf((Threshold(above=5.0),)), "joins fewer than two conditions"),
        (AnyOf((Threshold(above=5.0), Silent(above=2.0))), "give it a rule of its own"),
    ],
)
def test_a_rule_that_cannot_work_is_named(condition: Condition, said: str) -> None:
    what = found(rule=replace(HEAVY, condition=condition))
    assert len(what) == (1 if said else 0)
    assert all(said in each for each in what)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grain": Grain.MONTH}, "watches the grain 'month', which 'rain' does not have"),
        ({"cumulative": True}, "watches cumulative values"),
        ({"by": Column("at")}, "by 'at', which is not among its `by`"),
        ({"basis": " "}, "has no legal basis"),
        ({"hold": timedelta(hours=-1)}, "holds for less than no time"),
        ({"rises": (After(timedelta(hours=2), Severity.URGENT), After(timedelta(hours=2), Severity.HIGH))}, "do not rise"),
    ],
)
def test_a_rule_that_watches_what_is_not_there_is_named(change: dict[str, Any], said: str) -> None:
    what = found(rule=replace(HEAVY, **change))
    assert len(what) == 1
    assert said in what[0]


def test_the_first_mistake_is_raised_with_its_file_and_line() -> None:
    pack = Pack(
        code="rain", title=W, icon="rain", owner=FINANCE, datasets=(GAUGES,), indicators=(replace(RAIN, cumulative=True),)
    )
    with pytest.raises(DeclarationError, match=r"^kernel/test_declaration_checks\.py:\d+: 'rain' is a function"):
        check_pack(pack)


FILES = Record(
    code="files", title=W, fields=(Field("file", CODE, W), Field("due", TIME, W), Field("commune", AREA, W)), key=("file",),
    time="due", area="commune", owner=FINANCE, cadence=timedelta(days=1),
)  # fmt: skip
OPEN_FILES = Indicator(
    code="open_files", title=W, dataset=FILES, measure=count(), unit=W, definition=W, basis="-", owner=FINANCE, good=Good.DOWN,
    grains=(Grain.DAY,),
)  # fmt: skip
EMPTY = Pack(code="files", title=W, icon="-", owner=FINANCE, datasets=(), indicators=(), scenes=())
LATE = Stay(code="late", title=Text("quá hẹn", "past its day"), begins=Column("due"))


@pytest.mark.parametrize(
    ("condition", "change", "said"),
    [
        (Overstay(stay=LATE, above=2.0), {}, ""),
        (Overstay(stay=LATE, below=2.0), {}, "it takes above"),
        (Overstay(stay=LATE, above=2.0, clears_at=1.0), {}, "it is over when the record has left the state"),
        (Overstay(stay=LATE, above=2.0, most=0), {}, "names at least one record"),
        (AnyOf((Threshold(above=5.0), Overstay(stay=LATE, above=2.0))), {}, "give it a rule of its own"),
        (Overstay(stay=LATE, above=2.0), {"every": Level.AGENCY}, "watches every agency, which rows of 'files' do not name"),
        (Overstay(stay=replace(LATE, ends=Column("end")), above=2.0), {}, "reads 'end', which is no field of 'files'"),
        (Overstay(stay=replace(LATE, title=Text("quá hẹn", "")), above=2.0), {}, "a title of the state 'late' in both languages"),
    ],
)
def test_a_rule_about_single_records_that_cannot_work_is_named(condition: Condition, change: dict[str, Any], said: str) -> None:
    rule = replace(HEAVY, indicator=OPEN_FILES, condition=condition, **{"every": Level.COMMUNE} | change)
    what = [text for _, text in rule_mistakes(rule, replace(EMPTY, indicators=(OPEN_FILES,)))]
    assert [said in each for each in what] == ([True] if said else [])


def test_single_readings_are_no_records_and_one_state_has_one_meaning() -> None:
    rule = replace(HEAVY, condition=Overstay(stay=replace(LATE, begins=Column("sent")), above=2.0))
    assert any("'gauges' is no Record" in text for _, text in rule_mistakes(rule, EMPTY))
    first = replace(HEAVY, indicator=OPEN_FILES, every=Level.COMMUNE, condition=Overstay(stay=LATE, above=2.0))
    other = replace(first, code="other", condition=Overstay(stay=replace(LATE, title=Text("muộn", "late")), above=2.0))
    pack = replace(EMPTY, datasets=(FILES,), indicators=(OPEN_FILES,), rules=(first, other))
    with pytest.raises(DeclarationError, match="state 'late' is declared twice"):
        Registry().install([pack])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"grains": Grain.HOUR}, "'rain': Indicator takes (Grain, ...) as 'grains', not <Grain.HOUR: 'hour'>"),
        ({"by": ("station",)}, "'rain': Indicator takes (Column, ...) as 'by', not 'station'"),
        ({"by": [STATION]}, "'rain': Indicator takes (Column, ...) as 'by', not list of Column"),
        ({"target": 5.0}, "'rain': Indicator takes Fixed | MonthlyPath | YearPlan | None as 'target', not 5.0"),
        ({"unit": "mm"}, "'rain': Indicator takes Text as 'unit', not 'mm'"),
        ({"measure": STATION}, "'rain': Indicator takes Measure as 'measure', not Column"),
        ({"measure": replace(ROLLING, station="station")}, "'rain': Series takes Column as 'station', not 'station'"),  # type: ignore[arg-type]
        ({"dataset": replace(GAUGES, key="at")}, "'gauges': Readings takes (str, ...) as 'key', not 'at'"),  # type: ignore[arg-type]
        ({"dataset": replace(GAUGES, cadence=3600)}, "'gauges': Readings takes timedelta as 'cadence', not 3600"),  # type: ignore[arg-type]
        ({"cumulative": 1}, "'rain': Indicator takes bool as 'cumulative', not 1"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_is_wanted(change: dict[str, Any], said: str) -> None:
    assert found(replace(RAIN, **change)) == [said]


def test_what_stands_in_a_scene_is_an_indicator() -> None:
    scene = Scene(code="rain", title=W, asks=W, widgets=(Tile(RAIN), Tile(GAUGES)))  # type: ignore[arg-type]
    pack = Pack(code="rain", title=W, icon="rain", owner=FINANCE, datasets=(GAUGES,), indicators=(RAIN,), scenes=(scene,))
    assert [what for _, what in mistakes(pack)] == ["'rain': Tile takes Indicator as 'indicator', not Readings 'gauges'"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"time": "rain"}, "'rain' of 'gauges' is of kind NUMBER; TIME or DAY or PERIOD is needed there"),
        ({"area": "station"}, "'station' of 'gauges' is of kind CODE; AREA is needed there"),
        ({"fields": (*GAUGES.fields, Field("depth", NUMBER, W, low=9, high=1))}, "'depth' of 'gauges' has low=9 above high=1"),
    ],
)
def test_a_dataset_that_can_hold_nothing_is_named(change: dict[str, Any], said: str) -> None:
    assert any(said in what for what in found(replace(RAIN, dataset=replace(GAUGES, **change))))
