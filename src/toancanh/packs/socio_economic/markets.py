"""Production, trade and prices, and the enterprises that make them."""

from __future__ import annotations

from toancanh.kernel.agency_roles import FINANCE, INDUSTRY_TRADE, STATISTICS, AgencyRole
from toancanh.kernel.contracts import Fixed, Good, Indicator
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.reports import MONTHLY, REPORTS, flow, index, year_plan
from toancanh.packs.socio_economic.words import BILLION, ENTERPRISE_LAW, FIRMS, MILLION_USD, PERCENT, STATISTICS_LAW

IIP = Indicator(
    code="iip",
    title=Text("Chỉ số sản xuất công nghiệp", "Industrial production index"),
    dataset=REPORTS,
    measure=index("iip"),
    unit=PERCENT,
    definition=Text(
        "Khối lượng sản xuất công nghiệp so với cùng kỳ năm trước = 100. Không cộng được; lũy kế do thống kê công bố.",
        "Volume of industrial production, same period of the last year = 100. Never adds up.",
    ),
    basis=STATISTICS_LAW,
    owner=INDUSTRY_TRADE,
    good=Good.UP,
    grains=(Grain.MONTH, Grain.QUARTER, Grain.YEAR),
    cumulative=True,
    target=Fixed(108.0),
)
CPI = Indicator(
    code="cpi_year",
    title=Text("Chỉ số giá tiêu dùng so cùng kỳ", "Consumer prices, same period = 100"),
    dataset=REPORTS,
    measure=index("cpi_year"),
    unit=PERCENT,
    definition=Text(
        "Giá tiêu dùng bình quân so với cùng kỳ năm trước = 100. Chỉ số không cộng được.",
        "Average consumer prices, same period of the last year = 100. Indices never add up.",
    ),
    basis=STATISTICS_LAW,
    owner=STATISTICS,
    good=Good.DOWN,
    grains=(Grain.MONTH, Grain.QUARTER, Grain.YEAR),
    places=2,
    cumulative=True,
    target=Fixed(104.5),
    tolerance=0.005,
)


def _price_index(code: str, vi: str, en: str) -> Indicator:
    return Indicator(
        code=code,
        title=Text(f"CPI so {vi}", f"CPI, {en} = 100"),
        dataset=REPORTS,
        measure=index(code),
        unit=PERCENT,
        definition=Text(
            f"Giá tiêu dùng so với {vi} = 100. Chỉ số không cộng được.", f"Consumer prices, {en} = 100. Never adds up."
        ),
        basis=STATISTICS_LAW,
        owner=STATISTICS,
        good=Good.NEUTRAL,
        grains=(Grain.MONTH,),
        places=2,
    )


CPI_OTHERS = (
    _price_index("cpi_month", "tháng trước", "previous month"),
    _price_index("cpi_december", "tháng 12 năm trước", "December of the last year"),
)


def _monthly(
    code: str,
    title: Text,
    definition: Text,
    *,
    unit: Text,
    good: Good,
    owner: AgencyRole = INDUSTRY_TRADE,
    basis: str = STATISTICS_LAW,
) -> Indicator:
    """A monthly flow with a plan for the year."""
    return Indicator(
        code=code,
        title=title,
        dataset=REPORTS,
        measure=flow(code),
        unit=unit,
        definition=definition,
        basis=basis,
        owner=owner,
        good=good,
        grains=MONTHLY,
        places=1 if unit is MILLION_USD else 0,
        cumulative=True,
        target=year_plan(code),
    )


RETAIL = _monthly(
    "retail",
    Text("Tổng mức bán lẻ hàng hóa, dịch vụ", "Retail sales of goods and services"),
    Text(
        "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng, giá hiện hành.",
        "Retail sales and consumer services, current prices.",
    ),
    unit=BILLION,
    good=Good.UP,
)
EXPORT = _monthly(
    "export",
    Text("Kim ngạch xuất khẩu", "Exports"),
    Text("Trị giá hàng hóa xuất khẩu của doanh nghiệp trên địa bàn.", "Value of goods exported by enterprises of the area."),
    unit=MILLION_USD,
    good=Good.UP,
)
IMPORT = _monthly(
    "import",
    Text("Kim ngạch nhập khẩu", "Imports"),
    Text("Trị giá hàng hóa nhập khẩu của doanh nghiệp trên địa bàn.", "Value of goods imported by enterprises of the area."),
    unit=MILLION_USD,
    good=Good.NEUTRAL,
)
NEW_FIRMS = _monthly(
    "biz_new",
    Text("Doanh nghiệp thành lập mới", "New enterprises"),
    Text("Doanh nghiệp được cấp giấy chứng nhận đăng ký lần đầu trong kỳ.", "Enterprises first registered in the period."),
    unit=FIRMS,
    good=Good.UP,
    owner=FINANCE,
    basis=ENTERPRISE_LAW,
)
NEW_CAPITAL = _monthly(
    "biz_capital",
    Text("Vốn đăng ký mới", "New registered capital"),
    Text("Vốn điều lệ đăng ký của doanh nghiệp thành lập mới.", "Charter capital registered by new enterprises."),
    unit=BILLION,
    good=Good.UP,
    owner=FINANCE,
    basis=ENTERPRISE_LAW,
)
CLOSED_FIRMS = _monthly(
    "biz_closed",
    Text("Doanh nghiệp tạm ngừng, giải thể", "Enterprises suspended or dissolved"),
    Text(
        "Doanh nghiệp đăng ký tạm ngừng, chờ giải thể hoặc đã giải thể trong kỳ; kế hoạch năm là mức không vượt.",
        "Enterprises suspended, awaiting dissolution or dissolved; the year's plan is a ceiling.",
    ),
    unit=FIRMS,
    good=Good.DOWN,
    owner=FINANCE,
    basis=ENTERPRISE_LAW,
)
FDI = _monthly(
    "fdi",
    Text("Vốn FDI đăng ký", "Registered FDI"),
    Text(
        "Vốn đầu tư nước ngoài đăng ký cấp mới, tăng thêm và góp vốn.", "New, added and contributed foreign capital registered."
    ),
    unit=MILLION_USD,
    good=Good.UP,
    owner=FINANCE,
    basis="Luật Đầu tư 61/2020/QH14",
)
INDICATORS = (IIP, CPI, *CPI_OTHERS, RETAIL, EXPORT, IMPORT, NEW_FIRMS, NEW_CAPITAL, CLOSED_FIRMS, FDI)
