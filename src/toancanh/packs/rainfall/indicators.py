"""What is measured of rain: the hour, the last 24 hours, the level that they mean, and the stations that tell it."""

from __future__ import annotations

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.contracts import Good, Indicator
from toancanh.kernel.expressions import Column
from toancanh.kernel.measures import Distinct, Extreme, Series, Stock
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.rainfall.levels import BANDS, BASIS, FROM, VERSION
from toancanh.packs.rainfall.stations import RAIN, RAIN_HOURLY, RAIN_STATIONS, STATION
from toancanh.packs.rainfall.sums import level_of_24_hours, rain_of_24_hours

MM = Text("mm", "mm")
DAY_HOURS = 24
SUM_OF_DAY = Text("tổng mưa 24 giờ", "sum of 24 hours")
LEVEL_OF_DAY = Text("cấp theo tổng mưa 24 giờ", "level by the sum of 24 hours")

RAIN_HOUR = Indicator(
    code="rain_hour",
    title=Text("Lượng mưa trong giờ", "Rain in the hour"),
    dataset=RAIN_HOURLY,
    measure=Extreme(RAIN, largest=True),
    unit=MM,
    definition=Text(
        "Lượng mưa trong giờ của trạm mưa lớn nhất trên địa bàn.", "Rain in the hour at the station of the area with most rain."
    ),
    basis=BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.HOUR,),
    classes=(5.0, 15.0, 30.0, 50.0),
    by=(STATION,),
    short=Text("Mưa giờ", "Rain, hour"),
)
RAIN_24H = Indicator(
    code="rain_24h",
    title=Text("Lượng mưa 24 giờ qua", "Rain in the last 24 hours"),
    dataset=RAIN_HOURLY,
    measure=Series(rain_of_24_hours, (RAIN,), STATION, DAY_HOURS, title=SUM_OF_DAY),
    unit=MM,
    definition=Text(
        "Tổng mưa 24 giờ liền trước của trạm mưa lớn nhất trên địa bàn, khi có ít nhất 18 giờ đo hoặc tổng đã từ 100 mm.",
        "Sum of the last 24 hours at the station of the area with most rain, from 18 hours measured or once it reaches 100 mm.",
    ),
    basis=BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.HOUR,),
    classes=(50.0, *FROM[:3]),
    by=(STATION,),
    short=Text("Mưa 24 giờ", "Rain, 24 h"),
    version=VERSION,
)
RAIN_LEVEL = Indicator(
    code="rain_level",
    title=Text("Cấp cảnh báo mưa lớn", "Heavy rain level"),
    dataset=RAIN_HOURLY,
    measure=Series(level_of_24_hours, (RAIN,), STATION, DAY_HOURS, title=LEVEL_OF_DAY),
    unit=Text("cấp", "level"),
    definition=Text(
        "Cấp theo tổng mưa 24 giờ của trạm mưa lớn nhất, ngưỡng tạm đặt: cấp 1 từ 100 mm, cấp 2 từ 200, cấp 3 từ 400, "
        "cấp 4 từ 600, cấp 5 từ 800. Không thay cấp độ rủi ro thiên tai do cơ quan khí tượng thủy văn công bố.",
        "Level by the 24-hour sum of the station with most rain, at assumed limits: level 1 from 100 mm, 2 from 200, 3 from 400, "
        "4 from 600, 5 from 800. It does not replace the disaster-risk level that the forecaster issues.",
    ),
    basis=BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.HOUR,),
    places=0,
    bands=BANDS,
    by=(STATION,),
    version=VERSION,
)
RAIN_DAY = Indicator(
    code="rain_day",
    title=Text("Trạm mưa lớn nhất trong ngày", "Worst station of the day"),
    dataset=RAIN_HOURLY,
    measure=Series(rain_of_24_hours, (RAIN,), STATION, DAY_HOURS, title=SUM_OF_DAY),
    unit=MM,
    definition=Text(
        "Lượng mưa từ 0 giờ đến 24 giờ của trạm mưa lớn nhất trên địa bàn, khi có ít nhất 18 giờ đo hoặc tổng đã từ 100 mm.",
        "Rain of the calendar day at the station of the area with most rain, from 18 hours measured or once it reaches 100 mm.",
    ),
    basis=BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.DAY,),
    classes=(50.0, *FROM[:3]),
    by=(STATION,),
    version=VERSION,
)
STATIONS_REPORTING = Indicator(
    code="rain_stations_reporting",
    title=Text("Trạm đo mưa có số liệu", "Rain gauges reporting"),
    dataset=RAIN_HOURLY,
    measure=Distinct(STATION),
    unit=Text("trạm", "stations"),
    definition=Text("Số trạm đã gửi ít nhất một số đo trong kỳ.", "Stations that sent at least one reading in the period."),
    basis=BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=(Grain.HOUR, Grain.DAY),
    places=0,
)
STATIONS_OPEN = Indicator(
    code="rain_stations_open",
    title=Text("Trạm đo mưa đang vận hành", "Rain gauges in operation"),
    dataset=RAIN_STATIONS,
    measure=Stock(begins=Column("opened_at"), ends=Column("closed_at")),
    unit=Text("trạm", "stations"),
    definition=Text("Số trạm đang vận hành ở cuối kỳ.", "Stations in operation at the end of the period."),
    basis=BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.NEUTRAL,
    grains=(Grain.MONTH, Grain.YEAR),
    places=0,
)
INDICATORS = (RAIN_HOUR, RAIN_24H, RAIN_LEVEL, RAIN_DAY, STATIONS_REPORTING, STATIONS_OPEN)
