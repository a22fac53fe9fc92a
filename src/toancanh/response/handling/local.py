"""The versions of kinds and procedures made here, as they hold: kept in memory; each reading asks in one small statement whether
anything was added.

Writers wait for each other (see `services.kinds`), so that the newest row tells it, whatever process wrote it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from toancanh.response.handling.kept import LocalVersion, Of

History = Mapping[str, tuple[LocalVersion, ...]]  # by code, in the order of writing
_COLUMNS = ("pk", "of", "code", "version", "definition", "valid_from", "made_by", "made_at")
_kept: tuple[object, Mapping[str, History]] | None = None


def history(of: Of) -> History:
    """Every version of every kind, or of every procedure, as the database has them now."""
    global _kept  # noqa: PLW0603 - one copy for the process
    newest = LocalVersion.objects.order_by("-pk").values_list(*_COLUMNS).first()
    if newest is None:
        return {}
    found = _kept
    if found is None or found[0] != newest:
        found = _kept = (newest, _read())
    return found[1].get(of, {})


def in_force(of: Of, at: datetime | None = None, on: date | None = None) -> dict[str, LocalVersion]:
    """The version of each code that holds: now, `on` a day to come, or as it was known and held `at` a moment that has passed."""
    day = on or timezone.localdate(at)
    found: dict[str, LocalVersion] = {}
    for code, rows in history(of).items():
        held = [row for row in rows if row.valid_from <= day and (at is None or row.made_at <= at)]
        if held:
            found[code] = held[-1]  # the last written: whoever wrote it also gave up what was planned for later days
    return found


def planned(of: Of, code: str, after: date | None = None) -> list[LocalVersion]:
    """The versions that are to hold from a day after `after` (None: today) on. One that was written later for the same or an
    earlier day has taken the place of those before it."""
    day, found = after or timezone.localdate(), list[LocalVersion]()
    for row in history(of).get(code, ()):
        found = [each for each in found if each.valid_from < row.valid_from] + [row]
    return [each for each in found if each.valid_from > day]


def _read() -> dict[str, History]:
    found: dict[str, dict[str, list[LocalVersion]]] = defaultdict(lambda: defaultdict(list))
    for row in LocalVersion.objects.order_by("pk"):
        found[row.of][row.code].append(row)
    return {of: {code: tuple(rows) for code, rows in codes.items()} for of, codes in found.items()}
