"""People and land: poverty, work, the new countryside, crops and forest."""

from __future__ import annotations

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT, HOME_AFFAIRS, STATISTICS
from toancanh.kernel.contracts import Fixed, Good, Indicator, YearPlan
from toancanh.kernel.measures import percent
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.socio_economic.reports import MONTHLY, REPORTS, flow, stock, year_figure, year_plan
from toancanh.packs.socio_economic.words import (
    COMMUNES,
    HECTARES,
    HOUSEHOLDS,
    PEOPLE,
    PERCENT,
    POVERTY_DECREE,
    STATISTICS_LAW,
    TONNES,
    YEAR_RESOLUTION,
)

# The share of the year's area sown by the end of each month: winter-spring, summer, autumn and winter crops.
SEASONS = (0.12, 0.30, 0.42, 0.48, 0.53, 0.66, 0.80, 0.87, 0.91, 0.95, 0.98, 1.0)

POVERTY_RATE = Indicator(
    code="poor_rate",
    title=Text("Tỷ lệ hộ nghèo đa chiều", "Multidimensional poverty rate"),
    dataset=REPORTS,
    measure=percent(stock("poor_households"), stock("households")),
    unit=PERCENT,
    high=100,
    definition=Text(
        "Số hộ nghèo theo chuẩn nghèo đa chiều chia cho tổng số hộ, theo kết quả rà soát cuối năm.",
        "Households poor by the multidimensional standard divided by all households, from the year-end review.",
    ),
    basis=POVERTY_DECREE,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.DOWN,
    grains=(Grain.YEAR,),
    places=2,
    target=Fixed(4.0),
    smallest_base=20,
    classes=(2.0, 4.0, 7.0, 10.0),
)
POVERTY_REDUCED = Indicator(
    code="poor_reduced",
    title=Text("Hộ nghèo giảm trong năm", "Households lifted out of poverty"),
    dataset=REPORTS,
    measure=flow("poor_reduced"),
    unit=HOUSEHOLDS,
    definition=Text(
        "Số hộ nghèo giảm thuần trong kỳ (thoát nghèo trừ tái nghèo và phát sinh mới).",
        "Net fall in the number of poor households in the period.",
    ),
    basis=POVERTY_DECREE,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=MONTHLY,
    places=0,
    cumulative=True,
    target=year_plan("poor_reduced"),
)
UNEMPLOYMENT = Indicator(
    code="unemp",
    title=Text("Tỷ lệ thất nghiệp", "Unemployment rate"),
    dataset=REPORTS,
    measure=percent(stock("unemployed"), stock("labour_force")),
    unit=PERCENT,
    high=100,
    definition=Text(
        "Người thất nghiệp chia cho lực lượng lao động trong độ tuổi.",
        "Unemployed people divided by the labour force of working age.",
    ),
    basis=STATISTICS_LAW,
    owner=STATISTICS,
    good=Good.DOWN,
    grains=(Grain.QUARTER, Grain.YEAR),
    places=2,
    target=Fixed(2.2),
)
JOBS = Indicator(
    code="jobs",
    title=Text("Lao động được tạo việc làm", "People given work"),
    dataset=REPORTS,
    measure=flow("jobs"),
    unit=PEOPLE,
    definition=Text(
        "Người lao động được giải quyết việc làm trong nước và đi làm việc ở nước ngoài.",
        "People who found work at home or abroad through the programmes of the period.",
    ),
    basis="Luật Việc làm 74/2025/QH15",
    owner=HOME_AFFAIRS,
    good=Good.UP,
    grains=MONTHLY,
    places=0,
    cumulative=True,
    target=year_plan("jobs"),
)
NEW_RURAL = Indicator(
    code="new_rural_communes",
    title=Text("Xã đạt chuẩn nông thôn mới", "Communes meeting the new-rural standard"),
    dataset=REPORTS,
    measure=stock("new_rural_communes"),
    unit=COMMUNES,
    definition=Text(
        "Số xã được công nhận đạt chuẩn nông thôn mới đến cuối kỳ.",
        "Communes recognised as meeting the new-rural standard by the end of the period.",
    ),
    basis="Chương trình mục tiêu quốc gia xây dựng nông thôn mới",
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=(Grain.QUARTER, Grain.YEAR),
    places=0,
    target=Fixed(20.0),
)
SOWN_AREA = Indicator(
    code="sown_area",
    title=Text("Diện tích gieo trồng", "Sown area"),
    dataset=REPORTS,
    measure=flow("sown_area"),
    unit=HECTARES,
    definition=Text("Diện tích gieo trồng cây hằng năm trong kỳ.", "Area sown with annual crops in the period."),
    basis=STATISTICS_LAW,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=MONTHLY,
    places=0,
    cumulative=True,
    target=YearPlan(year_figure("sown_area_plan"), SEASONS),
)
CEREALS = Indicator(
    code="cereal_output",
    title=Text("Sản lượng lương thực có hạt", "Cereal output"),
    dataset=REPORTS,
    measure=flow("cereal_output"),
    unit=TONNES,
    definition=Text("Sản lượng lúa và ngô thu hoạch trong kỳ.", "Paddy and maize harvested in the period."),
    basis=STATISTICS_LAW,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=(Grain.HALF, Grain.YEAR),
    places=0,
    target=year_plan("cereal_output"),
)
FOREST_COVER = Indicator(
    code="forest_cover",
    title=Text("Tỷ lệ che phủ rừng", "Forest cover"),
    dataset=REPORTS,
    measure=percent(stock("forest_area"), stock("natural_area")),
    unit=PERCENT,
    high=100,
    definition=Text("Diện tích có rừng chia cho diện tích tự nhiên.", "Forested area divided by natural area."),
    basis=YEAR_RESOLUTION,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=(Grain.YEAR,),
    target=Fixed(56.0),
    classes=(20.0, 40.0, 56.0, 70.0),
)
INDICATORS = (POVERTY_RATE, POVERTY_REDUCED, UNEMPLOYMENT, JOBS, NEW_RURAL, SOWN_AREA, CEREALS, FOREST_COVER)
