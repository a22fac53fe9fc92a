"""The live feeds of the sample province: small deliveries at a believable pace.

A tick grows by one each time and must not start again within a day (take it from the clock): dossier codes come from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from toancanh.kernel.periods import VIETNAM
from toancanh.site.sample import air, desks, rain
from toancanh.site.sample.chance import dice
from toancanh.site.sample.desks import Desk
from toancanh.site.sample.shapes import SampleDelivery

LIFE = (0, 12, 30)  # ticks after which a dossier is accepted, settled and handed over
AIR_EVERY, MISTAKE_EVERY = 15, 90
RECOVERS_AT, REPAIRED_AT = 30, 240  # ticks at which the air feed is on time again, and its broken stations work


def live(now: datetime, tick: int) -> Iterator[SampleDelivery]:
    """What arrives at `now` (aware) on `tick`: dossiers each time, air and rain now and then, and sometimes a row that is wrong.

    Nothing is remembered between ticks: a dossier's later states follow from the tick that began it.
    """
    yield _dossiers(now, tick)
    if tick % AIR_EVERY == 0 and tick >= RECOVERS_AT:
        yield from _air(now, tick)
        yield _rain(now)


def _dossiers(now: datetime, tick: int) -> SampleDelivery:
    rows = [row for age, ticks in enumerate(LIFE) if tick >= ticks for row in _of_tick(now, tick - ticks, age)]
    if tick % MISTAKE_EVERY == MISTAKE_EVERY - 1:
        rows.append(rows[0] | {"MaHoSo": f"H99.LOI-{now:%y%m%d}-{tick}", "TrangThaiHoSo": "99"})
    body = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    return SampleDelivery(
        "one_stop", "dossiers", "application/x-ndjson", f"dong-bo-{tick}.ndjson", body, f"live-{now:%y%m%d%H%M%S}-{tick}", now
    )


def _of_tick(now: datetime, began: int, age: int) -> list[dict[str, str]]:
    """The dossiers that began on tick `began`, in the state they have `age` steps later."""
    luck = dice("live", f"{now:%y%m%d}", began)
    offered = [each for each in desks.desks() if not each.silent]
    found = []
    for number in range(luck.randrange(1, 4)):
        desk = luck.choices(offered, [each.monthly for each in offered])[0]
        found.append(_row(now, desk, f"H99.{desk.code}-{now:%y%m%d}-L{began:05}{number}", age))
    return found


def _row(now: datetime, desk: Desk, code: str, age: int) -> dict[str, str]:
    luck = dice("live", code)
    procedure = luck.choices(desk.offers, [each.weight for each in desk.offers])[0]
    local = now.astimezone(VIETNAM).replace(microsecond=0)
    online = luck.random() < desks.ONLINE_NOW
    received = local - timedelta(seconds=4) - timedelta(minutes=7 * age)
    row = {
        "MaHoSo": code,
        "MaTTHC": procedure.code,
        "MaLinhVuc": procedure.field,
        "DonViXuLy": desk.agency,
        "MaDiaBan": desk.area,
        "TrangThaiHoSo": ("2", "9", "10")[age],
        "KenhThucHien": "2" if online else "1",
        "LoaiDoiTuong": "0",
        "MucDo": "full" if procedure.full else "partial",
        "NgayNopHoSo": (received - timedelta(minutes=3)).isoformat(),
        "NgayTiepNhan": received.isoformat(),
        "NgayHenTra": (received + timedelta(days=1 + procedure.days)).isoformat(),
        "LePhi": str(procedure.fee),
        "DuocThanhToanTrucTuyen": "1" if procedure.fee and online else "0",
        "HoSoCoThanhPhanSoHoa": str(int(luck.random() < desks.DIGITISED_NOW)),
        "NgayCapNhat": local.isoformat(),
    }
    if age:
        row["NgayKetThucXuLy"] = (local - timedelta(seconds=2)).isoformat()
        row["MucDoHaiLong"] = luck.choices("123", (80, 14, 6))[0]
    if age == len(LIFE) - 1:
        row["NgayTra"] = (local - timedelta(seconds=1)).isoformat()
    return row


def _air(now: datetime, tick: int) -> Iterator[SampleDelivery]:
    """The two newest whole hours of every station that works, once the feed has recovered. Sent again, they count once."""
    hour = (now - timedelta(hours=1)).astimezone(VIETNAM).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    working = [each for each in air.NETWORK if each.broken_days == 0 or tick >= REPAIRED_AT]
    rows = [air.reading(each, hour - timedelta(hours=back)) for each in working for back in range(2)]
    body = json.dumps(rows).encode()
    stem = f"kk-{hour:%Y%m%d%H}-{len(working)}"
    yield SampleDelivery("air_stations", "air_hourly", "application/json", f"{stem}.json", body, f"live-{stem}", now)


def _rain(now: datetime) -> SampleDelivery:
    """The two newest whole hours of every rain station."""
    hour = (now - timedelta(hours=1)).astimezone(VIETNAM).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    rows = [rain.reading(each, hour - timedelta(hours=back)) for each in rain.NETWORK for back in range(2)]
    body = "".join(json.dumps(row) + "\n" for row in rows).encode()
    stem = f"mua-{hour:%Y%m%d%H}"
    return SampleDelivery(rain.SOURCE, rain.HOURLY, "application/x-ndjson", f"{stem}.ndjson", body, f"live-{stem}", now)
