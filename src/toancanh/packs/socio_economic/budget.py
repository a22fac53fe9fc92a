"""The budget: what is collected, what is spent, and how fast public investment reaches the ground."""

from __future__ import annotations

from toancanh.kernel.agency_roles import FINANCE, TAX, TREASURY
from toancanh.kernel.contracts import Good, Indicator, MonthlyPath
from toancanh.kernel.measures import percent
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.reports import MONTHLY, REPORTS, flow, year_figure, year_plan
from toancanh.packs.socio_economic.words import BILLION, BUDGET_LAW, PERCENT, PUBLIC_INVESTMENT_LAW

REVENUE = Indicator(
    code="budget_rev",
    title=Text("Thu ngân sách nhà nước", "State budget revenue"),
    dataset=REPORTS,
    measure=flow("budget_rev"),
    unit=BILLION,
    definition=Text(
        "Thu ngân sách nhà nước trên địa bàn: thu nội địa, thu từ xuất nhập khẩu và thu từ dầu thô.",
        "State budget revenue collected in the area: domestic, trade and crude oil.",
    ),
    basis=BUDGET_LAW,
    owner=TAX,
    good=Good.UP,
    grains=MONTHLY,
    places=0,
    cumulative=True,
    target=year_plan("budget_rev"),
)
REVENUE_OF_PLAN = Indicator(
    code="budget_rev_pct",
    title=Text("Thu ngân sách so dự toán năm", "Revenue against the year's estimate"),
    dataset=REPORTS,
    measure=percent(flow("budget_rev"), year_figure("budget_rev_plan")),
    unit=PERCENT,
    definition=Text(
        "Thu ngân sách lũy kế chia cho dự toán cả năm do HĐND giao.",
        "Cumulative revenue divided by the year's estimate assigned by the People's Council.",
    ),
    basis=BUDGET_LAW,
    owner=FINANCE,
    good=Good.UP,
    grains=(Grain.MONTH, Grain.YEAR),
    cumulative=True,
    target=MonthlyPath(tuple(round(100 * month / 12, 1) for month in range(1, 13))),
)


def _part(code: str, vi: str, en: str, planned: bool) -> Indicator:
    return Indicator(
        code=code,
        title=Text(vi, en),
        dataset=REPORTS,
        measure=flow(code),
        unit=BILLION,
        definition=Text(f"{vi}, một phần của thu ngân sách nhà nước trên địa bàn.", f"{en}, a part of state budget revenue."),
        basis=BUDGET_LAW,
        owner=TAX,
        good=Good.UP if planned else Good.NEUTRAL,
        grains=MONTHLY,
        places=0,
        cumulative=True,
        target=year_plan(code) if planned else None,
    )


REVENUE_PARTS = (
    _part("budget_rev_domestic", "Thu nội địa", "Domestic revenue", planned=True),
    _part("budget_rev_land", "Thu tiền sử dụng đất", "Land-use revenue", planned=False),
    _part("budget_rev_trade", "Thu từ xuất nhập khẩu", "Trade revenue", planned=True),
    _part("budget_rev_oil", "Thu từ dầu thô", "Crude oil revenue", planned=False),
)
SPENDING = Indicator(
    code="budget_exp",
    title=Text("Chi ngân sách địa phương", "Local budget expenditure"),
    dataset=REPORTS,
    measure=flow("budget_exp"),
    unit=BILLION,
    definition=Text(
        "Chi cân đối ngân sách địa phương: đầu tư phát triển, thường xuyên và các khoản khác.",
        "Balanced local budget expenditure: development, recurrent and other.",
    ),
    basis=BUDGET_LAW,
    owner=FINANCE,
    good=Good.NEUTRAL,
    grains=MONTHLY,
    places=0,
    cumulative=True,
    target=year_plan("budget_exp"),
)
DEVELOPMENT_SHARE = Indicator(
    code="budget_exp_development_share",
    title=Text("Tỷ trọng chi đầu tư phát triển", "Share of development expenditure"),
    dataset=REPORTS,
    measure=percent(flow("budget_exp_development"), flow("budget_exp")),
    unit=PERCENT,
    high=100,
    definition=Text(
        "Chi đầu tư phát triển chia cho tổng chi ngân sách địa phương.",
        "Development expenditure divided by local budget expenditure.",
    ),
    basis=BUDGET_LAW,
    owner=FINANCE,
    good=Good.UP,
    grains=MONTHLY,
    cumulative=True,
    target=MonthlyPath((30.0,) * 12),
)
DISBURSED = Indicator(
    code="pub_inv_disb",
    title=Text("Vốn đầu tư công đã giải ngân", "Public investment disbursed"),
    dataset=REPORTS,
    measure=flow("pub_inv_disb"),
    unit=BILLION,
    definition=Text(
        "Vốn đầu tư công đã thanh toán qua Kho bạc Nhà nước.",
        "Public investment paid out through the State Treasury.",
    ),
    basis=PUBLIC_INVESTMENT_LAW,
    owner=TREASURY,
    good=Good.UP,
    grains=MONTHLY,
    places=0,
    cumulative=True,
)
DISBURSEMENT = Indicator(
    code="pub_inv_rate",
    title=Text("Giải ngân đầu tư công", "Public investment disbursement"),
    dataset=REPORTS,
    measure=percent(flow("pub_inv_disb"), year_figure("pub_inv_plan")),
    unit=PERCENT,
    definition=Text(
        "Vốn đầu tư công đã giải ngân chia cho kế hoạch vốn được giao trong năm.",
        "Public investment disbursed divided by the plan assigned for the year.",
    ),
    basis=PUBLIC_INVESTMENT_LAW,
    owner=FINANCE,
    good=Good.UP,
    grains=(Grain.MONTH, Grain.YEAR),
    cumulative=True,
    target=MonthlyPath((3.0, 8.0, 15.0, 23.0, 31.0, 40.0, 48.0, 57.0, 66.0, 75.0, 86.0, 95.0)),
    classes=(40.0, 55.0, 65.0, 75.0),
)
INDICATORS = (REVENUE, REVENUE_OF_PLAN, *REVENUE_PARTS, SPENDING, DEVELOPMENT_SHARE, DISBURSED, DISBURSEMENT)
