"""Hourly air of the sample province: six stations with seasons, rush hours, weather, faults and late readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import cos, pi
from random import Random

from toancanh.kernel.periods import VIETNAM, Grain, Period
from toancanh.site.sample.chance import dice
from toancanh.site.sample.communes import COMMUNES
from toancanh.site.sample.places import position
from toancanh.site.sample.shapes import SampleDelivery

SOURCE, HOURLY, STATIONS = "air_stations", "air_hourly", "air_stations"
HEADER = "station,area,measured_at,pm25,pm10,o3,no2,so2,co\n"
BEHIND = timedelta(hours=2, minutes=27)  # how far the feed is behind when the history ends
_HOUR = timedelta(hours=1)
LAST_HOURS = 16  # the newest hours are calm, so that the index of now is known: about 64 at the first station


@dataclass(frozen=True, slots=True)
class Station:
    """`dust` is its yearly mean PM2.5 in µg/m³; `broken_days` how long it has been silent by the end of the history."""

    code: str
    commune: str
    name: str
    dust: float
    broken_days: float = 0.0
    kind: str = "automatic"

    @property
    def area(self) -> str:
        return f"sample:{self.commune}"


NETWORK = (
    Station("KK01", "MS01", "Đông Sơn", 27.0),
    Station("KK02", "MS04", "Hòa Bình", 24.0),
    Station("KK03", "MS07", "Quang Trung", 22.0),
    Station("KK04", "MS15", "Thạch Bình", 20.0, 0.6),
    Station("KK05", "MS31", "Yên Phong", 16.0, 2.3, "sensor"),
    Station("KK06", "MS33", "Chợ Rã", 17.0, 6.1, "sensor"),
)


def station_delivery(first: datetime) -> SampleDelivery:
    """The list of stations, sent once at the beginning."""
    points = {each.code: position(each.point) for each in COMMUNES}
    lines = ["Mã trạm;Địa bàn;Tên trạm;Loại trạm;Vĩ độ;Kinh độ;Ngày vận hành;Ngày cập nhật\n"]
    for each in NETWORK:
        lat, lon = (f"{degrees:.5f}".replace(".", ",") for degrees in points[each.commune])
        kind = "Trạm tự động" if each.kind == "automatic" else "Cảm biến"
        lines.append(f"{each.code};{each.area};{each.name};{kind};{lat};{lon};01/06/2023 00:00;01/06/2023 00:00\n")
    body = "".join(lines).encode("utf-8-sig")
    return SampleDelivery(SOURCE, STATIONS, "text/csv", "tram-quan-trac.csv", body, "sample-tram-quan-trac", first)


def air_deliveries(first: datetime, now: datetime) -> Iterator[SampleDelivery]:
    """One file of hourly readings for each month from `first` to `now` (aware). Some hours come with the next month's file."""
    end = (now - BEHIND).astimezone(VIETNAM).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    months = Period.containing(first, Grain.MONTH).until(Period.containing(now, Grain.MONTH))
    late: list[str] = []
    for month in months:
        lines, late = late, []
        for station in NETWORK:
            luck = dice("late", station.code, month.code)
            for line in _month(station, month, end):
                (late if luck.random() < 0.004 and month != months[-1] else lines).append(line)
        at = min(now - BEHIND, datetime.combine(month.last_day, time(17, 15), UTC))
        body = (HEADER + "".join(lines)).encode()
        yield SampleDelivery(SOURCE, HOURLY, "text/csv", f"kk-{month.code}.csv", body, f"sample-kk-{month.code}", at)


def reading(station: Station, hour: datetime) -> dict[str, object]:
    """The reading of one station at a naive Viet Nam hour, as it is sent over MQTT; the same however often it is asked for."""
    values = _values(station, hour, _weather(station, hour), dice("hour", station.code, hour.isoformat()))
    names = ("pm25", "pm10", "o3", "no2", "so2", "co")
    return {
        "station": station.code,
        "area": station.area,
        "measured_at": f"{hour.isoformat()}+07:00",
        **dict(zip(names, values, strict=True)),
    }


def _month(station: Station, month: Period, end: datetime) -> Iterator[str]:
    luck, outages = dice("air", station.code, month.code), _outages(station, month)
    stop = min(month.span[1], end + _HOUR, end + _HOUR - timedelta(days=station.broken_days))
    hour, weather = month.start, 1.0
    while hour < stop:
        if hour.hour == 0 or hour == month.start:
            weather = _weather(station, hour)
        gap = any(begin <= hour < finish for begin, finish in outages) or luck.random() < 0.012
        if not gap:
            calm = end - hour < LAST_HOURS * _HOUR
            values = _calm(station, luck) if calm else _values(station, hour, weather, luck)
            yield f"{station.code},{station.area},{hour.isoformat()}+07:00,{','.join(f'{value:g}' for value in values)}\n"
        hour += _HOUR


def _outages(station: Station, month: Period) -> list[tuple[datetime, datetime]]:
    """Faults of a month: none to three, some hours to some days long."""
    luck = dice("outage", station.code, month.code)
    found = []
    for _ in range(luck.choice((0, 1, 1, 2, 3) if station.kind == "sensor" else (0, 0, 1, 1, 2))):
        begin = month.start + timedelta(hours=luck.randrange(28 * 24))
        found.append((begin, begin + timedelta(hours=luck.choice((3, 6, 12, 30, 60)))))
    return found


def _weather(station: Station, hour: datetime) -> float:
    """How still the air is that day: shared by all stations, a little different at each."""
    common, own = dice("weather", hour.date()), dice("weather", station.code, hour.date())
    return common.lognormvariate(0.0, 0.32) * own.uniform(0.9, 1.1)


def _values(station: Station, hour: datetime, weather: float, luck: Random) -> tuple[float, ...]:
    """PM2.5, PM10, O3, NO2, SO2, CO in µg/m³: dusty winters, ozone at noon, traffic in the morning and the evening."""
    day = hour.timetuple().tm_yday
    winter = 1 + 0.42 * cos(2 * pi * (day - 15) / 365)
    clock = hour.hour
    rush = 1.22 if clock in (6, 7, 8, 17, 18, 19) else (0.86 if 12 <= clock <= 15 else 1.0)
    dust = station.dust * winter * rush * weather * luck.uniform(0.85, 1.15)
    sun = max(0.0, cos(pi * (clock - 13) / 12))
    return (
        round(dust, 1),
        round(dust * luck.uniform(1.45, 1.8), 1),
        round(18 + 70 * sun * (1.6 - 0.5 * winter) * luck.uniform(0.8, 1.2), 1),
        round((14 + 0.5 * dust * rush) * luck.uniform(0.8, 1.2), 1),
        round(6 + 4 * luck.random() * winter, 1),
        round(380 + 9 * dust * rush * luck.uniform(0.9, 1.1), 0),
    )


def _calm(station: Station, luck: Random) -> tuple[float, ...]:
    dust = 32.0 * station.dust / NETWORK[0].dust + luck.uniform(-0.2, 0.2)
    return round(dust, 1), round(dust * 1.5, 1), 31.0, 24.0, 8.0, 620.0
