"""Socio-economic development: is the province on the plan of the year, and who holds it back?"""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import STATISTICS
from toancanh.kernel.conditions import Threshold
from toancanh.kernel.contracts import Choropleth, Level, Pack, Ranking, Rule, Scene, Severity, Tile, YearLine
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic import budget, growth, markets, society, yearbook
from toancanh.packs.socio_economic.reports import REPORTS
from toancanh.packs.socio_economic.words import BUDGET_LAW, PUBLIC_INVESTMENT_LAW, STATISTICS_LAW

SLOW_DISBURSEMENT = Rule(
    code="pub_inv_slow",
    title=Text("Giải ngân đầu tư công chậm so kế hoạch", "Public investment disbursement behind plan"),
    indicator=budget.DISBURSEMENT,
    cumulative=True,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Threshold(below=70.0, clears_at=75.0),
    hold=timedelta(days=3),
    basis=PUBLIC_INVESTMENT_LAW,
)
LOW_REVENUE = Rule(
    code="budget_rev_low",
    title=Text("Thu ngân sách thấp so dự toán", "Budget revenue below the estimate"),
    indicator=budget.REVENUE_OF_PLAN,
    cumulative=True,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(below=75.0, clears_at=80.0),
    hold=timedelta(days=3),
    basis=BUDGET_LAW,
)
HIGH_PRICES = Rule(
    code="cpi_high",
    title=Text("Giá tiêu dùng tăng cao", "Consumer prices rise fast"),
    indicator=markets.CPI,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=105.0, clears_at=104.5),
    basis=STATISTICS_LAW,
)
INDUSTRY_FALLS = Rule(
    code="iip_falls",
    title=Text("Sản xuất công nghiệp giảm so cùng kỳ", "Industrial production falls"),
    indicator=markets.IIP,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Threshold(below=100.0, clears_at=102.0),
    basis=STATISTICS_LAW,
)
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
    rules=(SLOW_DISBURSEMENT, LOW_REVENUE, HIGH_PRICES, INDUSTRY_FALLS),
    scenes=(SCENE,),
    headline=(budget.DISBURSEMENT, budget.REVENUE, markets.IIP, society.POVERTY_REDUCED, growth.GRDP_GROWTH, markets.RETAIL),
)
