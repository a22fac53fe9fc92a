"""Rainfall: how much has fallen, where, and what risk level that means."""

from __future__ import annotations

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.contracts import Breakdown, Choropleth, Pack, Ranking, Scene, Tile
from toancanh.kernel.text import Text
from toancanh.packs.rainfall.indicators import INDICATORS, RAIN_24H, RAIN_HOUR, RAIN_LEVEL, STATIONS_REPORTING
from toancanh.packs.rainfall.rules import RULES
from toancanh.packs.rainfall.stations import RAIN_HOURLY, RAIN_STATIONS, STATION

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
    indicators=INDICATORS,
    rules=RULES,
    scenes=(SCENE,),
    headline=(RAIN_LEVEL,),
)
