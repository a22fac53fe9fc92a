"""When rain is worth a call: its level, a cloudburst, rain that keeps pouring on wet ground, silent gauges.

The classes of 24-hour rain come from Decision 18/2021 (see `levels`); the rates by the hour are the pack's own.
"""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.conditions import AllOf, Rate, Silent, Threshold
from toancanh.kernel.contracts import After, Level, Rule, Severity
from toancanh.kernel.text import Text
from toancanh.packs.rainfall.indicators import RAIN_24H, RAIN_HOUR, RAIN_LEVEL
from toancanh.packs.rainfall.levels import BASIS, FROM, HEAVY_HOUR
from toancanh.packs.rainfall.stations import STATION

HOUR = timedelta(hours=1)
LANDSLIDES = Text(
    "Kiểm tra khu vực nguy cơ lũ quét, sạt lở; sẵn sàng sơ tán theo phương án của xã.",
    "Check places at risk of flash floods and landslides; be ready to move people out by the commune's plan.",
)


def _level(number: int, severity: Severity, *rises: After) -> Rule:
    return Rule(
        code=f"rain_level_{number}",
        title=Text(f"Mưa 24 giờ đến cấp {number} trở lên", f"Rain of 24 hours at level {number} or higher"),
        indicator=RAIN_LEVEL,
        every=Level.COMMUNE,
        severity=severity,
        condition=Threshold(above=number - 1.0, clears_at=max(number - 2.0, 0.0)),
        rises=rises,
        basis=BASIS,
        advice=LANDSLIDES,
    )


CLOUDBURST = Rule(
    code="rain_hour_heavy",
    title=Text("Mưa rất to trong một giờ", "Very heavy rain in one hour"),
    indicator=RAIN_HOUR,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=Threshold(above=HEAVY_HOUR, clears_at=30.0),
    basis=BASIS,
    advice=LANDSLIDES,
)
FLASH_FLOOD = Rule(
    code="rain_flash_flood",
    title=Text("Mưa tiếp tục dồn dập trên nền đất đã ướt", "Rain keeps pouring on wet ground"),
    indicator=RAIN_24H,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=AllOf((Threshold(above=FROM[0], clears_at=80.0), Rate(per=HOUR, periods=3, above=15.0, clears_at=5.0))),
    rises=(After(3 * HOUR, Severity.URGENT),),
    basis=BASIS,
    advice=LANDSLIDES,
)
RISES_FAST = Rule(
    code="rain_rises_fast",
    title=Text("Tổng mưa tăng nhanh", "The sum of rain rises fast"),
    indicator=RAIN_24H,
    every=Level.COMMUNE,
    severity=Severity.LOW,
    condition=Rate(per=HOUR, periods=2, above=25.0, clears_at=10.0),
    basis=BASIS,
)
WETTEST_STATION = Rule(
    code="rain_station_level_2",
    title=Text("Trạm đo mưa vượt mức cấp 2", "A gauge beyond level 2"),
    indicator=RAIN_24H,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=FROM[1], clears_at=150.0),
    by=STATION,
    basis=BASIS,
)
SILENT_GAUGES = Rule(
    code="rain_silent",
    title=Text("Nguồn đo mưa ngừng gửi số liệu", "Rain gauges have gone silent"),
    indicator=RAIN_HOUR,
    every=Level.PROVINCE,
    severity=Severity.MEDIUM,
    condition=Silent(above=3.0),
    rises=(After(6 * HOUR, Severity.HIGH),),
    basis="Luật Khí tượng thủy văn 90/2015/QH13",
    advice=Text("Gọi đơn vị vận hành trạm; hỏi xã về mưa thực tế.", "Call the gauges' operator; ask the communes how it rains."),
)
RULES = (
    _level(1, Severity.MEDIUM),
    _level(2, Severity.HIGH, After(6 * HOUR, Severity.URGENT)),
    _level(3, Severity.URGENT),
    CLOUDBURST,
    FLASH_FLOOD,
    RISES_FAST,
    WETTEST_STATION,
    SILENT_GAUGES,
)
