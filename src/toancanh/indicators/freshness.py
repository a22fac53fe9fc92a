"""Freshness is a value: how far the data reach, when the next are due, who owes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from toancanh.indicators.overrides import effective
from toancanh.indicators.policy import readable
from toancanh.indicators.queries import latest
from toancanh.intake.models import Source
from toancanh.intake.queries import GRACE
from toancanh.kernel.contracts import Figures, Indicator
from toancanh.people.permissions import Actor
from toancanh.units.models import Unit
from toancanh.units.queries import agency_for_role


@dataclass(frozen=True, slots=True)
class Freshness:
    """`as_of`: how far the data reach (None: there are none); `due`: when more should have come; `owner`: who owes them."""

    as_of: datetime | None
    cadence: timedelta
    due: datetime | None
    late: bool
    owner: Unit | None

    @property
    def overdue_by(self) -> timedelta:
        """How long it has been owed; nothing while it is in time."""
        now = timezone.now()
        return now - self.due if self.due is not None and now > self.due else timedelta(0)


def freshness(actor: Actor, code: str, unit: Unit, now: datetime | None = None) -> Freshness:
    """How fresh an indicator of `unit` is. Missing data are late data."""
    now = now or timezone.now()
    indicator = effective(readable(actor, code), unit.pk)
    found = latest(actor, [code], unit).get(code)
    pace = _pace(indicator)
    as_of = found.as_of if found else None
    due = as_of + pace * GRACE if as_of else None
    return Freshness(as_of, pace, due, due is None or now > due, agency_for_role(indicator.owner.code))


def _pace(indicator: Indicator) -> timedelta:
    """The agreed time between deliveries: of a source where it has one of its own, else of the dataset."""
    if isinstance(indicator.dataset, Figures):
        return indicator.dataset.cadence
    own = [
        each.cadence for each in Source.objects.filter(active=True) if indicator.dataset.code in each.datasets and each.cadence
    ]
    return min(own, default=indicator.dataset.cadence)
