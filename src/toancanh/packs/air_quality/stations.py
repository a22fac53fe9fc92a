"""The stations and what they measure each hour. Concentrations are in µg/m³, CO included (1 mg/m³ = 1,000 µg/m³)."""

from __future__ import annotations

from datetime import timedelta

from toancanh.kernel.agency_roles import AGRICULTURE_ENVIRONMENT
from toancanh.kernel.contracts import Readings, Record
from toancanh.kernel.expressions import Column
from toancanh.kernel.fields import AREA, CODE, NUMBER, TEXT, TIME, Choice, Field, one_of
from toancanh.kernel.text import Text

KINDS = (
    Choice("automatic", Text("Trạm tự động, liên tục", "Automatic, continuous"), ("tu dong", "tram tu dong")),
    Choice("sensor", Text("Thiết bị cảm biến", "Low-cost sensor"), ("cam bien",)),
)
STATION_FIELD = Field("station", CODE, Text("Mã trạm", "Station"), headers=("ma tram", "station_id", "MaTram", "city"))
AREA_FIELD = Field("area", AREA, Text("Xã, phường", "Commune"), headers=("dia ban", "xa phuong", "commune", "province_code_2024"))

AIR_STATIONS = Record(
    code="air_stations",
    title=Text("Trạm quan trắc không khí", "Air quality stations"),
    fields=(
        STATION_FIELD,
        AREA_FIELD,
        Field("name", TEXT, Text("Tên trạm", "Name"), headers=("ten tram",)),
        Field("kind", one_of(*KINDS), Text("Loại trạm", "Kind"), headers=("loai tram",)),
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


def _pollutant(name: str, vi: str, en: str, high: float, *headers: str) -> Field:
    return Field(name, NUMBER, Text(vi, en), required=False, low=0, high=high, headers=headers)


AIR_HOURLY = Readings(
    code="air_hourly",
    title=Text("Số liệu quan trắc không khí theo giờ", "Hourly air quality readings"),
    fields=(
        STATION_FIELD,
        AREA_FIELD,
        Field("measured_at", TIME, Text("Thời điểm đo", "Measured at"), headers=("thoi gian", "timestamp", "time")),
        _pollutant("pm25", "Bụi PM2.5 (µg/m³)", "PM2.5 (µg/m³)", 1000, "pm2.5", "pm2_5", "PM2.5"),
        _pollutant("pm10", "Bụi PM10 (µg/m³)", "PM10 (µg/m³)", 2000, "PM10"),
        _pollutant("o3", "O₃ (µg/m³)", "O₃ (µg/m³)", 1500, "O3"),
        _pollutant("no2", "NO₂ (µg/m³)", "NO₂ (µg/m³)", 4000, "NO2"),
        _pollutant("so2", "SO₂ (µg/m³)", "SO₂ (µg/m³)", 3000, "SO2"),
        _pollutant("co", "CO (µg/m³)", "CO (µg/m³)", 160000, "CO"),
    ),
    key=("station", "measured_at"),
    time="measured_at",
    area="area",
    owner=AGRICULTURE_ENVIRONMENT,
    cadence=timedelta(hours=1),
    oldest=timedelta(days=366),
)

STATION = Column("station")
POLLUTANTS = tuple(Column(name) for name in ("pm25", "pm10", "o3", "no2", "so2", "co"))
