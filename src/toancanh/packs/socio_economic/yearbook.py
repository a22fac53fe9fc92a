"""The statistics office's yearbook: what its exports are called, and which figures stand in them."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import STATISTICS
from toancanh.kernel.contracts import Fixed, Good, Indicator, Item, Record
from toancanh.kernel.fields import AREA, CODE, DAY, NUMBER, PERIOD, TEXT, Field, one_of
from toancanh.kernel.figures_dataset import STATUSES, figures
from toancanh.kernel.measures import Adds, Measure, Ratio, Reported
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.long_table import read_long_table
from toancanh.packs.socio_economic.parse import read_export
from toancanh.packs.socio_economic.words import PEOPLE, PERCENT, STATISTICS_LAW

THOUSAND_PEOPLE, BEDS = Text("nghìn người", "thousand people"), Text("giường", "beds")
THOUSAND_VND, BILLION_VND = Text("nghìn đồng", "VND thousand"), Text("tỷ đồng", "VND billion")
THOUSAND_VISITS, INDEX = Text("nghìn lượt", "thousand visits"), Text("%", "%")

# CPI groups as the exports name them: code, Vietnamese, English.
GROUPS = (
    ("all", "chung", "all items"),
    ("food_all", "hàng ăn và dịch vụ ăn uống", "food and foodstuffs"),
    ("food", "lương thực", "food"),
    ("foodstuffs", "thực phẩm", "foodstuffs"),
    ("drinks", "đồ uống và thuốc lá", "beverage and cigarette"),
    ("garment", "may mặc, mũ nón, giày dép", "garment, footwear, hat"),
    ("housing", "nhà ở và vật liệu xây dựng", "housing and construction material"),
    ("household", "thiết bị và đồ dùng gia đình", "household equipment"),
    ("health", "thuốc và dịch vụ y tế", "medicine and health care"),
    ("transport", "giao thông", "transport"),
    ("transport_post", "phương tiện đi lại, bưu điện", "transport and communication"),
    ("post", "bưu chính viễn thông", "post and communication"),
    ("education", "giáo dục", "education"),
    ("culture", "văn hóa, giải trí và du lịch", "culture, entertainment and tourism"),
    ("other", "hàng hóa và dịch vụ khác", "other goods and services"),
    ("gold", "giá vàng", "gold price"),
    ("dollar", "giá đô la Mỹ", "US dollar price"),
)
BASES = (
    ("month", "tháng trước", "previous month"),
    ("december", "tháng 12 năm trước", "December of the last year"),
    ("year", "cùng kỳ năm trước", "same period of the last year"),
    ("base2009", "kỳ gốc 2009", "base period 2009"),
)


def _item(code: str, vi: str, en: str, unit: Text, high: float | None = None) -> Item:
    return Item(code, Text(vi, en), unit, low=0, high=high)


ITEMS = (
    _item("land_area", "Diện tích tự nhiên", "Land area", Text("km²", "km²")),
    _item("population_thousand", "Dân số trung bình năm", "Mid-year population", THOUSAND_PEOPLE),
    _item("population_per_km2", "Mật độ dân số công bố", "Published density", Text("người/km²", "people/km²")),
    _item("poor_share", "Tỷ lệ nghèo", "Share of the poor", PERCENT, 100),
    _item("retail_value", "Tổng mức bán lẻ, doanh thu dịch vụ", "Retail value, goods and services", BILLION_VND),
    _item("fdi_projects", "Dự án FDI cấp mới", "FDI projects licensed", Text("dự án", "projects")),
    Item("fdi_capital", Text("Vốn FDI đăng ký trong năm", "FDI capital registered"), Text("triệu USD", "USD million")),
    _item("income_total", "Thu nhập bình quân tháng", "Monthly income per head", THOUSAND_VND),
    _item("income_wage", "Thu nhập từ tiền lương, tiền công", "Income from salary and wage", THOUSAND_VND),
    _item("income_farm", "Thu nhập từ nông, lâm, thủy sản", "Income from farming, forestry, fishery", THOUSAND_VND),
    _item("income_trade", "Thu nhập phi nông, lâm, thủy sản", "Income from other business", THOUSAND_VND),
    _item("income_other", "Thu nhập khác", "Other income", THOUSAND_VND),
    _item("beds_total", "Giường bệnh thuộc sở y tế", "Hospital beds of health departments", BEDS),
    _item("beds_hospital", "Giường bệnh viện", "Beds in hospitals", BEDS),
    _item("beds_polyclinic", "Giường phòng khám đa khoa khu vực", "Beds in regional polyclinics", BEDS),
    _item("beds_sanatorium", "Giường viện điều dưỡng, phục hồi chức năng", "Beds in sanatoria", BEDS),
    _item("beds_station", "Giường trạm y tế", "Beds in medical service units", BEDS),
    _item("pupils_total", "Học sinh phổ thông", "Pupils", PEOPLE),
    _item("pupils_primary", "Học sinh tiểu học", "Primary pupils", PEOPLE),
    _item("pupils_lower", "Học sinh trung học cơ sở", "Lower secondary pupils", PEOPLE),
    _item("pupils_upper", "Học sinh trung học phổ thông", "Upper secondary pupils", PEOPLE),
    _item("stay_turnover", "Doanh thu cơ sở lưu trú", "Turnover of accommodation", BILLION_VND),
    _item("travel_turnover", "Doanh thu cơ sở lữ hành", "Turnover of travel agencies", BILLION_VND),
    _item("stay_visits", "Lượt khách lưu trú", "Visits at accommodation", THOUSAND_VISITS),
    _item("stay_visits_home", "Lượt khách lưu trú trong nước", "Visits at accommodation: home", THOUSAND_VISITS),
    _item("stay_visits_foreign", "Lượt khách lưu trú quốc tế", "Visits at accommodation: foreign", THOUSAND_VISITS),
    _item("travel_visits", "Lượt khách lữ hành", "Visits with travel agencies", THOUSAND_VISITS),
    _item("travel_visits_home", "Lượt khách lữ hành trong nước", "Visits with travel agencies: home", THOUSAND_VISITS),
    _item("travel_visits_foreign", "Lượt khách lữ hành quốc tế", "Visits with travel agencies: foreign", THOUSAND_VISITS),
    _item("travel_abroad", "Người Việt Nam đi du lịch nước ngoài", "Vietnamese travelling abroad", THOUSAND_VISITS),
    _item("cpi_month_average", "CPI bình quân tháng trong năm", "CPI, mean monthly change", INDEX),
    _item("cpi_december_year", "CPI tháng 12 so tháng 12 năm trước", "CPI, December on December", INDEX),
    _item("cpi_previous_year", "CPI so năm trước", "CPI, last year = 100", INDEX),
    _item("cpi_since_2000", "CPI so năm 2000", "CPI, 2000 = 100", INDEX),
    _item("cpi_since_2005", "CPI so năm 2005", "CPI, 2005 = 100", INDEX),
    _item("cpi_since_2010", "CPI so năm 2010", "CPI, 2010 = 100", INDEX),
    *(
        _item(f"cpi_{base}_{group}", f"CPI so {base_vi}: {group_vi}", f"CPI, {base_en} = 100: {group_en}", INDEX)
        for base, base_vi, base_en in BASES
        for group, group_vi, group_en in GROUPS
    ),
)
YEARBOOK = figures(
    "statistics_yearbook",
    Text("Niên giám thống kê", "Statistical yearbook"),
    items=ITEMS,
    grain=Grain.MONTH,
    owner=STATISTICS,
    cadence=timedelta(days=366),
    parse=read_export,
)
# The long table holds some two hundred series, each an open code: kept whole for drilling and for new indicators.
SERIES = Record(
    code="statistics_series",
    title=Text("Chuỗi số liệu thống kê", "Statistical series"),
    fields=(
        Field("series", CODE, Text("Mã chuỗi", "Series")),
        Field("area", AREA, Text("Địa bàn", "Area")),
        Field("period", PERIOD, Text("Kỳ", "Period")),
        Field("day", DAY, Text("Ngày đầu kỳ", "First day")),
        Field("value", NUMBER, Text("Giá trị", "Value")),
        Field("status", one_of(*STATUSES), Text("Trạng thái", "Status"), required=False),
        Field("wording", TEXT, Text("Tên chỉ tiêu của nguồn", "The source's wording"), required=False),
    ),
    key=("series", "area", "period"),
    time="day",
    area="area",
    owner=STATISTICS,
    cadence=timedelta(days=366),
    parse=read_long_table,
)


def _stock(item: str) -> Reported:
    return Reported(item, over_time=Adds.LAST)


def _yearly(code: str, title: Text, measure: Measure, unit: Text, definition: Text, **more: object) -> Indicator:
    return Indicator(
        code=code,
        title=title,
        dataset=YEARBOOK,
        measure=measure,
        unit=unit,
        definition=definition,
        basis=STATISTICS_LAW,
        owner=STATISTICS,
        grains=(Grain.YEAR,),
        **({"good": Good.NEUTRAL} | more),  # type: ignore[arg-type]
    )


INDICATORS = (
    _yearly(
        "population",
        Text("Dân số trung bình", "Population"),
        _stock("population_thousand"),
        THOUSAND_PEOPLE,
        Text("Dân số trung bình năm; tổng các tỉnh bằng cả nước.", "Mid-year population; the provinces add up to the country."),
        classes=(750.0, 1250.0, 1750.0, 2500.0),
    ),
    _yearly(
        "population_density",
        Text("Mật độ dân số", "Population density"),
        Ratio(_stock("population_thousand"), _stock("land_area"), 1000.0),
        Text("người/km²", "people/km²"),
        Text("Dân số chia diện tích; tính lại từ tổng.", "Population over area; from sums, never from densities."),
        places=0,
        classes=(100.0, 250.0, 500.0, 1000.0),
    ),
    _yearly(
        "poverty_rate",
        Text("Tỷ lệ nghèo", "Poverty rate"),
        Reported("poor_share", over_time=Adds.NEVER, over_area=Adds.NEVER),
        PERCENT,
        Text("Tỷ lệ do cơ quan thống kê công bố; không cộng giữa các tỉnh.", "As published; never added up over provinces."),
        good=Good.DOWN,
        target=Fixed(10.0),
        classes=(5.0, 10.0, 20.0, 30.0),
    ),
    _yearly(
        "retail_yearly",
        Text("Tổng mức bán lẻ cả năm", "Retail sales of the year"),
        Reported("retail_value"),
        BILLION_VND,
        Text("Bán lẻ hàng hóa và dịch vụ, giá hiện hành.", "Retail sales of goods and services at current prices."),
        good=Good.UP,
        places=0,
        classes=(10000.0, 25000.0, 50000.0, 100000.0),
    ),
    _yearly(
        "beds_per_10k",
        Text("Giường bệnh trên 10.000 dân", "Hospital beds per 10,000 people"),
        Ratio(_stock("beds_total"), _stock("population_thousand"), 10.0),
        BEDS,
        Text("Giường bệnh thuộc sở y tế chia dân số.", "Beds of the health departments over population."),
        good=Good.UP,
        classes=(15.0, 20.0, 25.0, 30.0),
    ),
    _yearly(
        "pupils",
        Text("Học sinh phổ thông", "Pupils"),
        _stock("pupils_total"),
        PEOPLE,
        Text("Học sinh phổ thông tại ngày 30/9.", "Pupils of general education on 30 September."),
        places=0,
    ),
    _yearly(
        "fdi_yearly",
        Text("Vốn FDI đăng ký cả năm", "FDI registered in the year"),
        Reported("fdi_capital"),
        Text("triệu USD", "USD million"),
        Text("Vốn đăng ký của dự án cấp phép trong năm.", "Registered capital of projects licensed in the year."),
        good=Good.UP,
        classes=(10.0, 50.0, 200.0, 500.0),
    ),
    _yearly(
        "income_per_head",
        Text("Thu nhập bình quân đầu người tháng", "Monthly income per head"),
        Reported("income_total", over_time=Adds.NEVER, over_area=Adds.NEVER),
        THOUSAND_VND,
        Text("Theo khảo sát mức sống; không cộng giữa các tỉnh.", "Living standards survey; never added up over provinces."),
        good=Good.UP,
        places=0,
        classes=(1500.0, 2000.0, 2500.0, 3500.0),
    ),
)
