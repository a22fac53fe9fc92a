"""A small field to watch: dust by the hour and station, a monthly rate with a target, a yearly plan, and a rule of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.conditions import Against, AllOf, AnyOf, Behind, Change, Rate, Seasonal, Silent, Threshold, TooLong
from toancanh.kernel.contracts import After, Dataset, Fixed, Good, Indicator, Level, Pack, Readings, Rule, Severity
from toancanh.kernel.expressions import Column
from toancanh.kernel.fields import AREA, CODE, NUMBER, TIME, Field
from toancanh.kernel.measures import Measure, Reading, Series, count, percent
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text

W = Text("Chữ", "Words")
STATION = Column("station")
AIR = Readings(
    code="watched_air",
    title=Text("Bụi", "Dust"),
    key=("station", "at"),
    time="at",
    area="area",
    owner=FINANCE,
    cadence=timedelta(hours=1),
    fields=(Field("station", CODE, W), Field("area", AREA, W), Field("at", TIME, W), Field("dust", NUMBER, W, required=False)),
)


def newest(readings: Sequence[Reading], _end: datetime) -> float | None:
    return readings[-1][1][0] if readings else None


def _indicator(code: str, measure: Measure, grains: tuple[Grain, ...], **more: object) -> Indicator:
    given: dict[str, object] = {"good": Good.DOWN, "dataset": AIR} | more
    return Indicator(
        code=code, title=Text(f"Chỉ tiêu {code}", f"Indicator {code}"), measure=measure, unit=Text("mg", "mg"), definition=W,
        basis="Luật", owner=FINANCE, grains=grains, **given,  # type: ignore[arg-type]
    )  # fmt: skip


DUST = _indicator("dust", Series(newest, (Column("dust"),), STATION, 3), (Grain.HOUR,), by=(STATION,))
SHARE = _indicator(
    "share", percent(count(Column("dust").below(50)), count()), (Grain.MONTH,), good=Good.UP, target=Fixed(90.0), smallest_base=20
)
AGE = _indicator("age", count(), (Grain.DAY,), by=(STATION,))


def _rule(code: str, indicator: Indicator, condition: object, **more: object) -> Rule:
    given: dict[str, object] = {"every": Level.COMMUNE, "severity": Severity.MEDIUM} | more
    return Rule(
        code=code, title=Text(f"Quy tắc {code}", f"Rule {code}"), indicator=indicator, condition=condition,  # type: ignore[arg-type]
        basis="Luật", **given,  # type: ignore[arg-type]
    )  # fmt: skip


HIGH = _rule("dust_high", DUST, Threshold(above=100.0, clears_at=80.0))
HELD = _rule("dust_held", DUST, Threshold(above=300.0, clears_at=250.0), hold=timedelta(hours=2), severity=Severity.HIGH)
GRADED = _rule(
    "dust_graded", DUST, Threshold(above=500.0, clears_at=400.0),
    rises=(After(timedelta(hours=1), Severity.HIGH), After(timedelta(hours=3), Severity.URGENT)),
    falls=(After(timedelta(hours=2), Severity.LOW),),
)  # fmt: skip
STATIONS = _rule("dust_station", DUST, Threshold(above=700.0, clears_at=600.0), by=STATION)
JUMP = _rule("dust_jump", DUST, AllOf((Threshold(above=60.0), Rate(per=timedelta(hours=1), above=200.0))), severity=Severity.LOW)
ODD = _rule("dust_odd", DUST, Seasonal(above=5.0, clears_at=2.0, least=2.0), severity=Severity.LOW)
FAR = _rule("share_far", SHARE, Behind(above=10.0, clears_at=5.0))
FALLS = _rule(
    "share_falls", SHARE,
    AnyOf((Change(against=Against.PREVIOUS, below=-20.0), Change(against=Against.YEAR_BEFORE, below=-30.0))),
)  # fmt: skip
OLD = _rule("age_long", AGE, TooLong(above=10.0, clears_at=7.0))
OLD_AT = _rule("age_at_station", AGE, Threshold(above=10.0, clears_at=7.0), by=STATION)
SILENT = _rule("air_silent", DUST, Silent(above=1.5), every=Level.PROVINCE, severity=Severity.HIGH)

PACK = Pack(
    code="watched",
    title=Text("Theo dõi thử", "Watched"),
    icon="air",
    owner=FINANCE,
    datasets=(AIR,),
    indicators=(DUST, SHARE, AGE),
    rules=(HIGH, HELD, GRADED, STATIONS, JUMP, ODD, FAR, FALLS, OLD, OLD_AT, SILENT),
)
DATASET: Dataset = AIR
