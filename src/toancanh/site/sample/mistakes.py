"""Deliveries that a tired hand or a broken feed sends: rows that must be held for review, each for another reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from toancanh.site.sample.dossiers import HEADER
from toancanh.site.sample.shapes import SampleDelivery

_COLUMNS = HEADER.strip().split(",")


def broken_deliveries(now: datetime) -> Iterator[SampleDelivery]:
    """Four files of the last three weeks, oldest first; each has good rows too."""
    yield SampleDelivery(
        "industry", "socio_economic_figures", "text/csv", "so-lieu-bo-sung.csv", _figures(now), "sample-broken-figures",
        now - timedelta(days=17, hours=3),
    )  # fmt: skip
    yield SampleDelivery(
        "air_stations",
        "air_hourly",
        "application/json",
        "kk-tram-loi.json",
        _air(now),
        "sample-broken-air",
        now - timedelta(days=5),
    )
    yield SampleDelivery(
        "home_affairs", "socio_economic_figures", "text/csv", "viec-lam-dieu-chinh.csv", _renamed(now), "sample-broken-names",
        now - timedelta(days=2, hours=5),
    )  # fmt: skip
    yield SampleDelivery(
        "one_stop",
        "dossiers",
        "text/csv",
        "ho-so-dong-bo-loi.csv",
        _dossiers(now),
        "sample-broken-dossiers",
        now - timedelta(minutes=41),
    )


def _figures(now: datetime) -> bytes:
    year = now.year
    return (
        "item,area,period,value,status\n"
        f"iip,sample:MS,{year}-08,không có,official\n"  # a word where a number stands
        f"export,sample:MS,{year}-13,61.2,official\n"  # no such month
        f"chi_so_la,sample:MS,{year}-08,3.5,official\n"  # no such figure
        f"iip,sample:MS,{year}-08,1083,official\n"  # the decimal point is lost: above the highest possible
    ).encode()


def _renamed(now: datetime) -> bytes:
    year = now.year
    return (
        "Chỉ tiêu;Địa bàn;Kỳ báo cáo;Giá trị;Trạng thái\r\n"
        f"jobs;Xã Thạch Bìn;Tháng 9/{year};31;Chính thức\r\n"  # misspelt
        f"jobs;Xã An Phú;Tháng 9/{year};12;Chính thức\r\n"  # ended on 30/06/2025
        f"jobs;sample:MS15;Tháng 9/{year + 1};40;Chính thức\r\n"  # in the future
    ).encode("utf-8-sig")


def _air(now: datetime) -> bytes:
    day = f"{now - timedelta(days=6):%Y-%m-%d}"
    return (
        f'[{{"station":"KK05","area":"sample:MS31","measured_at":"{day}T03:00:00+07:00","pm25":-9999}},'  # a fault code
        f'{{"station":"KK05","area":"sample:MS99","measured_at":"{day}T04:00:00+07:00","pm25":21.5}},'
        f'{{"station":"KK05","area":"sample:MS31","measured_at":"{day}T25:00:00+07:00","pm25":20.1}}]'
    ).encode()


def _dossiers(now: datetime) -> bytes:
    good = {
        "MaTTHC": "2.000815",
        "MaLinhVuc": "G15-TP",
        "DonViXuLy": "agency:MS05",
        "MaDiaBan": "sample:MS05",
        "TrangThaiHoSo": "4",
        "KenhThucHien": "1",
        "NgayNopHoSo": f"{now - timedelta(days=3):%Y-%m-%d}T09:00:00+07:00",
        "NgayTiepNhan": f"{now - timedelta(days=3):%Y-%m-%d}T09:05:00+07:00",
        "NgayHenTra": f"{now + timedelta(days=9):%Y-%m-%d}T17:00:00+07:00",
        "NgayCapNhat": f"{now - timedelta(days=3):%Y-%m-%d}T09:05:00+07:00",
    }
    rows = (
        {"MaHoSo": "H99.MS05-LOI-0001"} | good,
        {"MaHoSo": "H99.MS05-LOI-0002"} | good | {"NgayTiepNhan": "31/02/2026 08:00"},
        {"MaHoSo": "H99.MS05-LOI-0003"} | good | {"DonViXuLy": "UBND phường Nguyễn Huẹ"},
        {"MaHoSo": ""} | good,
        {"MaHoSo": "H99.MS05-LOI-0005"} | good | {"TrangThaiHoSo": "11"},
        {"MaHoSo": "=HYPERLINK(0)"} | good,
    )
    return (HEADER + "".join(",".join(row.get(column, "") for column in _COLUMNS) + "\n" for row in rows)).encode()
