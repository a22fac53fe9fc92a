"""Reads the statistics office's exports as they are published: title line, semicolons, byte order mark, "Prel. 2016", "..".

Each export has one of six layouts; its title tells which. A payload whose title is unknown is refused with its title.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from toancanh.kernel.contracts import Row
from toancanh.packs.socio_economic.publisher import COUNTRY, place

MISSING = frozenset({"", "..", "...", "-", "–"})
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"(?P<mark>Pre[l]?\.?\s*)?(?P<year>(?:19|20)\d\d)\s*(?P<star>\(\*\))?\s*(?P<rest>.*)", re.IGNORECASE)
_NOTE = "Nguồn có chú thích (*)"

Sheet = list[list[str]]
Layout = Callable[["Export", str, list[str], Sheet], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of export: how its title begins, its layout, and the figure that each of its words means."""

    title: str
    layout: Layout
    items: dict[str, str] = field(default_factory=dict)


def read_export(payload: bytes) -> list[Row]:
    """Rows of `statistics_yearbook`. ValueError when it is no export of the yearbook."""
    rows = [row for row in csv.reader(io.StringIO(decoded(payload)), delimiter=";") if any(cell.strip() for cell in row)]
    if len(rows) < 3 or len(rows[0]) != 1:
        raise ValueError("the first line must be the table's title, the next one its columns")
    title = " ".join(rows[0][0].split())
    export = next((each for each in EXPORTS if title.lower().startswith(each.title.lower())), None)
    if export is None:
        raise ValueError(f"the table {title[:80]!r} is not one of the yearbook")
    return list(export.layout(export, title, rows[1], rows[2:]))


def decoded(payload: bytes) -> str:
    """The text: UTF-8 with or without its mark, else the Windows code page for Vietnamese, else Western."""
    for encoding in ("utf-8-sig", "cp1258"):
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError:
            continue
    return payload.decode("latin-1")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A year as printed: what is left of the cell is the figure's name."""

    year: str
    status: str
    note: str | None
    rest: str


def stamp(cell: str) -> Stamp:
    """ "Prel. 2016", "2016 (*) Area (Km2)", "2011". ValueError without a year."""
    match = _YEAR.match(cell.strip())
    if match is None:
        raise ValueError(f"the column {cell!r} has no year")
    return Stamp(
        match["year"], "provisional" if match["mark"] else "official", _NOTE if match["star"] else None, match["rest"].strip()
    )


def _row(item: str, area: str, period: str, cell: str, status: str = "official", note: str | None = None) -> Iterator[Row]:
    """One row, or none where the source has no figure. A cell that is no number goes on as text, to be held for review."""
    text = cell.strip()
    if text in MISSING:
        return
    try:
        value: object = float(text)
    except ValueError:
        value = text
    yield {"item": item, "area": area, "period": period, "value": value, "status": status, "note": note}


def _name(words: str) -> str:
    return " ".join(words.replace("(*)", "").split()).lower()


def _places_by_year(export: Export, _title: str, head: list[str], body: Sheet) -> Iterator[Row]:
    """Places down, "year figure" across; with one figure only, the columns are bare years."""
    stamps = [stamp(cell) for cell in head[1:]]
    for row in body:
        for each, cell in zip(stamps, row[1:], strict=False):
            item = export.items.get(_name(each.rest), each.rest)
            yield from _row(item, place(row[0]), each.year, cell, each.status, each.note)


def _places_by_figure(export: Export, title: str, head: list[str], body: Sheet) -> Iterator[Row]:
    """Places down, figures across, the year in the title."""
    found = re.search(r"\b(19|20)\d\d\b", title)
    if found is None:
        raise ValueError(f"the title {title!r} has no year")
    for row in body:
        for name, cell in zip(head[1:], row[1:], strict=False):
            item = export.items.get(_name(name), name)
            yield from _row(item, place(row[0]), found[0], cell, note=_NOTE if "(*)" in name else None)


def _figures_by_year(export: Export, _title: str, head: list[str], body: Sheet) -> Iterator[Row]:
    """Figures of the country down, years across."""
    for row in body:
        for each, cell in zip([stamp(cell) for cell in head[1:]], row[1:], strict=False):
            yield from _row(export.items.get(_name(row[0]), row[0].strip()), COUNTRY, each.year, cell, each.status, each.note)


def _months_down(export: Export, _title: str, head: list[str], body: Sheet) -> Iterator[Row]:
    """Months down and then yearly summaries, years across."""
    for row in body:
        month = row[0].strip().lower()[:3]
        summary = export.items.get(_name(row[0]))
        for year, cell in zip(head[1:], row[1:], strict=False):
            if month in MONTHS and summary is None:
                yield from _row("cpi_month_all", COUNTRY, f"{year}-{MONTHS.index(month) + 1:02}", cell)
            else:
                yield from _row(summary or row[0], COUNTRY, year, cell, note=_NOTE if "(*)" in row[0] else None)


