"""Every figure that agencies report in this field: code, words, unit and the bounds outside which a value is surely wrong.

An item whose code ends in `_plan` is the year's plan of the figure it is named after; it is reported once a year, for the year.
"""

from __future__ import annotations

from toancanh.kernel.contracts import Item
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.words import (
    BILLION,
    COMMUNES,
    FIRMS,
    HECTARES,
    HOUSEHOLDS,
    MILLION_USD,
    PEOPLE,
    PERCENT,
    TONNES,
)


def _planned(item: Item) -> tuple[Item, Item]:
    """A figure and its yearly plan."""
    plan = Text(f"Kế hoạch năm: {item.title.vi}", f"Year's plan: {item.title.en}")
    return item, Item(f"{item.code}_plan", plan, item.unit, item.low, item.high)


def _amount(code: str, vi: str, en: str, unit: Text = BILLION, headers: tuple[str, ...] = ()) -> Item:
    """A figure that cannot be negative."""
    return Item(code, Text(vi, en), unit, low=0, headers=headers)


GROWTH_ITEMS = (
    *_planned(
        _amount(
            "grdp_const", "GRDP theo giá so sánh 2010", "GRDP at constant 2010 prices", headers=("grdp_ss", "grdp gia so sanh")
        )
    ),
    *_planned(
        _amount("grdp_cur", "GRDP theo giá hiện hành", "GRDP at current prices", headers=("grdp_hh", "grdp gia hien hanh"))
    ),
    _amount(
        "grdp_cur_agriculture",
        "GRDP giá hiện hành: nông, lâm, thủy sản",
        "GRDP at current prices: agriculture, forestry, fishery",
    ),
    _amount(
        "grdp_cur_industry", "GRDP giá hiện hành: công nghiệp, xây dựng", "GRDP at current prices: industry and construction"
    ),
    _amount("grdp_cur_services", "GRDP giá hiện hành: dịch vụ", "GRDP at current prices: services"),
    Item(
        "grdp_cur_tax",
        Text("GRDP giá hiện hành: thuế sản phẩm trừ trợ cấp", "GRDP at current prices: product taxes less subsidies"),
        BILLION,
    ),
    _amount("population_avg", "Dân số trung bình", "Average population", PEOPLE, ("dan so trung binh",)),
    _amount("population_urban", "Dân số thành thị", "Urban population", PEOPLE),
    *_planned(_amount("invest_total", "Vốn đầu tư thực hiện toàn xã hội", "Total social investment")),
)

BUDGET_ITEMS = (
    *_planned(
        _amount(
            "budget_rev", "Thu ngân sách nhà nước trên địa bàn", "State budget revenue", headers=("thu nsnn", "thu ngan sach")
        )
    ),
    *_planned(_amount("budget_rev_domestic", "Thu nội địa", "Domestic revenue")),
    _amount("budget_rev_land", "Thu tiền sử dụng đất", "Land-use revenue"),
    *_planned(_amount("budget_rev_trade", "Thu từ hoạt động xuất nhập khẩu", "Revenue from export and import")),
    _amount("budget_rev_oil", "Thu từ dầu thô", "Crude oil revenue"),
    *_planned(_amount("budget_exp", "Chi ngân sách địa phương", "Local budget expenditure")),
    _amount("budget_exp_development", "Chi đầu tư phát triển", "Development expenditure"),
    _amount("budget_exp_recurrent", "Chi thường xuyên", "Recurrent expenditure"),
    _amount(
        "pub_inv_disb", "Giải ngân vốn đầu tư công", "Public investment disbursed", headers=("giai ngan", "giai ngan dau tu cong")
    ),
    _amount("pub_inv_plan", "Kế hoạch vốn đầu tư công được giao", "Public investment assigned for the year"),
)

MARKET_ITEMS = (
    Item(
        "iip",
        Text("Chỉ số sản xuất công nghiệp so cùng kỳ", "Industrial production index, same period = 100"),
        PERCENT,
        low=20,
        high=300,
        headers=("chi so san xuat cong nghiep",),
    ),
    *_planned(_amount("retail", "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ", "Retail sales of goods and services")),
    *_planned(_amount("export", "Kim ngạch xuất khẩu", "Exports", MILLION_USD)),
    *_planned(_amount("import", "Kim ngạch nhập khẩu", "Imports", MILLION_USD)),
    Item("cpi_month", Text("CPI so tháng trước", "CPI, previous month = 100"), PERCENT, low=80, high=130),
    Item("cpi_december", Text("CPI so tháng 12 năm trước", "CPI, December of the last year = 100"), PERCENT, low=80, high=150),
    Item(
        "cpi_year",
        Text("CPI so cùng kỳ", "CPI, same period = 100"),
        PERCENT,
        low=80,
        high=150,
        headers=("cpi", "chi so gia tieu dung"),
    ),
)

ENTERPRISE_ITEMS = (
    *_planned(_amount("biz_new", "Doanh nghiệp thành lập mới", "New enterprises", FIRMS)),
    *_planned(_amount("biz_capital", "Vốn đăng ký mới của doanh nghiệp", "New registered capital")),
    *_planned(_amount("biz_closed", "Doanh nghiệp tạm ngừng, giải thể", "Enterprises suspended or dissolved", FIRMS)),
    _amount("biz_back", "Doanh nghiệp quay lại hoạt động", "Enterprises back in business", FIRMS),
    *_planned(_amount("fdi", "Vốn FDI đăng ký", "Registered FDI", MILLION_USD)),
)

SOCIETY_ITEMS = (
    _amount("poor_households", "Số hộ nghèo đa chiều", "Multidimensionally poor households", HOUSEHOLDS),
    _amount("households", "Tổng số hộ dân cư", "Households", HOUSEHOLDS),
    *_planned(_amount("poor_reduced", "Hộ nghèo giảm trong năm", "Households lifted out of poverty", HOUSEHOLDS)),
    _amount("unemployed", "Số người thất nghiệp", "Unemployed people", PEOPLE),
    _amount("labour_force", "Lực lượng lao động", "Labour force", PEOPLE),
    *_planned(_amount("jobs", "Lao động được tạo việc làm", "People given work", PEOPLE)),
    _amount("new_rural_communes", "Xã đạt chuẩn nông thôn mới", "Communes meeting the new-rural standard", COMMUNES),
    *_planned(_amount("sown_area", "Diện tích gieo trồng", "Sown area", HECTARES)),
    *_planned(_amount("cereal_output", "Sản lượng lương thực có hạt", "Cereal output", TONNES)),
    _amount("forest_area", "Diện tích có rừng", "Forested area", HECTARES),
    _amount("natural_area", "Diện tích tự nhiên", "Natural area", HECTARES),
)

ITEMS = GROWTH_ITEMS + BUDGET_ITEMS + MARKET_ITEMS + ENTERPRISE_ITEMS + SOCIETY_ITEMS
