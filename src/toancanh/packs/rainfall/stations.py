"""The rain stations and what they measure each hour."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.contracts import Readings, Record
from toancanh.kernel.expressions import Column
from toancanh.kernel.fields import AREA, CODE, NUMBER, TEXT, TIME, Field
from toancanh.kernel.text import Text
from toancanh.packs.rainfall.parse import stations_with_hours

STATION_FIELD = Field("station", CODE, Text("Mã trạm", "Station"), headers=("ma tram", "station_id", "tram"))
AREA_FIELD = Field("area", AREA, Text("Xã, phường", "Commune"), headers=("dia ban", "xa phuong", "commune"))

RAIN_STATIONS = Record(
    code="rain_stations",
    title=Text("Trạm đo mưa", "Rain stations"),
    fields=(
        STATION_FIELD,
        AREA_FIELD,
        Field("name", TEXT, Text("Tên trạm", "Name"), headers=("ten tram",)),
        Field("basin", TEXT, Text("Lưu vực", "River basin"), required=False, headers=("luu vuc", "song")),
        Field("latitude", NUMBER, Text("Vĩ độ", "Latitude"), low=6.0, high=24.0, headers=("vi do", "lat")),
        Field("longitude", NUMBER, Text("Kinh độ", "Longitude"), low=102.0, high=118.0, headers=("kinh do", "lon", "lng")),
        Field("opened_at", TIME, Text("Ngày vận hành", "In operation since"), headers=("ngay van hanh",)),
        Field("closed_at", TIME, Text("Ngày dừng", "Closed"), required=False, headers=("ngay dung",)),
        Field("updated_at", TIME, Text("Ngày cập nhật", "Updated"), headers=("ngay cap nhat",)),
    ),
    key=("station",),
    time="opened_at",
    area="area",
    version="updated_at",
    owner=AGRICULTURE_ENVIRONMENT,
    cadence=timedelta(days=366),
)
RAIN_HOURLY = Readings(
    code="rain_hourly",
    title=Text("Lượng mưa theo giờ", "Hourly rainfall"),
    fields=(
        STATION_FIELD,
        AREA_FIELD,
        Field("measured_at", TIME, Text("Thời điểm đo", "Measured at"), headers=("thoi gian", "gio", "time", "timestamp")),
        Field("rain", NUMBER, Text("Lượng mưa (mm)", "Rain (mm)"), low=0, high=300, headers=("luong mua", "mua", "mm")),
    ),
    key=("station", "measured_at"),
    time="measured_at",
    area="area",
    owner=AGRICULTURE_ENVIRONMENT,
    cadence=timedelta(hours=1),
    parse=stations_with_hours,
)

STATION = Column("station")
RAIN = Column("rain")
