"""Socio-economic development: is the province on the plan of the year, and who holds it back?"""

from __future__ import annotations

from toancanh.kernel.agency_roles import STATISTICS
from toancanh.kernel.contracts import Choropleth, Pack, Ranking, Scene, Tile, YearLine
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic import budget, growth, markets, society, yearbook
from toancanh.packs.socio_economic.reports import REPORTS
from toancanh.packs.socio_economic.rules import RULES

SCENE = Scene(
    code="socio_economic",
    title=Text("Kinh tế - xã hội", "Socio-economic"),
    asks=Text("Chỉ tiêu nào có nguy cơ không đạt kế hoạch năm?", "Which plan targets will be missed?"),
    widgets=(
        Tile(budget.REVENUE),
        Tile(budget.DISBURSEMENT),
        Tile(growth.GRDP_GROWTH),
        Tile(markets.IIP),
        Tile(markets.RETAIL),
        Tile(markets.EXPORT),
        Tile(markets.NEW_FIRMS),
        Tile(society.JOBS),
        Tile(markets.CPI),
        YearLine(budget.REVENUE),
        YearLine(budget.DISBURSEMENT),
        YearLine(markets.RETAIL),
        Choropleth(budget.DISBURSEMENT),
        Ranking(budget.DISBURSEMENT, worst=8, beside=budget.DISBURSED),
    ),
)
PACK = Pack(
    code="socio_economic",
    title=Text("Kinh tế - xã hội", "Socio-economic"),
    icon="chart",
    owner=STATISTICS,
    datasets=(REPORTS, yearbook.YEARBOOK, yearbook.SERIES),
    indicators=(*growth.INDICATORS, *budget.INDICATORS, *markets.INDICATORS, *society.INDICATORS, *yearbook.INDICATORS),
    rules=RULES,
    scenes=(SCENE,),
    headline=(budget.DISBURSEMENT, budget.REVENUE, markets.IIP, society.POVERTY_REDUCED, growth.GRDP_GROWTH, markets.RETAIL),
)
