"""When the plan of the year is in danger: money that is not spent or not collected, falling output and trade, prices, silence."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.conditions import Against, AllOf, AnyOf, Behind, By, Change, Silent, Threshold
from toancanh.kernel.contracts import After, Level, Rule, Severity
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic import budget, growth, markets, society
from toancanh.packs.socio_economic.words import (
    BUDGET_LAW,
    ENTERPRISE_LAW,
    POVERTY_DECREE,
    PUBLIC_INVESTMENT_LAW,
    STATISTICS_LAW,
    YEAR_RESOLUTION,
)

HOLD = timedelta(days=3)
WEEKS = timedelta(weeks=4)

SLOW_DISBURSEMENT = Rule(
    code="pub_inv_slow",
    title=Text("Giải ngân đầu tư công chậm so kế hoạch", "Public investment disbursement behind plan"),
    indicator=budget.DISBURSEMENT,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Behind(above=10.0, clears_at=5.0),
    cumulative=True,
    hold=HOLD,
    rises=(After(WEEKS, Severity.URGENT),),
    basis=PUBLIC_INVESTMENT_LAW,
    advice=Text(
        "Yêu cầu từng chủ đầu tư nêu vướng mắc, cam kết tiến độ tháng; xem xét điều chuyển vốn.",
        "Ask each investor for the obstacle and a monthly promise; consider moving the money.",
    ),
)
SLOW_COMMUNE = Rule(
    code="pub_inv_slow_commune",
    title=Text("Xã, phường giải ngân chậm", "Commune behind in disbursement"),
    indicator=budget.DISBURSEMENT,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=Behind(above=25.0, clears_at=15.0),
    cumulative=True,
    hold=HOLD,
    basis=PUBLIC_INVESTMENT_LAW,
)
LOW_REVENUE = Rule(
    code="budget_rev_low",
    title=Text("Thu ngân sách thấp so dự toán", "Budget revenue below the estimate"),
    indicator=budget.REVENUE_OF_PLAN,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Behind(above=10.0, clears_at=5.0),
    cumulative=True,
    hold=HOLD,
    rises=(After(WEEKS, Severity.HIGH),),
    basis=BUDGET_LAW,
)
REVENUE_FALLS = Rule(
    code="budget_rev_falls",
    title=Text("Thu ngân sách giảm mạnh so cùng kỳ", "Budget revenue falls against last year"),
    indicator=budget.REVENUE,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Change(against=Against.YEAR_BEFORE, below=-10.0, clears_at=-5.0),
    cumulative=True,
    hold=HOLD,
    basis=BUDGET_LAW,
)
LOW_GROWTH = Rule(
    code="grdp_growth_low",
    title=Text("Tăng trưởng thấp hơn mục tiêu", "Growth below the target"),
    indicator=growth.GRDP_GROWTH,
    every=Level.PROVINCE,
    severity=Severity.HIGH,
    condition=Behind(by=By.POINTS, above=1.5, clears_at=1.0),
    grain=Grain.QUARTER,
    cumulative=True,
    basis=YEAR_RESOLUTION,
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
PRICES_JUMP = Rule(
    code="cpi_month_jumps",
    title=Text("Giá tiêu dùng biến động mạnh trong tháng", "Consumer prices jump within a month"),
    indicator=markets.CPI_OTHERS[0],
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=AnyOf((Threshold(above=101.0, clears_at=100.5), Threshold(below=99.0, clears_at=99.5))),
    basis="Luật Giá 16/2023/QH15",
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
RETAIL_FALLS = Rule(
    code="retail_falls",
    title=Text("Bán lẻ giảm so cùng kỳ", "Retail sales fall against last year"),
    indicator=markets.RETAIL,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Change(against=Against.YEAR_BEFORE, below=-5.0, clears_at=0.0),
    basis=STATISTICS_LAW,
)
EXPORT_FALLS = Rule(
    code="export_falls",
    title=Text("Xuất khẩu giảm so tháng trước và so cùng kỳ", "Exports fall against last month and last year"),
    indicator=markets.EXPORT,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=AllOf(
        (
            Change(against=Against.YEAR_BEFORE, below=-10.0, clears_at=-5.0),
            Change(against=Against.PREVIOUS, below=-10.0, clears_at=0.0),
        )
    ),
    basis=STATISTICS_LAW,
)
FIRMS_CLOSE = Rule(
    code="biz_closed_many",
    title=Text("Nhiều doanh nghiệp tạm ngừng, giải thể", "Many enterprises suspend or dissolve"),
    indicator=markets.CLOSED_FIRMS,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Behind(above=15.0, clears_at=5.0),
    cumulative=True,
    basis=ENTERPRISE_LAW,
)
FEW_FIRMS = Rule(
    code="biz_new_falls",
    title=Text("Doanh nghiệp mới giảm mạnh", "Far fewer new enterprises"),
    indicator=markets.NEW_FIRMS,
    every=Level.PROVINCE,
    severity=Severity.LOW,
    condition=Change(against=Against.YEAR_BEFORE, below=-20.0, clears_at=-10.0),
    cumulative=True,
    basis=ENTERPRISE_LAW,
)
UNEMPLOYMENT_HIGH = Rule(
    code="unemp_high",
    title=Text("Thất nghiệp tăng", "Unemployment is high"),
    indicator=society.UNEMPLOYMENT,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=3.0, clears_at=2.5),
    basis="Luật Việc làm 74/2025/QH15",
)
POVERTY_SLOW = Rule(
    code="poor_reduced_slow",
    title=Text("Giảm nghèo chậm so kế hoạch", "Poverty reduction behind plan"),
    indicator=society.POVERTY_REDUCED,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Behind(above=20.0, clears_at=10.0),
    cumulative=True,
    hold=HOLD,
    basis=POVERTY_DECREE,
)
SILENT_REPORTS = Rule(
    code="reports_silent",
    title=Text("Chưa nhận báo cáo kinh tế - xã hội đúng kỳ", "Socio-economic reports are overdue"),
    indicator=budget.REVENUE,
    every=Level.PROVINCE,
    severity=Severity.LOW,
    condition=Silent(above=1.5),
    rises=(After(timedelta(weeks=1), Severity.MEDIUM),),
    basis=STATISTICS_LAW,
)
RULES = (
    SLOW_DISBURSEMENT, SLOW_COMMUNE, LOW_REVENUE, REVENUE_FALLS, LOW_GROWTH, HIGH_PRICES, PRICES_JUMP, INDUSTRY_FALLS,
    RETAIL_FALLS, EXPORT_FALLS, FIRMS_CLOSE, FEW_FIRMS, UNEMPLOYMENT_HIGH, POVERTY_SLOW, SILENT_REPORTS,
)  # fmt: skip
