"""Hourly rain of the sample province: five stations, storms that pass over all of them, dry spells between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import pi, sin

from toancanh.kernel.periods import VIETNAM
from toancanh.site.sample.chance import dice
from toancanh.site.sample.communes import COMMUNES
from toancanh.site.sample.places import position
from toancanh.site.sample.shapes import SampleDelivery

SOURCE, HOURLY, STATIONS = "rain_stations", "rain_hourly", "rain_stations"
HISTORY = timedelta(days=130)  # the last rainy season, long enough to try rules on 90 days
STORM_CHANCE = {5: 0.16, 6: 0.22, 7: 0.28, 8: 0.30, 9: 0.24, 10: 0.14, 11: 0.05}  # a day, by month; 0.02 in the dry months
_LONGEST = 40  # hours
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Station:
    """`wet` is how much of a storm reaches it."""

    code: str
    commune: str
    name: str
    basin: str
    wet: float


NETWORK = (
    Station("MA01", "MS01", "Đông Sơn", "Sông Cầu", 0.8),
    Station("MA02", "MS15", "Thạch Bình", "Sông Năng", 1.2),
    Station("MA03", "MS31", "Yên Phong", "Sông Năng", 1.35),
    Station("MA04", "MS33", "Chợ Rã", "Sông Năng", 1.1),
    Station("MA05", "MS07", "Quang Trung", "Sông Cầu", 0.9),
)


def station_delivery(first: datetime) -> SampleDelivery:
    """The list of stations, sent once at the beginning."""
    points = {each.code: position(each.point) for each in COMMUNES}
    lines = ["Mã trạm;Địa bàn;Tên trạm;Lưu vực;Vĩ độ;Kinh độ;Ngày vận hành;Ngày cập nhật\n"]
    for each in NETWORK:
        lat, lon = (f"{degrees:.5f}".replace(".", ",") for degrees in points[each.commune])
        where = f"sample:{each.commune};{each.name};{each.basin};{lat};{lon}"
        lines.append(f"{each.code};{where};01/06/2021 00:00;01/06/2021 00:00\n")
    body = "".join(lines).encode("utf-8-sig")
    return SampleDelivery(SOURCE, STATIONS, "text/csv", "tram-mua.csv", body, "sample-tram-mua", first)


def rain_deliveries(now: datetime) -> Iterator[SampleDelivery]:
    """One file a month of the last season, up to the last whole hour."""
    end = now.astimezone(VIETNAM).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    hour = (end - HISTORY).replace(hour=0)
    months: dict[tuple[int, int], list[str]] = {}
    while hour < end:
        lines = months.setdefault((hour.year, hour.month), [])
        lines += [f"{each.code};sample:{each.commune};{hour:%d/%m/%Y %H:%M};{_comma(fallen(each, hour))}\n" for each in NETWORK]
        hour += _HOUR
    for (year, month), lines in months.items():
        at = min(now, datetime.combine(date(year, month, 28), time(17, 0), UTC))
        body = ("Trạm;Địa bàn;Thời gian;Lượng mưa\n" + "".join(lines)).encode("utf-8-sig")
        stem = f"mua-{year}-{month:02}"
        yield SampleDelivery(SOURCE, HOURLY, "text/csv", f"{stem}.csv", body, f"sample-{stem}", at)


def reading(station: Station, hour: datetime) -> dict[str, object]:
    """What one station measured at a naive Viet Nam hour, as it is sent live."""
    return {
        "station": station.code, "area": f"sample:{station.commune}", "measured_at": f"{hour.isoformat()}+07:00",
        "rain": fallen(station, hour),
    }  # fmt: skip


def fallen(station: Station, hour: datetime) -> float:
    """Millimetres in the hour, to the tenth: the same however often it is asked for."""
    luck = dice("rain", station.code, hour.isoformat())
    days = {(hour - timedelta(hours=back)).date() for back in (0, 24, _LONGEST)}
    total = sum(_of_storm(day, hour) for day in sorted(days))
    return round(total * station.wet * luck.uniform(0.7, 1.3), 1)


def _of_storm(day: date, hour: datetime) -> float:
    """What the storm that began on `day` drops in `hour`: it swells and fades; 0 on days without one."""
    luck = dice("storm", day.isoformat())
    if luck.random() >= STORM_CHANCE.get(day.month, 0.02):
        return 0.0
    begin = datetime.combine(day, time(luck.randrange(24)))
    length = luck.choice((3, 5, 8, 14, 24, 36))
    done = (hour - begin) / _HOUR
    if not 0 <= done < length:
        return 0.0
    return luck.lognormvariate(1.4, 0.75) * sin(pi * (done + 0.5) / length)


def _comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
