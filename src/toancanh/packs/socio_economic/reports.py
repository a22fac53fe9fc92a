"""The dataset of figures that departments, the tax office and the statistics office report each month, quarter or year."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import STATISTICS
from toancanh.kernel.contracts import YearPlan
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.measures import Adds, Reported
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.items import ITEMS

REPORTS = figures(
    "socio_economic_figures",
    Text("Số liệu báo cáo kinh tế - xã hội", "Reported socio-economic figures"),
    items=ITEMS,
    grain=Grain.MONTH,
    owner=STATISTICS,
    cadence=timedelta(days=31),
)

MONTHLY = (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.YEAR)
QUARTERLY = (Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.YEAR)


def flow(item: str) -> Reported:
    """A figure that adds up over months and over areas."""
    return Reported(item)


def stock(item: str) -> Reported:
    """A figure that stands at a moment: over time the last one holds, over areas they add up."""
    return Reported(item, over_time=Adds.LAST)


def index(item: str) -> Reported:
    """A price or volume index: it adds up over nothing; a cumulative index is reported as such."""
    return Reported(item, over_time=Adds.NEVER, over_area=Adds.NEVER)


def year_figure(item: str) -> Reported:
    """The figure of the whole year, read from inside any of its months."""
    return Reported(item, over_time=Adds.LAST, of=Grain.YEAR)


def year_plan(item: str) -> YearPlan:
    """The plan of the year for `item`, expected evenly over the months."""
    return YearPlan(year_figure(f"{item}_plan"))
