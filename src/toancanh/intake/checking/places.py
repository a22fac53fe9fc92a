"""Areas and agencies named by senders, resolved on the date of their row. One instance per check; every answer is remembered."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from difflib import get_close_matches

from toancanh.intake.checking.refused import Refused, unknown_unit
from toancanh.kernel.contracts import Level
from toancanh.units import queries as units
from toancanh.units.resolver import Resolution, squeezed

NEAREST = 3
MOST_GUESSES = 100  # of one check: each looks through all names


class Places:
    """Resolves texts to unit keys. A text that means nothing on the row's date is tried on today's map: history is often re-sent
    so."""

    def __init__(self, today: date, agencies: bool) -> None:
        self.today = today
        self.agencies = agencies
        self.guesses = 0
        self.resolver = units.resolver(on=today, level=Level.AGENCY if agencies else None)
        self.register = self.resolver.index.register
        self.breaks = sorted(
            {entry.valid_from for entry in self.register.entries.values() if not agencies or entry.level is Level.AGENCY}
        )

    def era(self, day: date) -> date:
        """The last day at or before `day` on which a unit began: two days of one era have the same map."""
        place = bisect_right(self.breaks, day)
        return self.breaks[place - 1] if place else date.min

    def find(self, text: str, day: date) -> str | Refused:
        """The key of the unit that `text` names on `day`."""
        found = self.resolver.resolve(text, day)
        if found.key is None:
            found = self._now(text, day) or found
        key = found.key or self._only_area(found.candidates)
        if key is not None and (self.agencies or self.register.by_key[key].level is not Level.AGENCY):
            return key
        self.guesses += 1
        nearest = nearest_names(self, text) if self.guesses <= MOST_GUESSES else ()
        return unknown_unit(text, nearest, found.reason, self.agencies)

    def _now(self, text: str, day: date) -> Resolution | None:
        again = self.resolver.resolve(text, self.today) if day != self.today else None
        return again if again is not None and again.key is not None else None

    def _only_area(self, candidates: tuple[str, ...]) -> str | None:
        """The one candidate that is a place: a ward and its own committee bear one name."""
        if self.agencies:
            return None
        areas = [key for key in candidates if self.register.by_key[key].level is not Level.AGENCY]
        return areas[0] if len(areas) == 1 and len(candidates) > 1 else None


def nearest_names(places: Places, text: str) -> tuple[str, ...]:
    """Up to three names of units spelt much like `text`, those of the centre's own place first."""
    wanted = squeezed(text)
    if not 2 <= len(wanted) <= 40:
        return ()
    register = places.register
    home = register.territory(places.resolver.home) if places.resolver.home is not None else frozenset()
    names: dict[str, str] = {}
    for form, entries in places.resolver.index.names.items():
        for entry in entries:
            if entry.id in home and abs(len(form) - len(wanted)) <= 2 and entry.valid_to is None and (
                (entry.level is Level.AGENCY) == places.agencies
            ):
                names.setdefault(form, entry.full_name)
    return tuple(dict.fromkeys(names[form] for form in get_close_matches(wanted, names, NEAREST, 0.75)))
