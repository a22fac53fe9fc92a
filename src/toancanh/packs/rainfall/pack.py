"""Rainfall: how much has fallen, where, and what risk level that means."""

from __future__ import annotations

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.conditions import Threshold
from toancanh.kernel.contracts import (
    Breakdown,
    Choropleth,
    Good,
    Indicator,
    Level,
    Pack,
    Ranking,
    Rule,
    Scene,
    Severity,
    Tile,
)
from toancanh.kernel.expressions import Column
from toancanh.kernel.measures import Distinct, Extreme, Series, Stock
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.rainfall.levels import BANDS, BASIS, FROM, HEAVY_HOUR, VERSION
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
    good=Good.DOWN,
    grains=(Grain.DAY,),
    classes=(50.0, *FROM[:3]),
    by=(STATION,),
    version=VERSION,
)
STATIONS_REPORTING = Indicator(
    code="rain_stations_reporting",
    title=Text("Trạm có số liệu", "Stations reporting"),
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
    title=Text("Trạm đang vận hành", "Stations in operation"),
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
WATCH = Rule(
    code="rain_level_1",
    title=Text("Mưa 24 giờ đến cấp 1 trở lên", "Rain of 24 hours at level 1 or higher"),
    indicator=RAIN_LEVEL,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=0.0, clears_at=0.0),
    basis=BASIS,
)
DANGER = Rule(
    code="rain_level_3",
    title=Text("Mưa 24 giờ đến cấp 3 trở lên", "Rain of 24 hours at level 3 or higher"),
    indicator=RAIN_LEVEL,
    every=Level.COMMUNE,
    severity=Severity.URGENT,
    condition=Threshold(above=2.0, clears_at=1.0),
    basis=BASIS,
)
CLOUDBURST = Rule(
    code="rain_hour_heavy",
    title=Text("Mưa rất to trong một giờ", "Very heavy rain in one hour"),
    indicator=RAIN_HOUR,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=Threshold(above=HEAVY_HOUR, clears_at=30.0),
    basis=BASIS,
)
SCENE = Scene(
    code="rainfall",
    title=Text("Lượng mưa", "Rainfall"),
    asks=Text("Mưa lớn đang ở đâu?", "Where is the heavy rain now?"),
    widgets=(
        Tile(RAIN_LEVEL),
        Tile(RAIN_24H),
        Tile(RAIN_HOUR),
        Tile(STATIONS_REPORTING),
        Choropleth(RAIN_24H),
        Ranking(RAIN_24H, worst=6, beside=RAIN_HOUR),
        Breakdown(RAIN_24H, STATION, top=6),
    ),
)
PACK = Pack(
    code="rainfall",
    title=Text("Lượng mưa", "Rainfall"),
    icon="rain",
    owner=AGRICULTURE_ENVIRONMENT,
    datasets=(RAIN_STATIONS, RAIN_HOURLY),
    indicators=(RAIN_HOUR, RAIN_24H, RAIN_LEVEL, RAIN_DAY, STATIONS_REPORTING, STATIONS_OPEN),
    rules=(WATCH, DANGER, CLOUDBURST),
    scenes=(SCENE,),
    headline=(RAIN_LEVEL,),
)
