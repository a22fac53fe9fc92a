"""The one-stop desks of the sample province: who handles what, how much, and how punctually."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from toancanh.kernel.working_days import WorkingCalendar
from toancanh.site.sample import procedures
from toancanh.site.sample.communes import COMMUNES, SILENT
from toancanh.site.sample.economy import TET_MONTH
from toancanh.site.sample.places import PROVINCE
from toancanh.site.sample.procedures import Procedure

GROWTH = 1.015  # of the number of dossiers, a month
PUNCTUALITY = {2023: -2.4, 2024: -1.8, 2025: -0.9}  # points below the desk's record of 2026
ONLINE = {2023: 0.52, 2024: 0.61, 2025: 0.71}
PAID_ONLINE = {2023: 0.31, 2024: 0.42, 2025: 0.53}
DIGITISED = {2023: 0.42, 2024: 0.58, 2025: 0.70}
ONLINE_NOW, PAID_ONLINE_NOW, DIGITISED_NOW = 0.82, 0.645, 0.789


@dataclass(frozen=True, slots=True)
class Desk:
    """One desk. A department's `area` is the province."""

    code: str
    agency: str
    area: str
    monthly: float
    on_time: float
    overdue: int
    offers: tuple[Procedure, ...]
    silent: bool = False

    def expected(self, year: int, month: int, months_ago: int) -> float:
        """Dossiers of a month: the trend, and a dip at Tết."""
        return self.monthly / GROWTH**months_ago * (0.74 if TET_MONTH.get(year) == month else 1.0)

    def late_share(self, year: int) -> float:
        return max(0.0, 1 - (self.on_time + PUNCTUALITY.get(year, 0.0)) / 100)


@lru_cache(maxsize=1)
def desks() -> tuple[Desk, ...]:
    """Departments first, then communes and wards."""
    found = [
        Desk(code, f"agency:{code}", PROVINCE, monthly, *procedures.DEPARTMENT_RECORD[code], procedures.DEPARTMENTS[code])
        for code, monthly in procedures.MONTHLY.items()
    ]
    people = sum(each.population for each in COMMUNES)
    for each in COMMUNES:
        monthly = procedures.COMMUNES_MONTHLY * each.population / people
        found.append(
            Desk(each.code, each.agency, each.key, monthly, each.on_time, each.overdue, procedures.COMMUNE, each.code in SILENT)
        )
    return tuple(found)


class WorkingDays:
    """Working days as a list, for adding them by the hundred thousand."""

    def __init__(self, first: date, last: date) -> None:
        calendar = WorkingCalendar()
        days = (first + timedelta(days=step) for step in range((last - first).days + 1))
        self.days = [day for day in days if calendar.is_working_day(day)]

    def at(self, day: date) -> int:
        """The place of `day`, or of the first working day after it."""
        return bisect_left(self.days, day)

    def between(self, first: date, last: date) -> range:
        """The places of the working days from `first` to `last`, both inclusive."""
        return range(self.at(first), bisect_left(self.days, last + timedelta(days=1)))
