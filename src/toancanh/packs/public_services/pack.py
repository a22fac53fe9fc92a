"""Public administrative services: are dossiers settled on time, and where do they wait?"""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import PROVINCIAL_OFFICE
from toancanh.kernel.conditions import Threshold
from toancanh.kernel.contracts import Breakdown, Choropleth, Flow, Level, Pack, Ranking, Rule, Scene, Severity, Tile
from toancanh.kernel.text import Text
from toancanh.packs.public_services import indicators
from toancanh.packs.public_services.dossiers import DOSSIERS
from toancanh.packs.public_services.indicators import DONE_COUNT, ON_TIME, OVERDUE, PROCEDURE, RECEIVED_COUNT, WAITING

LOW_ON_TIME = Rule(
    code="dossiers_on_time_low",
    title=Text("Tỷ lệ đúng hạn thấp", "On-time rate low"),
    indicator=ON_TIME,
    every=Level.COMMUNE,
    severity=Severity.HIGH,
    condition=Threshold(below=95.0, clears_at=97.0),
    hold=timedelta(days=2),
    basis=indicators.PORTAL_RULE,
)
MANY_OVERDUE = Rule(
    code="dossiers_overdue_many",
    title=Text("Nhiều hồ sơ quá hạn", "Many dossiers overdue"),
    indicator=OVERDUE,
    every=Level.COMMUNE,
    severity=Severity.MEDIUM,
    condition=Threshold(above=20.0, clears_at=10.0),
    hold=timedelta(hours=4),
    basis=indicators.ONE_STOP_DECREE,
)
AGENCY_OVERDUE = Rule(
    code="dossiers_overdue_agency",
    title=Text("Cơ quan có nhiều hồ sơ quá hạn", "Agency with many dossiers overdue"),
    indicator=OVERDUE,
    every=Level.AGENCY,
    severity=Severity.HIGH,
    condition=Threshold(above=30.0, clears_at=15.0),
    hold=timedelta(hours=4),
    basis=indicators.ONE_STOP_DECREE,
)
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
    rules=(LOW_ON_TIME, MANY_OVERDUE, AGENCY_OVERDUE),
    scenes=(SCENE,),
    headline=(ON_TIME, indicators.ONLINE, OVERDUE),
)
