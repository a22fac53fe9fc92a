"""The economy of the sample province as numbers: what each figure comes to by the end of October 2026, how it grew and how
it is spread over the year. Every figure of any month follows from these and a seed."""

from __future__ import annotations

from dataclasses import dataclass

ANCHOR_YEAR, ANCHOR_MONTH = 2026, 10
EVEN = tuple(month / 12 for month in range(1, 13))
SLOW_START = (0.021, 0.053, 0.105, 0.170, 0.245, 0.330, 0.415, 0.500, 0.590, 0.683, 0.806, 1.0)
BUSY_END = (0.075, 0.142, 0.222, 0.304, 0.387, 0.471, 0.556, 0.641, 0.728, 0.816, 0.906, 1.0)
CROPS = (0.12, 0.30, 0.42, 0.48, 0.53, 0.66, 0.80, 0.87, 0.91, 0.95, 0.98, 1.0)
QUARTERS = (0.0, 0.0, 0.212, 0.0, 0.0, 0.446, 0.0, 0.0, 0.709, 0.0, 0.0, 1.0)
HALVES = (0.0, 0.0, 0.0, 0.0, 0.0, 0.512, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Flow:
    """A figure that accumulates over a year.

    `reached` is its cumulative value at the end of October 2026 (of September for quarterly and June for half-yearly figures),
    `growth` its yearly growth, `shares` the cumulative share of the year by month, `plan` the plan of 2026 (0: none), `communes`
    the part of it that happens in communes (0: it is reported for the province alone).
    """

    item: str
    source: str
    reached: float
    growth: float
    shares: tuple[float, ...]
    plan: float = 0.0
    places: int = 1
    communes: float = 0.0
    every: int = 1

    @property
    def anchor(self) -> int:
        """The last month of 2026 for which `reached` holds."""
        return ANCHOR_MONTH - ANCHOR_MONTH % self.every

    def year_total(self, year: int) -> float:
        """The whole year's value."""
        total = self.reached / self.shares[self.anchor - 1]
        return total * (1 + self.growth) ** (year - ANCHOR_YEAR)

    def year_plan(self, year: int) -> float:
        return round(self.plan * (1 + self.growth) ** (year - ANCHOR_YEAR), self.places)


@dataclass(frozen=True, slots=True)
class Level:
    """A figure that stands at a moment: its value at the end of 2025 and its yearly change; `communes` as for flows."""

    item: str
    source: str
    value: float
    change: float
    places: int = 0
    communes: float = 0.0
    every: int = 12


FLOWS = (
    Flow("budget_rev_domestic", "tax_office", 6930.0, 0.081, BUSY_END, 7700.0, 1, 0.32),
    Flow("budget_rev_land", "tax_office", 1240.0, 0.045, BUSY_END),
    Flow("budget_rev_trade", "tax_office", 912.0, 0.1071, EVEN, 900.0),
    Flow("budget_exp", "finance", 12410.0, 0.074, BUSY_END, 15000.0),
    Flow("budget_exp_development", "finance", 4150.0, 0.112, SLOW_START),
    Flow("budget_exp_recurrent", "finance", 7610.0, 0.052, EVEN),
    Flow("retail", "statistics", 18950.0, 0.096, BUSY_END, 22400.0),
    Flow("export", "statistics", 612.4, 0.124, BUSY_END, 720.0),
    Flow("import", "statistics", 438.1, 0.087, BUSY_END, 525.0),
    Flow("biz_new", "finance", 486.0, 0.062, BUSY_END, 600.0, 0, 1.0),
    Flow("biz_capital", "finance", 3872.0, 0.041, BUSY_END, 4800.0),
    Flow("biz_closed", "finance", 241.0, -0.035, BUSY_END, 300.0, 0),
    Flow("biz_back", "finance", 128.0, 0.083, BUSY_END, 0.0, 0),
    Flow("fdi", "finance", 96.5, 0.152, SLOW_START, 120.0),
    Flow("jobs", "home_affairs", 11850.0, 0.034, EVEN, 13500.0, 0, 1.0),
    Flow("poor_reduced", "agriculture", 2660.0, 0.02, SLOW_START, 2900.0, 0, 1.0),
    Flow("sown_area", "agriculture", 61200.0, 0.004, CROPS, 64500.0, 0, 1.0),
    Flow("grdp_const", "statistics", 20240.0, 0.0832, QUARTERS, 27900.0, 1, 0.0, 3),
    Flow("invest_total", "statistics", 11240.0, 0.103, QUARTERS, 15600.0, 1, 0.0, 3),
    Flow("cereal_output", "agriculture", 119400.0, 0.013, HALVES, 232000.0, 0, 0.0, 6),
)
GRDP_CURRENT = Flow("grdp_cur", "statistics", 30770.0, 0.102, QUARTERS, 43000.0, 1, 0.0, 3)
GRDP_PARTS = (
    ("grdp_cur_agriculture", 0.218),
    ("grdp_cur_industry", 0.297),
    ("grdp_cur_services", 0.432),
    ("grdp_cur_tax", 0.053),
)
LEVELS = (
    Level("population_avg", "statistics", 651200.0, 0.0055, 0, 1.0),
    Level("population_urban", "statistics", 223700.0, 0.018),
    Level("households", "agriculture", 169300.0, 0.008, 0, 1.0),
    Level("poor_households", "agriculture", 6640.0, -0.21, 0, 1.0),
    Level("forest_area", "agriculture", 274250.0, 0.002, 0, 1.0),
    Level("natural_area", "agriculture", 486240.0, 0.0, 0, 1.0),
    Level("labour_force", "statistics", 398400.0, 0.009, 0, 0.0, 3),
    Level("unemployed", "statistics", 8420.0, -0.02, 0, 0.0, 3),
    Level("new_rural_communes", "agriculture", 16.0, 0.09, 0, 0.0, 3),
)
# Public investment has its own plan each year, and the share of it paid out by the end of each month.
INVESTMENT_PLANS = {2023: 4260.0, 2024: 4500.0, 2025: 4800.0, 2026: 5200.0}
DISBURSED = {
    2026: (2.1, 5.4, 10.2, 16.6, 23.1, 31.4, 39.0, 47.2, 55.4, 63.5, 76.0, 94.0),
    2025: (1.4, 4.2, 8.3, 13.9, 20.4, 28.3, 35.2, 42.7, 50.3, 58.1, 71.8, 93.1),
    2024: (1.2, 3.7, 7.9, 13.0, 19.1, 26.9, 33.8, 41.0, 48.4, 55.6, 69.7, 91.4),
    2023: (1.1, 3.3, 7.1, 12.2, 18.0, 25.7, 32.1, 39.4, 46.6, 53.9, 68.0, 90.2),
}
# Year-on-year indices by month; the cumulative one of October 2026 is as published.
IIP = {
    2023: (103.1, 104.2, 104.0, 104.6, 104.9, 105.1, 105.3, 104.8, 105.6, 105.2, 105.8, 106.0),
    2024: (105.2, 104.1, 105.4, 105.9, 106.2, 106.0, 105.7, 106.4, 106.1, 106.5, 106.2, 106.9),
    2025: (104.3, 107.2, 106.1, 106.4, 106.0, 106.8, 106.3, 107.2, 106.9, 106.7, 107.3, 107.8),
    2026: (107.4, 106.2, 107.9, 108.2, 108.0, 108.4, 108.1, 108.9, 108.3, 108.6, 108.7, 108.9),
}
CPI_YEAR = {
    2023: (104.1, 103.9, 103.4, 103.0, 102.8, 102.5, 102.3, 102.9, 103.4, 103.3, 103.2, 103.4),
    2024: (103.4, 103.9, 103.8, 104.1, 104.2, 104.1, 104.0, 103.4, 102.8, 102.9, 102.8, 102.9),
    2025: (103.5, 102.9, 103.1, 103.1, 103.3, 103.5, 103.2, 103.3, 103.4, 103.3, 103.5, 103.4),
    2026: (103.2, 103.8, 103.5, 103.6, 103.4, 103.3, 103.5, 103.4, 103.3, 103.4, 103.5, 103.5),
}
CUMULATIVE_AT_ANCHOR = {("iip", 2026): 108.6, ("iip", 2025): 106.7, ("cpi_year", 2026): 103.4, ("cpi_year", 2025): 103.3}
TET_MONTH = {2023: 1, 2024: 2, 2025: 1, 2026: 2, 2027: 2, 2028: 1}


def investment_plan(year: int) -> float:
    """The public investment plan of a year; eight per cent more each year outside the table."""
    return INVESTMENT_PLANS.get(year, round(5200.0 * 1.08 ** (year - ANCHOR_YEAR), 0))
