"""Numbers of work: SV-2611-00042 by month, CD-2026-0017 and NV-2026-00311 by year. The row's lock puts the givers in order."""

from __future__ import annotations

from datetime import datetime

from toancanh.kernel.periods import VIETNAM
from toancanh.response.models import Counter, Kind

_SERIES = {Kind.INCIDENT: ("SV-%y%m", 5), Kind.DIRECTIVE: ("CD-%Y", 4), Kind.TASK: ("NV-%Y", 5)}


def next_code(kind: str, at: datetime) -> str:
    """The next number of its series; belongs to the caller's transaction, so that a number is given or it is not."""
    form, width = _SERIES[Kind(kind)]
    series = at.astimezone(VIETNAM).strftime(form)
    Counter.objects.bulk_create([Counter(series=series)], ignore_conflicts=True)
    row = Counter.objects.select_for_update().get(pk=series)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{series}-{row.last:0{width}}"
