"""Public administrative services: are dossiers settled on time, and where do they wait?"""

from __future__ import annotations

from toancanh.kernel.agency_roles import PROVINCIAL_OFFICE
from toancanh.kernel.contracts import Breakdown, Choropleth, Flow, Level, Pack, Ranking, Scene, Tile
from toancanh.kernel.text import Text
from toancanh.packs.public_services import indicators
from toancanh.packs.public_services.dossiers import DOSSIERS
from toancanh.packs.public_services.indicators import DONE_COUNT, ON_TIME, OVERDUE, PROCEDURE, RECEIVED_COUNT, WAITING
from toancanh.packs.public_services.rules import RULES

SCENE = Scene(
    code="public_services",
    title=Text("Hành chính công", "Public administration"),
    asks=Text("Hồ sơ đang chậm ở đâu?", "Where are dossiers late now?"),
    widgets=(
        Tile(ON_TIME),
        Tile(RECEIVED_COUNT),
        Tile(DONE_COUNT),
        Tile(OVERDUE),
        Tile(indicators.ONLINE),
        Tile(indicators.SATISFIED),
        Choropleth(ON_TIME),
        Ranking(ON_TIME, worst=8, beside=OVERDUE),
        Ranking(OVERDUE, Level.AGENCY, worst=8, beside=WAITING),
        Flow(RECEIVED_COUNT, DONE_COUNT, days=14),
        Breakdown(OVERDUE, PROCEDURE),
    ),
)
PACK = Pack(
    code="public_services",
    title=Text("Hành chính công", "Public administration"),
    icon="stamp",
    owner=PROVINCIAL_OFFICE,
    datasets=(DOSSIERS,),
    indicators=indicators.INDICATORS,
    rules=RULES,
    scenes=(SCENE,),
    headline=(ON_TIME, indicators.ONLINE, OVERDUE),
)