def _months_across(export: Export, _title: str, head: list[str], body: Sheet) -> Iterator[Row]:
    """A year and a commodity group down, months across."""
    for year, group, *cells in body:
        item = export.items.get(_name(group), group.strip())
        for name, cell in zip(head[2:], cells, strict=False):
            yield from _row(item, COUNTRY, f"{year}-{MONTHS.index(name.strip().lower()[:3]) + 1:02}", cell)


_GROUPS = {
    "consumer price index": "all",
    "food and foodstuffs": "food_all",
    "food": "food",
    "foodstuffs": "foodstuffs",
    "beverage and cigarette": "drinks",
    "garment, footwear, hat": "garment",
    "housing & material construction": "housing",
    "housing and construction materials": "housing",
    "household equipment & goods": "household",
    "medicine and health care services": "health",
    "medicaments, health": "health",
    "transport": "transport",
    "mean of transport & communication": "transport_post",
    "post and communication": "post",
    "education": "education",
    "culture, entertainments and tourism": "culture",
    "culture, sport, entertainments": "culture",
    "other consumer goods & services": "other",
    "gold price index": "gold",
    "usd price index": "dollar",
}


def _prices(base: str) -> dict[str, str]:
    return {words: f"cpi_{base}_{group}" for words, group in _GROUPS.items()}


_CPI = "Monthly consumer price index, gold and USD price index"
EXPORTS = (
    Export(
        "Area, population and population density by province",
        _places_by_year,
        {
            "area (km2)": "land_area",
            "average population (thous. pers.)": "population_thousand",
            "population density (person/km2)": "population_per_km2",
        },
    ),
    Export(
        "Foreign direct investment projects licensed in",
        _places_by_figure,
        {"number of projects": "fdi_projects", "total registered capital (mill. usd)": "fdi_capital"},
    ),
    Export(
        "Monthly average income per capita at current prices by income source",
        _places_by_year,
        {
            "total": "income_total",
            "salary & wage": "income_wage",
            "agriculture, forestry & fishery": "income_farm",
            "non-agriculture, forestry & fishery": "income_trade",
            "others": "income_other",
        },
    ),
    Export(f"{_CPI} as compared to base", _months_across, _prices("base2009")),
    Export(f"{_CPI} as compared to the same period", _months_across, _prices("year")),
    Export(f"{_CPI} of months compared to December", _months_across, _prices("december")),
    Export(f"{_CPI} of months compared to previous month", _months_across, _prices("month")),
    Export(
        "Monthly consumer price index",
        _months_down,
        {
            "monthly average": "cpi_month_average",
            "december of report year compared with december of previous year": "cpi_december_year",
            "previous year = 100": "cpi_previous_year",
            "year 2000 = 100": "cpi_since_2000",
            "year 2005 = 100": "cpi_since_2005",
            "year 2010 = 100": "cpi_since_2010",
        },
    ),
    Export(
        "Number of patient beds under provincial departments of health",
        _places_by_year,
        {
            "total": "beds_total",
            "hospital": "beds_hospital",
            "regional polyclinic": "beds_polyclinic",
            "sanatorium and rehabilitation hospital": "beds_sanatorium",
            "medical service unit": "beds_station",
        },
    ),
    Export(
        "Number of pupils of general education",
        _places_by_year,
        {
            "total": "pupils_total",
            "primary": "pupils_primary",
            "lower secondary": "pupils_lower",
            "upper secondary": "pupils_upper",
        },
    ),
    Export(
        "Outcome of tourism",
        _figures_by_year,
        {
            "turnover of accommodation establishments (bill. dongs)": "stay_turnover",
            "turnover of travel agencies (bill. dongs)": "travel_turnover",
            "visits serviced by accommodation establishments (thous. visits)": "stay_visits",
            "foreign visitors (thous. visits)": "stay_visits_foreign",
            "home visitors (thous. visits)": "stay_visits_home",
            "visits serviced by travel agencies (thous. visits)": "travel_visits",
            "foreign visitors' (thous. visits)": "travel_visits_foreign",
            "home visitors' (thous. visits)": "travel_visits_home",
            "vietnamese persons travelling abroad (thous. visits)": "travel_abroad",
        },
    ),
    Export("Poverty rate by province", _places_by_year, {"": "poor_share"}),
    Export("Retail sales of goods and services at current prices by province", _places_by_year, {"": "retail_value"}),
)
