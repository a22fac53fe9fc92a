"""The three shapes of data that the store's tests speak of: dossiers (records), air readings, reported figures."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import FINANCE, PROVINCIAL_OFFICE
from toancanh.kernel.contracts import Item, Readings, Record
from toancanh.kernel.expressions import Column
from toancanh.kernel.fields import AGENCY, AREA, CODE, DAY, NUMBER, TEXT, TIME, Choice, Field, one_of
from toancanh.kernel.figures_dataset import figures
from toancanh.kernel.measures import Series
from toancanh.kernel.periods import Grain
from toancanh.kernel.text import Text


def _field(name: str, kind: object, *, required: bool = True) -> Field:
    return Field(name, kind, Text(name, name), required=required)  # type: ignore[arg-type]


CHANNEL = one_of(Choice("direct", Text("Trực tiếp", "Direct")), Choice("online", Text("Trực tuyến", "Online")))

DOSSIERS = Record(
    code="test_dossiers",
    title=Text("Hồ sơ", "Dossiers"),
    key=("dossier_code",),
    time="received_at",
    area="commune",
    agency="agency",
    owner=PROVINCIAL_OFFICE,
    cadence=timedelta(days=1),
    fields=(
        _field("dossier_code", CODE),
        _field("agency", AGENCY, required=False),
        _field("commune", AREA),
        _field("procedure", CODE),
        _field("received_at", TIME),
        _field("due_at", TIME, required=False),
        _field("due_day", DAY, required=False),
        _field("settled_at", TIME, required=False),
        _field("paused_hours", NUMBER, required=False),
        _field("fee", NUMBER, required=False),
        _field("channel", CHANNEL, required=False),
        _field("note", TEXT, required=False),
    ),
)
VERSIONED = Record(
    code="test_versioned",
    title=Text("Hồ sơ có phiên bản", "Versioned dossiers"),
    key=("dossier_code",),
    time="received_at",
    area="commune",
    owner=PROVINCIAL_OFFICE,
    cadence=timedelta(days=1),
    version="changed_at",
    fields=(
        _field("dossier_code", CODE),
        _field("commune", AREA),
        _field("received_at", TIME),
        _field("changed_at", TIME, required=False),
        _field("fee", NUMBER, required=False),
    ),
)
AIR = Readings(
    code="test_air",
    title=Text("Không khí", "Air"),
    key=("station", "at"),
    time="at",
    area="area",
    owner=PROVINCIAL_OFFICE,
    cadence=timedelta(hours=1),
    fields=(
        _field("station", CODE),
        _field("area", AREA),
        _field("at", TIME),
        _field("pm25", NUMBER, required=False),
        _field("o3", NUMBER, required=False),
    ),
)
INSPECTIONS = Readings(
    code="test_inspections",
    title=Text("Thanh tra", "Inspections"),
    key=("day", "team"),
    time="day",
    area="area",
    owner=FINANCE,
    cadence=timedelta(days=1),
    fields=(_field("day", DAY), _field("team", CODE), _field("area", AREA), _field("fines", NUMBER, required=False)),
)
BUDGET = figures(
    "test_budget",
    Text("Ngân sách", "Budget"),
    grain=Grain.MONTH,
    owner=FINANCE,
    cadence=timedelta(days=30),
    items=(
        Item("revenue", Text("Thu", "Revenue"), Text("tỷ đồng", "bn VND")),
        Item("spending", Text("Chi", "Spending"), Text("tỷ", "bn")),
    ),
)
ALL = (DOSSIERS, VERSIONED, AIR, INSPECTIONS, BUDGET)


def _worst(readings: object, end: object) -> float | None:
    return None


WORST = Series(_worst, (Column("pm25"), Column("o3")), Column("station"), 12)
