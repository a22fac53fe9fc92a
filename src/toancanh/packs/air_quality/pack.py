"""Air quality: what is the air like now, and where is it bad for people?"""

from __future__ import annotations

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.contracts import Choropleth, Pack, Ranking, Scene, Tile, YearLine
from toancanh.kernel.text import Text
from toancanh.packs.air_quality.indicators import AQI_DAY, AQI_HOUR, DUST_DAY, DUST_MONTH, INDICATORS, STATIONS_REPORTING
from toancanh.packs.air_quality.rules import RULES
from toancanh.packs.air_quality.stations import AIR_HOURLY, AIR_STATIONS

SCENE = Scene(
    code="air_quality",
    title=Text("Chất lượng không khí", "Air quality"),
    asks=Text("Không khí đang xấu ở đâu?", "Where is the air bad now?"),
    widgets=(
        Tile(AQI_HOUR),
        Tile(AQI_DAY),
        Tile(DUST_DAY),
        Tile(STATIONS_REPORTING),
        Choropleth(AQI_HOUR),
        Ranking(AQI_HOUR, worst=6, beside=DUST_DAY),
        YearLine(DUST_MONTH),
    ),
)
PACK = Pack(
    code="air_quality",
    title=Text("Chất lượng không khí", "Air quality"),
    icon="air",
    owner=AGRICULTURE_ENVIRONMENT,
    datasets=(AIR_STATIONS, AIR_HOURLY),
    indicators=INDICATORS,
    rules=RULES,
    scenes=(SCENE,),
    headline=(AQI_HOUR,),
)
