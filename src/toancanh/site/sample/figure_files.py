"""The files in which departments send their figures: a spreadsheet saved in Vietnam, plain CSV, JSON and NDJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from toancanh.kernel.periods import Grain, Period
from toancanh.site.sample.chance import dice
from toancanh.site.sample.economy import investment_plan
from toancanh.site.sample.figures import Figure, figures_of, plans_of
from toancanh.site.sample.places import PROVINCE
from toancanh.site.sample.shapes import SampleDelivery

DATASET = "socio_economic_figures"
REVISED = "statistics"  # this source estimates first and settles a month later
EXACT = ("iip", "cpi_year", "cpi_month", "cpi_december")
CORRECTION = 0.006  # of the plan: what the Treasury books late in the newest month


def figure_deliveries(first: datetime, now: datetime) -> Iterator[SampleDelivery]:
    """Every file of figures from the January of `first`'s year to `now` (both aware), in the order of arrival."""
    start = Period(datetime(first.year, 1, 1), Grain.MONTH)
    newest = Period.containing(now, Grain.MONTH).previous()
    found = [each for month in start.until(newest) for each in _deliveries(month, first=month == start, last=month == newest)]
    yield from sorted((each for each in found if each.received_at <= now), key=lambda each: (each.received_at, each.key))


def _deliveries(month: Period, *, first: bool, last: bool) -> Iterator[SampleDelivery]:
    rows = [_as_first_sent(each, last) for each in figures_of(month)]
    if not first:
        rows.extend(each for each in figures_of(month.previous()) if each.source == REVISED)
    if month.start.month == 1:
        rows.extend(plans_of(month.start.year))
    for source in dict.fromkeys(each.source for each in rows):
        yield _delivery(source, month, [each for each in rows if each.source == source])
    if last:
        paid = next(each for each in figures_of(month) if each.item == "pub_inv_disb")
        yield _delivery("treasury", month, [replace(paid, note="bổ sung chứng từ đến 31/10")], "dieu-chinh", days=12)


def _as_first_sent(each: Figure, last: bool) -> Figure:
    """The figure as it is known when its month closes: statistics estimate, the Treasury still lacks some papers."""
    if each.source == REVISED:
        wrong = 1.0 if last or each.item in EXACT else 1 + dice("estimate", each.item, each.period).uniform(-0.006, 0.006)
        return replace(each, value=round(each.value * wrong, 2), status="estimate")
    if last and each.item == "pub_inv_disb" and each.area == PROVINCE:
        late = investment_plan(int(each.period[:4])) * CORRECTION
        return replace(each, value=round(each.value - late, 2), status="provisional")
    return each


def _delivery(source: str, month: Period, rows: list[Figure], suffix: str = "", days: int = 0) -> SampleDelivery:
    """One file as that department's system writes it; now and then it comes nine days late."""
    luck = dice("arrival", source, month.code)
    late = 9 if luck.random() < 0.05 else 0
    at = datetime.combine(month.last_day, time(), UTC) + timedelta(
        days=days or 4 + late, hours=1 + luck.randrange(9), minutes=luck.randrange(60)
    )
    stem = f"{source}-{month.code}{'-' + suffix if suffix else ''}"
    content_type, extension, body = WRITERS.get(source, _plain_csv)(rows)
    return SampleDelivery(source, DATASET, content_type, f"{stem}.{extension}", body, f"sample-{stem}", at)


def _vietnamese_csv(rows: Iterable[Figure]) -> tuple[str, str, bytes]:
    """Semicolons, decimal commas, Vietnamese headers and a byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Chỉ tiêu", "Địa bàn", "Kỳ báo cáo", "Giá trị", "Trạng thái", "Ghi chú"))
    words = {"estimate": "Ước tính", "provisional": "Sơ bộ", "official": "Chính thức"}
    for each in rows:
        value = f"{each.value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
        writer.writerow((each.item, each.area, each.period, value, words[each.status], each.note))
    return "text/csv", "csv", out.getvalue().encode("utf-8-sig")


def _plain_csv(rows: Iterable[Figure]) -> tuple[str, str, bytes]:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("item", "area", "period", "value", "status", "note"))
    writer.writerows((each.item, each.area, each.period, each.value, each.status, each.note) for each in rows)
    return "text/csv", "csv", out.getvalue().encode()


def _json(rows: Iterable[Figure]) -> tuple[str, str, bytes]:
    return "application/json", "json", json.dumps([_object(each) for each in rows], ensure_ascii=False).encode()


def _ndjson(rows: Iterable[Figure]) -> tuple[str, str, bytes]:
    lines = (json.dumps(_object(each), ensure_ascii=False) for each in rows)
    return "application/x-ndjson", "ndjson", "".join(f"{line}\n" for line in lines).encode()


def _object(each: Figure) -> dict[str, object]:
    found = {"item": each.item, "area": each.area, "period": each.period, "value": each.value, "status": each.status}
    return found | ({"note": each.note} if each.note else {})


WRITERS = {REVISED: _vietnamese_csv, "agriculture": _vietnamese_csv, "finance": _json, "treasury": _ndjson}
