"""What is measured of the air: the index of the hour and of the day, dust, and the stations that tell it."""

from __future__ import annotations

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.contracts import Band, Fixed, Good, Indicator
from toancanh.kernel.expressions import Column
from toancanh.kernel.measures import Distinct, Series, Stock, mean
from toancanh.kernel.periods import Grain
from toancanh.kernel.scoring.air_quality import BANDS, DAY_HOURS
from toancanh.kernel.text import Text
from toancanh.packs.air_quality.index import DAY_WINDOW, HOUR_WINDOW, STAYS, dust_of_day, index_of_day, index_of_hour
from toancanh.packs.air_quality.stations import AIR_HOURLY, AIR_STATIONS, POLLUTANTS, STATION
from toancanh.packs.air_quality.words import AMBIENT_STANDARD, INDEX_BASIS

DUST = Text("µg/m³", "µg/m³")
_STATUS = {"good": "ok", "moderate": "ok", "poor": "warn", "bad": "bad", "very_bad": "urgent", "hazardous": "urgent"}
COLOURS = tuple(Band(float(each.first), each.name, each.hex, _STATUS[each.code]) for each in BANDS)
EDGES = (50.0, 100.0, 150.0, 200.0)

AQI_HOUR = Indicator(
    code="air_aqi_hour",
    title=Text("Chất lượng không khí theo giờ", "Air quality this hour"),
    dataset=AIR_HOURLY,
    measure=Series(
        index_of_hour, POLLUTANTS, STATION, HOUR_WINDOW, stays=STAYS, title=Text("VN_AQI giờ", "VN_AQI of the hour")
    ),
    unit=Text("VN_AQI", "VN_AQI"),
    definition=Text(
        "VN_AQI giờ của trạm xấu nhất: PM2.5 và PM10 theo NowCast 12 giờ, các khí theo trung bình 1 giờ. Không cộng.",
        "Hourly VN_AQI of the worst station: PM by the NowCast of 12 hours, gases by 1-hour means. Neither summed nor averaged.",
    ),
    basis=INDEX_BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.HOUR,),
    places=0,
    target=Fixed(100.0),
    bands=COLOURS,
    classes=EDGES,
    by=(STATION,),
    short=Text("VN_AQI giờ", "VN_AQI hour"),
)
AQI_DAY = Indicator(
    code="air_aqi_day",
    title=Text("Chất lượng không khí theo ngày", "Air quality of the day"),
    dataset=AIR_HOURLY,
    measure=Series(index_of_day, POLLUTANTS, STATION, DAY_WINDOW, title=Text("VN_AQI ngày", "VN_AQI of the day")),
    unit=Text("VN_AQI", "VN_AQI"),
    definition=Text(
        "VN_AQI ngày của trạm xấu nhất: bụi theo trung bình 24 giờ, O₃ theo mức lớn nhất 1 giờ và 8 giờ, các khí khác 1 giờ.",
        "Daily VN_AQI of the worst station: dust by 24-hour means, ozone by its highest 1-hour or 8-hour mean.",
    ),
    basis=INDEX_BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.DAY,),
    places=0,
    target=Fixed(100.0),
    bands=COLOURS,
    classes=EDGES,
    by=(STATION,),
)
DUST_DAY = Indicator(
    code="air_pm25_day",
    title=Text("Bụi PM2.5 trung bình 24 giờ", "PM2.5, mean of 24 hours"),
    dataset=AIR_HOURLY,
    measure=Series(
        dust_of_day, (Column("pm25"),), STATION, DAY_HOURS, title=Text("trung bình 24 giờ", "mean of 24 hours")
    ),
    unit=DUST,
    definition=Text(
        "Trung bình 24 giờ của trạm cao nhất, có ít nhất 18 giờ đo; so với giới hạn 45 µg/m³ áp dụng từ 01/01/2026.",
        "Mean of 24 hours at the highest station, from at least 18 hours; the limit is 45 µg/m³ since 01/01/2026.",
    ),
    basis=AMBIENT_STANDARD,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.DAY,),
    target=Fixed(45.0),
    classes=(15.0, 25.0, 45.0, 75.0),
    by=(STATION,),
)
DUST_MONTH = Indicator(
    code="air_pm25_mean",
    title=Text("Bụi PM2.5 trung bình", "Mean PM2.5"),
    dataset=AIR_HOURLY,
    measure=mean(Column("pm25")),
    unit=DUST,
    definition=Text(
        "Trung bình mọi giờ đo của các trạm trong kỳ; giới hạn trung bình năm là 25 µg/m³.",
        "Mean of all hours measured by all stations; the yearly limit is 25 µg/m³.",
    ),
    basis=AMBIENT_STANDARD,
    owner=AGRICULTURE_ENVIRONMENT,
    low=0,
    good=Good.DOWN,
    grains=(Grain.MONTH, Grain.YEAR),
    cumulative=True,
    target=Fixed(25.0),
    classes=(10.0, 20.0, 25.0, 40.0),
)
STATIONS_REPORTING = Indicator(
    code="air_stations_reporting",
    title=Text("Trạm không khí có số liệu", "Air stations reporting"),
    dataset=AIR_HOURLY,
    measure=Distinct(STATION),
    unit=Text("trạm", "stations"),
    definition=Text("Số trạm đã gửi ít nhất một số đo trong ngày.", "Stations that sent at least one reading that day."),
    basis=INDEX_BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.UP,
    grains=(Grain.DAY,),
    places=0,
)
STATIONS_OPEN = Indicator(
    code="air_stations_open",
    title=Text("Trạm không khí đang vận hành", "Air stations in operation"),
    dataset=AIR_STATIONS,
    measure=Stock(begins=Column("opened_at"), ends=Column("closed_at")),
    unit=Text("trạm", "stations"),
    definition=Text("Số trạm đang vận hành ở cuối kỳ.", "Stations in operation at the end of the period."),
    basis=INDEX_BASIS,
    owner=AGRICULTURE_ENVIRONMENT,
    good=Good.NEUTRAL,
    grains=(Grain.MONTH, Grain.YEAR),
    places=0,
)
INDICATORS = (AQI_HOUR, AQI_DAY, DUST_DAY, DUST_MONTH, STATIONS_REPORTING, STATIONS_OPEN)
