"""Indicator values as cells that are never overwritten, and what a province changes about an indicator.

A cell is one version of one value: (indicator, unit, period, breakdown) known from one moment to another. A correction closes
the current version and adds a new one. The one exception is a live figure, whose newest version is renewed within its minute.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

from toancanh.kernel.periods import VIETNAM, Grain, Period, Regime

CURRENT = Q(known_to__isnull=True)


class Cell(models.Model):
    """One version of one value.

    Units: `value` in the indicator's unit; `numerator`/`denominator` in the units of the measure's two sides (for a growth: the
    level now and a year before). `base` is the count of records behind a rate. Times are UTC.
    """

    indicator = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    grain = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Grain])
    cumulative = models.BooleanField(default=False)
    administrative = models.BooleanField(default=False)  # the regime of the period: cut off on the 15th
    period_start = models.DateTimeField()
    dimension = models.CharField(max_length=160, default="", blank=True)  # "" or "column=value"
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    base = models.FloatField(null=True)
    target = models.FloatField(null=True)
    status = models.CharField(max_length=11, default="automatic")  # estimate | provisional | official | automatic
    method = models.CharField(max_length=12, default="", blank=True)  # how it came about where not stated or counted directly
    coverage_have = models.IntegerField(null=True)
    coverage_want = models.IntegerField(null=True)
    as_of = models.DateTimeField(null=True)  # how far the data behind it reach
    computed_at = models.DateTimeField()
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    formula_version = models.SmallIntegerField(default=1)
    last_seq = models.BigIntegerField(default=0)  # the newest delivery it rests on

    class Meta:
        constraints = [
            # One index serves three questions as look-ups: the latest cells of a unit, a series, and (with the one below) a map.
            models.UniqueConstraint(
                fields=["indicator", "unit", "grain", "cumulative", "dimension", "administrative", "period_start"],
                condition=CURRENT,
                name="cell_one_current_version",
            ),
        ]
        indexes = [
            models.Index(
                fields=["indicator", "grain", "cumulative", "period_start", "dimension", "unit"],
                condition=CURRENT, name="cell_current_by_period",
            ),
            models.Index(
                fields=["indicator", "unit", "grain", "period_start"],
                condition=Q(known_to__isnull=False), name="cell_past_versions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of unit {self.unit_id} in {self.period.code}: {self.value}"

    @property
    def period(self) -> Period:
        """The period as the kernel knows it."""
        return period_of(self.period_start, self.grain, cumulative=self.cumulative, administrative=self.administrative)

    @property
    def partial(self) -> bool:
        """True when some of those who should have reported have not."""
        return self.coverage_want is not None and (self.coverage_have or 0) < self.coverage_want


class IndicatorOverride(models.Model):
    """What a province (or one unit of it) changes about an indicator as declared; empty columns change nothing."""

    indicator = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    owner = models.CharField(max_length=40, default="", blank=True)  # kernel.agency_roles code
    tolerance = models.FloatField(null=True, blank=True)
    smallest_base = models.IntegerField(null=True, blank=True)
    classes = models.JSONField(null=True, blank=True)  # four rising map boundaries
    basis = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit"], name="override_once"),
            models.UniqueConstraint(fields=["indicator"], condition=Q(unit__isnull=True), name="override_once_for_all"),
        ]

    def __str__(self) -> str:
        return f"override of {self.indicator} for {self.unit_id or 'every unit'}"


class TargetOverride(models.Model):
    """A target set by the province for one year, for one unit or for all: one number, or one for each month's end."""

    indicator = models.CharField(max_length=64)
    unit = models.ForeignKey("units.Unit", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    year = models.SmallIntegerField()
    values = models.JSONField()  # one or twelve numbers, in the indicator's unit
    basis = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit", "year"], name="target_once_a_year"),
            models.UniqueConstraint(
                fields=["indicator", "year"], condition=Q(unit__isnull=True), name="target_once_a_year_for_all"
            ),
        ]

    def __str__(self) -> str:
        return f"target of {self.indicator} in {self.year}"


def period_of(start: datetime, grain: str, *, cumulative: bool, administrative: bool) -> Period:
    """The period whose stored start is `start` (aware)."""
    regime = Regime.ADMINISTRATIVE if administrative else Regime.STATISTICAL
    return Period(start.astimezone(VIETNAM).replace(tzinfo=None), Grain(grain), cumulative, regime)


def stored_start(period: Period) -> datetime:
    """How the start of `period` is stored: aware, UTC."""
    return period.start.replace(tzinfo=VIETNAM).astimezone(UTC)
