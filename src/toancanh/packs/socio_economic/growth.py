"""Growth, structure and investment: what the province's economy is worth and how fast it grows."""

from __future__ import annotations

from toancanh.kernel.agency_roles import CONSTRUCTION, FINANCE, STATISTICS
from toancanh.kernel.contracts import Fixed, Good, Indicator, YearPlan
from toancanh.kernel.measures import Growth, Ratio, percent
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.reports import QUARTERLY, REPORTS, flow, stock, year_figure
from toancanh.packs.socio_economic.words import BILLION, MILLION, PERCENT, STATISTICS_LAW, YEAR_RESOLUTION

QUARTER_SHARES = (0.07, 0.14, 0.22, 0.30, 0.38, 0.46, 0.54, 0.63, 0.71, 0.80, 0.90, 1.0)

GRDP_GROWTH = Indicator(
    code="grdp_growth",
    title=Text("Tốc độ tăng GRDP", "GRDP growth"),
    dataset=REPORTS,
    measure=Growth(flow("grdp_const")),
    unit=PERCENT,
    definition=Text(
        "GRDP theo giá so sánh 2010 của kỳ báo cáo so với cùng kỳ năm trước, trừ 100%. Tính từ giá trị, không cộng tỷ lệ.",
        "GRDP at constant 2010 prices against the same period of the last year, less 100%. From levels, never from rates.",
    ),
    basis=STATISTICS_LAW,
    owner=STATISTICS,
    good=Good.UP,
    grains=QUARTERLY,
    places=2,
    cumulative=True,
    target=Fixed(8.0),
)
GRDP_CONSTANT = Indicator(
    code="grdp_const",
    title=Text("GRDP theo giá so sánh 2010", "GRDP at constant 2010 prices"),
    dataset=REPORTS,
    measure=flow("grdp_const"),
    unit=BILLION,
    definition=Text(
        "Tổng sản phẩm trên địa bàn, tính theo giá năm gốc 2010.",
        "Gross regional domestic product, in prices of the base year 2010.",
    ),
    basis=STATISTICS_LAW,
    owner=STATISTICS,
    good=Good.UP,
    grains=QUARTERLY,
    places=0,
    cumulative=True,
    target=YearPlan(year_figure("grdp_const_plan"), QUARTER_SHARES),
)
GRDP_CURRENT = Indicator(
    code="grdp_cur",
    title=Text("GRDP theo giá hiện hành", "GRDP at current prices"),
    dataset=REPORTS,
    measure=flow("grdp_cur"),
    unit=BILLION,
    definition=Text(
        "Tổng sản phẩm trên địa bàn, tính theo giá của chính kỳ báo cáo.",
        "Gross regional domestic product, in the prices of the reporting period.",
    ),
    basis=STATISTICS_LAW,
    owner=STATISTICS,
    good=Good.UP,
    grains=QUARTERLY,
    places=0,
    cumulative=True,
    target=YearPlan(year_figure("grdp_cur_plan"), QUARTER_SHARES),
)
GRDP_PER_HEAD = Indicator(
    code="grdp_per_head",
    title=Text("GRDP bình quân đầu người", "GRDP per head"),
    dataset=REPORTS,
    measure=Ratio(flow("grdp_cur"), year_figure("population_avg"), 1000.0),
    unit=MILLION,
    definition=Text(
        "GRDP giá hiện hành chia cho dân số trung bình của năm.",
        "GRDP at current prices divided by the average population of the year.",
    ),
    basis=YEAR_RESOLUTION,
    owner=STATISTICS,
    good=Good.UP,
    grains=(Grain.YEAR,),
    places=1,
    target=Fixed(60.0),
)


def _share(part: str, vi: str, en: str) -> Indicator:
    return Indicator(
        code=f"grdp_share_{part}",
        title=Text(f"Tỷ trọng {vi} trong GRDP", f"Share of {en} in GRDP"),
        dataset=REPORTS,
        measure=percent(flow(f"grdp_cur_{part}"), flow("grdp_cur")),
        unit=PERCENT,
        high=100,
        definition=Text(
            f"Giá trị {vi} chia cho GRDP, cùng theo giá hiện hành.",
            f"Value of {en} divided by GRDP, both at current prices.",
        ),
        basis=STATISTICS_LAW,
        owner=STATISTICS,
        good=Good.NEUTRAL,
        grains=QUARTERLY,
        cumulative=True,
    )


GRDP_SHARES = (
    _share("agriculture", "nông, lâm nghiệp và thủy sản", "agriculture, forestry and fishery"),
    _share("industry", "công nghiệp và xây dựng", "industry and construction"),
    _share("services", "dịch vụ", "services"),
    _share("tax", "thuế sản phẩm trừ trợ cấp", "product taxes less subsidies"),
)
INVESTMENT = Indicator(
    code="invest_total",
    title=Text("Vốn đầu tư thực hiện toàn xã hội", "Total social investment"),
    dataset=REPORTS,
    measure=flow("invest_total"),
    unit=BILLION,
    definition=Text(
        "Vốn của Nhà nước, ngoài Nhà nước và nước ngoài thực hiện trên địa bàn, giá hiện hành.",
        "State, non-state and foreign capital invested in the province, at current prices.",
    ),
    basis=STATISTICS_LAW,
    owner=FINANCE,
    good=Good.UP,
    grains=QUARTERLY,
    places=0,
    cumulative=True,
    target=YearPlan(year_figure("invest_total_plan"), QUARTER_SHARES),
)
URBAN_RATE = Indicator(
    code="urban_rate",
    title=Text("Tỷ lệ đô thị hóa", "Urbanisation rate"),
    dataset=REPORTS,
    measure=percent(stock("population_urban"), stock("population_avg")),
    unit=PERCENT,
    high=100,
    definition=Text(
        "Dân số thành thị chia cho tổng dân số trung bình.",
        "Urban population divided by the average population.",
    ),
    basis=YEAR_RESOLUTION,
    owner=CONSTRUCTION,
    good=Good.UP,
    grains=(Grain.YEAR,),
    target=Fixed(34.0),
)
INDICATORS = (GRDP_GROWTH, GRDP_CONSTANT, GRDP_CURRENT, GRDP_PER_HEAD, *GRDP_SHARES, INVESTMENT, URBAN_RATE)
