"""Reads the statistics office's long table (table_id, geo_code, year, item, value ...): one series for each table and item."""

from __future__ import annotations

import csv
import io
import re

from toancanh.kernel.contracts import Row
from toancanh.packs.socio_economic.parse import MISSING, decoded
from toancanh.packs.socio_economic.publisher import place_of_code

COLUMNS = ("table_id", "geo_code", "year", "item", "value", "preliminary")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def read_long_table(payload: bytes) -> list[Row]:
    """Rows of `statistics_series`. ValueError, naming them, when columns are missing."""
    reader = csv.DictReader(io.StringIO(decoded(payload)))
    absent = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if absent:
        raise ValueError(f"the long table lacks the columns {', '.join(absent)}")
    codes: dict[tuple[str, str], str] = {}
    found: list[Row] = []
    for line in reader:
        if (line["value"] or "").strip() in MISSING:
            continue
        named = (line["table_id"], line["item"])
        series = codes.get(named) or codes.setdefault(named, series_code(*named))
        found.append(
            {
                "series": series,
                "area": place_of_code(line["geo_code"]),
                "period": line["year"],
                "day": f"{line['year']}-01-01",
                "value": line["value"],
                "status": "provisional" if line["preliminary"] == "1" else "official",
                "wording": line["item"],
            }
        )
    return found


def series_code(table: str, item: str) -> str:
    """The stable code of a series: "71.average_population_thous_pers"."""
    return f"{table}.{_NOT_WORD.sub('_', item.lower()).strip('_')}"
