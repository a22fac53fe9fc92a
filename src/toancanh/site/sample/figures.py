"""Reported figures of the sample province, month by month: what each department knows about each month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from toancanh.kernel.periods import Grain, Period
from toancanh.site.sample import economy
from toancanh.site.sample.chance import dice
from toancanh.site.sample.communes import COMMUNES
from toancanh.site.sample.economy import Flow, Level
from toancanh.site.sample.places import PROVINCE

LAST_POVERTY_REPORT = (2026, 9)  # October's is overdue: the overview shows a missing figure and who owes it


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported figure."""

    source: str
    item: str
    area: str
    period: str
    value: float
    status: str = "official"
    note: str = ""


def figures_of(month: Period) -> Iterator[Figure]:
    """Every figure of `month`, as it will stand once it is official."""
    year, number = month.start.year, month.start.month
    for flow in (*economy.FLOWS, economy.GRDP_CURRENT):
        if number % flow.every == 0 and not (flow.item == "poor_reduced" and (year, number) > LAST_POVERTY_REPORT):
            yield from _flow(flow, year, number)
    yield from _totals(year, number)
    yield from _investment(year, number)
    yield from _indices(year, number)
    for level in economy.LEVELS:
        if number % level.every == 0:
            yield from _level(level, year, number)


def _flow(flow: Flow, year: int, number: int) -> Iterator[Figure]:
    period = _period(year, number, flow.every)
    value = round(amount(flow, year, number), flow.places)
    yield Figure(flow.source, flow.item, PROVINCE, period, value)
    if flow.item == "grdp_cur":
        yield from (Figure(flow.source, item, PROVINCE, period, round(value * part, 1)) for item, part in economy.GRDP_PARTS)
    if flow.communes:
        for area, part in _spread(flow.item, value * flow.communes, flow.places):
            yield Figure(flow.source, flow.item, area, period, part)


def amount(flow: Flow, year: int, month: int) -> float:
    """The flow of the period that ends with `month`: trend, Tết dip and a little chance; exact at the anchor."""
    total, shares = flow.year_total(year), _shares(flow, year)
    return total * (shares[month - 1] - (shares[month - 1 - flow.every] if month > flow.every else 0.0))


def _shares(flow: Flow, year: int) -> list[float]:
    """Cumulative shares of one year with Tết and chance in them; the share at the anchor month stays as declared."""
    luck, tet = dice("shares", flow.item, year), economy.TET_MONTH.get(year, 2)
    steps = []
    for month in range(1, 13):
        before = flow.shares[month - 2] if month > 1 else 0.0
        dip = 0.88 if month == tet and flow.every == 1 else 1.0
        steps.append(
            max(flow.shares[month - 1] - before, 0.0) * dip * luck.uniform(0.955, 1.045) if flow.shares[month - 1] else 0.0
        )
    if flow.every > 1:
        return list(flow.shares)
    anchor = flow.shares[flow.anchor - 1]
    head, tail = sum(steps[: flow.anchor]), sum(steps[flow.anchor :])
    scaled = [step * anchor / head for step in steps[: flow.anchor]]
    scaled += [step * (1 - anchor) / tail if tail else 0.0 for step in steps[flow.anchor :]]
    return [sum(scaled[: month + 1]) for month in range(12)]


def _totals(year: int, number: int) -> Iterator[Figure]:
    """Budget revenue is the sum of its parts, to the last digit."""
    flows = {each.item: each for each in economy.FLOWS}
    parts = [round(amount(flows[item], year, number), 1) for item in ("budget_rev_domestic", "budget_rev_trade")]
    period = f"{year}-{number:02}"
    yield Figure("tax_office", "budget_rev", PROVINCE, period, round(sum(parts), 1))
    yield Figure("tax_office", "budget_rev_oil", PROVINCE, period, 0.0)
    domestic = flows["budget_rev_domestic"]
    for area, part in _spread(domestic.item, parts[0] * domestic.communes, 1):
        yield Figure("tax_office", "budget_rev", area, period, part)


