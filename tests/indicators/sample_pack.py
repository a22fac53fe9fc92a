"""A small field with the three shapes of data: reported figures, records with a life, readings of stations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from toancanh.kernel.agency_roles import FINANCE
from toancanh.kernel.contracts import Dataset, Fixed, Good, Indicator, Item, Pack, Readings, Record, YearPlan
from toancanh.kernel.expressions import NOW, Column
from toancanh.kernel.fields import AGENCY, AREA, CODE, NUMBER, TIME, Field
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.measures import Adds, Growth, Measure, Reading, Reported, Series, Stock, count, percent
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text

W = Text("Chữ", "Words")
MONTHLY = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
PLAN = Reported("rev_plan", over_time=Adds.LAST, of=Grain.YEAR)

REPORTS = figures(
    "tried_reports",
    W,
    items=tuple(Item(code, Text(code, code), W) for code in ("rev", "rev_plan", "index")),
    grain=Grain.MONTH,
    owner=FINANCE,
    cadence=timedelta(days=31),
)
CASES = Record(
    code="tried_cases",
    title=W,
    key=("code",),
    time="received_at",
    area="area",
    agency="agency",
    owner=FINANCE,
    cadence=timedelta(hours=1),
    fields=(
        Field("code", CODE, Text("Mã", "Code")),
        Field("area", AREA, W, required=False),
        Field("agency", AGENCY, W),
        Field("kind", CODE, W),
        Field("applicant", CODE, W, required=False, personal=True),
        Field("received_at", TIME, Text("Ngày tiếp nhận", "Received")),
        Field("due_at", TIME, Text("Hạn", "Due"), future=True),
        Field("done_at", TIME, Text("Ngày trả", "Done"), required=False),
    ),
)
AIR = Readings(
    code="tried_air",
    title=W,
    key=("station", "at"),
    time="at",
    area="area",
    owner=FINANCE,
    cadence=timedelta(hours=1),
    fields=(Field("station", CODE, W), Field("area", AREA, W), Field("at", TIME, W), Field("dust", NUMBER, W, required=False)),
)
received, due, done = Column("received_at"), Column("due_at"), Column("done_at")


def mean_dust(readings: Sequence[Reading], _end: datetime) -> float | None:
    known = [values[0] for _, values in readings if values[0] is not None]
    return sum(known) / len(known) if known else None


def indicator(code: str, dataset: Dataset, measure: Measure, **more: object) -> Indicator:
    given: dict[str, object] = {"grains": MONTHLY, "good": Good.UP} | more
    return Indicator(
        code=code,
        title=Text(f"Chỉ tiêu {code}", f"Indicator {code}"),
        dataset=dataset,
        measure=measure,
        unit=W,
        definition=W,
        basis="Luật",
        owner=FINANCE,
        **given,  # type: ignore[arg-type]
    )


REVENUE = indicator("rev", REPORTS, Reported("rev"), cumulative=True, target=YearPlan(PLAN))
GROWTH = indicator("rev_growth", REPORTS, Growth(Reported("rev")), cumulative=True)
RECEIVED = indicator("received", CASES, count(), by=(Column("kind"),), grains=(Grain.MONTH, Grain.DAY))
ON_TIME = indicator(
    "on_time", CASES, percent(count(done.at_most(due), at=done), count(at=done)), target=Fixed(90), smallest_base=2
)
LATE_NOW = indicator("late_now", CASES, percent(count(done.missing() & due.below(NOW)), count()), good=Good.DOWN)
WAITING = indicator("waiting", CASES, Stock(received, done), good=Good.DOWN)
OVERDUE = indicator("overdue", CASES, Stock(received, done, due.below(NOW)), good=Good.DOWN)
OF_STATION = ((Column("dust"),), Column("station"), 3)
MEAN = Text("bụi trung bình", "mean dust")
DUST = indicator("dust", AIR, Series(mean_dust, *OF_STATION, title=MEAN), grains=(Grain.HOUR,), good=Good.DOWN)
DUST_NOW = indicator("dust_now", AIR, Series(mean_dust, *OF_STATION, stays=0), grains=(Grain.HOUR,), good=Good.DOWN)

PACK = Pack(
    code="tried",
    title=W,
    icon="chart",
    owner=FINANCE,
    datasets=(REPORTS, CASES, AIR),
    indicators=(REVENUE, GROWTH, RECEIVED, ON_TIME, LATE_NOW, WAITING, OVERDUE, DUST, DUST_NOW),
)
