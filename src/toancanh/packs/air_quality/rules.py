"""When the air is worth a call: bad hours, a fast rise, the unusual, a limit of the day or the year passed, silent stations.

The bands of VN_AQI (bad from 151, very bad from 201, hazardous from 301) and what to do in each come from Decision 1459.
"""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.conditions import AllOf, Rate, Seasonal, Silent, Threshold
from toancanh.kernel.contracts import After, Level, Rule, Severity
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text
from toancanh.packs.air_quality.indicators import AQI_DAY, AQI_HOUR, DUST_DAY, DUST_MONTH
from toancanh.packs.air_quality.stations import STATION
from toancanh.packs.air_quality.words import AMBIENT_STANDARD, INDEX_BASIS

HOUR = timedelta(hours=1)
INDOORS = Text(
    "Thông báo trường học và người nhạy cảm hạn chế ra ngoài; kiểm tra nguồn đốt, bụi công trình quanh trạm.",
    "Tell schools and sensitive people to stay indoors; check for burning and construction dust around the station.",
)

BAD_AIR = Rule(
    code="air_bad",
    title=Text("Không khí ở mức xấu", "Air quality is bad"),
    indicator=AQI_HOUR,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=Threshold(above=150.0, clears_at=130.0),
    hold=2 * HOUR,
    falls=(After(3 * HOUR, Severity.MEDIUM),),
    basis=INDEX_BASIS,
    advice=INDOORS,
)
VERY_BAD_AIR = Rule(
    code="air_very_bad",
    title=Text("Không khí ở mức rất xấu", "Air quality is very bad"),
    indicator=AQI_HOUR,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=Threshold(above=200.0, clears_at=180.0),
    rises=(After(2 * HOUR, Severity.URGENT),),
    basis=INDEX_BASIS,
    advice=INDOORS,
)
HAZARDOUS_AIR = Rule(
    code="air_hazardous",
    title=Text("Không khí ở mức nguy hại", "Air quality is hazardous"),
    indicator=AQI_HOUR,
    every=Level.COMMUNE,
    severity=Severity.URGENT,
    condition=Threshold(above=300.0, clears_at=250.0),
    basis=INDEX_BASIS,
    advice=Text(
        "Xem xét cho học sinh nghỉ học, dừng hoạt động ngoài trời; báo cáo Chủ tịch UBND tỉnh.",
        "Consider closing schools and stopping outdoor work; report to the chairman.",
    ),
)
FAST_RISE = Rule(
    code="air_rises_fast",
    title=Text("Ô nhiễm tăng nhanh", "Pollution rises fast"),
    indicator=AQI_HOUR,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=AllOf((Threshold(above=100.0, clears_at=90.0), Rate(per=HOUR, periods=2, above=25.0, clears_at=10.0))),
    basis=INDEX_BASIS,
)
UNUSUAL_AIR = Rule(
    code="air_unusual",
    title=Text("Ô nhiễm cao bất thường so với cùng giờ các tuần trước", "Unusually bad for this hour of the week"),
    indicator=AQI_HOUR,
    every=Level.COMMUNE,
    severity=Severity.LOW,
    condition=AllOf((Threshold(above=100.0, clears_at=90.0), Seasonal(above=4.0, clears_at=2.0, least=10.0))),
    hold=2 * HOUR,
    basis=INDEX_BASIS,
)
STATION_VERY_BAD = Rule(
    code="air_station_very_bad",
    title=Text("Trạm đo ở mức rất xấu", "A station reads very bad"),
    indicator=AQI_HOUR,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=200.0, clears_at=180.0),
    by=STATION,
    hold=HOUR,
    basis=INDEX_BASIS,
)
POOR_DAY = Rule(
    code="air_poor_day",
    title=Text("Ngày có chất lượng không khí kém", "A day of poor air"),
    indicator=AQI_DAY,
    every=Level.PROVINCE,
    severity=Severity.LOW,
    condition=Threshold(above=100.0, clears_at=100.0),
    basis=INDEX_BASIS,
)
DUST_OVER_LIMIT = Rule(
    code="air_pm25_over",
    title=Text("Bụi PM2.5 vượt giới hạn 24 giờ", "PM2.5 above the 24-hour limit"),
    indicator=DUST_DAY,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=45.0, clears_at=40.0),
    basis=AMBIENT_STANDARD,
)
DUST_OF_YEAR = Rule(
    code="air_pm25_year",
    title=Text("Bụi PM2.5 bình quân năm vượt giới hạn", "Mean PM2.5 of the year above the limit"),
    indicator=DUST_MONTH,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=25.0, clears_at=24.0),
    grain=Grain.MONTH,
    cumulative=True,
    hold=timedelta(days=1),
    basis=AMBIENT_STANDARD,
)
SILENT_STATIONS = Rule(
    code="air_silent",
    title=Text("Nguồn quan trắc không khí ngừng gửi số liệu", "Air monitoring has gone silent"),
    indicator=AQI_HOUR,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Silent(above=3.0),
    rises=(After(timedelta(hours=24), Severity.HIGH),),
    basis="Thông tư 10/2021/TT-BTNMT",
    advice=Text("Gọi đơn vị vận hành trạm, kiểm tra đường truyền.", "Call the stations' operator, check the line."),
)
RULES = (
    BAD_AIR, VERY_BAD_AIR, HAZARDOUS_AIR, FAST_RISE, UNUSUAL_AIR, STATION_VERY_BAD, POOR_DAY, DUST_OVER_LIMIT, DUST_OF_YEAR,
    SILENT_STATIONS,
)  # fmt: skip