def _investment(year: int, month: int) -> Iterator[Figure]:
    paid, plan = economy.DISBURSED.get(year, economy.DISBURSED[2026]), economy.investment_plan(year)
    step = paid[month - 1] - (paid[month - 2] if month > 1 else 0.0)
    yield Figure("treasury", "pub_inv_disb", PROVINCE, f"{year}-{month:02}", round(plan * step / 100, 2))
    for each in COMMUNES:
        pace = dice("pace", each.code).uniform(0.72, 1.16)
        share = plan * 0.4 * _weight("pub_inv", each.code)
        yield Figure("treasury", "pub_inv_disb", each.key, f"{year}-{month:02}", round(share * step * pace / 100, 2))


def _indices(year: int, month: int) -> Iterator[Figure]:
    period = f"{year}-{month:02}"
    for item, table in (("iip", economy.IIP), ("cpi_year", economy.CPI_YEAR)):
        months = table.get(year, table[2026])[:month]
        anchored = economy.CUMULATIVE_AT_ANCHOR.get((item, year)) if month == economy.ANCHOR_MONTH else None
        yield Figure("statistics", item, PROVINCE, period, months[-1])
        yield Figure("statistics", item, PROVINCE, f"{period}-ytd", anchored or round(sum(months) / month, 2))
    luck = dice("cpi", year, month)
    yield Figure("statistics", "cpi_month", PROVINCE, period, round(100 + luck.uniform(-0.15, 0.55), 2))
    yield Figure("statistics", "cpi_december", PROVINCE, period, round(100 + 0.28 * month + luck.uniform(-0.1, 0.1), 2))


def _level(level: Level, year: int, month: int) -> Iterator[Figure]:
    value = round(level.value * (1 + level.change) ** (year - 2025 + (month - 12) / 12), level.places)
    period = _period(year, month, level.every)
    yield Figure(level.source, level.item, PROVINCE, period, value)
    if level.communes:
        for area, part in _spread(level.item, value, level.places):
            yield Figure(level.source, level.item, area, period, part)


def plans_of(year: int) -> Iterator[Figure]:
    """The plans of a year, sent in January."""
    for flow in (*economy.FLOWS, economy.GRDP_CURRENT):
        if flow.plan:
            yield Figure("plans", f"{flow.item}_plan", PROVINCE, str(year), flow.year_plan(year))
    revenue = {2023: 6700.0, 2024: 7250.0, 2025: 7900.0, 2026: 8600.0}
    yield Figure("plans", "budget_rev_plan", PROVINCE, str(year), revenue.get(year, 9200.0))
    plan = economy.investment_plan(year)
    yield Figure("plans", "pub_inv_plan", PROVINCE, str(year), plan)
    for each in COMMUNES:
        yield Figure("plans", "pub_inv_plan", each.key, str(year), round(plan * 0.4 * _weight("pub_inv", each.code), 2))


def _spread(item: str, value: float, places: int) -> list[tuple[str, float]]:
    """`value` over the communes; whole numbers keep their sum."""
    parts = [(each.key, value * _weight(item, each.code)) for each in COMMUNES]
    if places:
        return [(area, round(part, places)) for area, part in parts]
    whole = [(area, int(part)) for area, part in parts]
    left = round(value) - sum(part for _, part in whole)
    order = sorted(range(len(parts)), key=lambda index: (whole[index][1] - parts[index][1], index))
    return [(area, float(part + (index in order[:left]))) for index, (area, part) in enumerate(whole)]


_WEIGHTS: dict[str, dict[str, float]] = {}
_RURAL = ("sown_area", "forest_area", "natural_area", "poor_households", "poor_reduced")


def _weight(item: str, code: str) -> float:
    """The share of a commune in `item`: by area for land, by people for the rest, poorer far from the centre."""
    if item not in _WEIGHTS:
        raw = {}
        for each in COMMUNES:
            size = each.area_km2 if item in ("forest_area", "natural_area") else each.population
            rural = (0.25 if each.kind == "Phường" else 1.0) if item in _RURAL and item != "natural_area" else 1.0
            raw[each.code] = size * rural * (1 if item == "natural_area" else dice("weight", item, each.code).uniform(0.7, 1.3))
        whole = sum(raw.values())
        _WEIGHTS[item] = {key: part / whole for key, part in raw.items()}
    return _WEIGHTS[item][code]


def _period(year: int, month: int, every: int) -> str:
    grain = {1: Grain.MONTH, 3: Grain.QUARTER, 6: Grain.HALF, 12: Grain.YEAR}[every]
    return Period.containing(datetime(year, month, 1), grain).code
