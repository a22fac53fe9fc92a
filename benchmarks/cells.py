"""Fills the values' table with millions of plausible rows by the database's own means, in seconds rather than hours.

Every declared indicator has a value for every unit in every period of its grains back in time, whole and by value of a breakdown,
until there are as many as asked. The indexes are taken off for the filling and put back after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from toancanh.indicators.evaluators.figures import cumulative_grains
from toancanh.indicators.models import Cell, stored_start
from toancanh.indicators.queries import regime_of
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.kernel.registry import registry
from toancanh.units.models import Unit

BACK = {Grain.HOUR: 24 * 14, Grain.DAY: 120, Grain.WEEK: 60, Grain.MONTH: 60, Grain.QUARTER: 24, Grain.HALF: 12,
        Grain.NINE_MONTHS: 6, Grain.YEAR: 8, Grain.SCHOOL_YEAR: 6}  # fmt: skip
TABLE = Cell._meta.db_table
_COLUMNS = (
    "indicator, unit_id, grain, cumulative, administrative, period_start, dimension, value, numerator, denominator, base, "
    "target, status, method, as_of, computed_at, known_from, known_to, formula_version, last_seq"
)


def fill(wanted: int, now: datetime) -> int:
    """Bring the table to `wanted` current values or a few more, as of `now`; how many there are."""
    _hurry()
    indexes = _take_off()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_slot (indicator varchar(64), grain varchar(12), cumulative boolean, administrative boolean, "
            "start timestamp)"
        )
        stored = connection.ops.adapt_datetimefield_value
        slots = [(*each[:4], stored(each[4])) for each in _slots(now)]
        cursor.executemany("INSERT INTO bench_slot VALUES (%s, %s, %s, %s, %s)", slots)
        units = Unit.objects.filter(valid_to=None).count()
        breakdowns = -(-wanted // (len(slots) * units))
        for number in range(breakdowns):
            _insert(cursor, f"bench={number:04}" if number else "", stored(now - timedelta(minutes=5)))
        cursor.execute("DROP TABLE bench_slot")
        for sql in indexes:
            cursor.execute(sql)
        cursor.execute("ANALYZE")
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        count = int(cursor.fetchone()[0])
    connection.close()  # the next one has the product's own settings
    return count


def _hurry() -> None:
    """SQLite only, for this connection: nothing is forced to disk, and much is held in memory while the indexes are sorted."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for setting in ("synchronous = OFF", "cache_size = -2000000", "temp_store = MEMORY", "threads = 2"):
                cursor.execute(f"PRAGMA {setting}")


def _insert(cursor: object, dimension: str, at: object) -> None:
    chance = "random()" if connection.vendor == "postgresql" else "(abs(random()) % 10000 / 10000.0)"
    start = "s.start AT TIME ZONE 'UTC'" if connection.vendor == "postgresql" else "s.start"
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {TABLE} ({_COLUMNS}) SELECT s.indicator, u.id, s.grain, s.cumulative, s.administrative, {start}, %s, "
        f"60 + 60 * {chance}, 800 + 10 * {chance}, 900, 900, 95, 'official', '', %s, %s, %s, NULL, 1, 1 "
        f"FROM bench_slot s CROSS JOIN units_unit u WHERE u.valid_to IS NULL",
        [dimension, at, at, at],
    )


def _slots(now: datetime) -> Iterator[tuple[str, str, bool, bool, datetime]]:
    for each in registry.indicators():
        regime = regime_of(each)
        forms = {(grain, False) for grain in each.grains} | {(grain, True) for grain in cumulative_grains(each)}
        for grain, cumulative in sorted(forms):
            last = Period.begun_by(now, grain, cumulative=cumulative)
            for period in last.shift(1 - BACK[grain]).until(last):
                yield each.code, grain.value, cumulative, regime is Regime.ADMINISTRATIVE, stored_start(period)


def _take_off() -> list[str]:
    """Drop the indexes of the table; the statements that make them again."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgres:
            sql = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%pkey'"
        else:
            sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL"
        cursor.execute(sql, [TABLE])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]
