"""Which commune does an address mean? Ward, district and province as people wrote them between 2019 and today.

An address is matched to the unit of the 2024 register (three levels) or, without a district, of today's (two levels). Wards and
districts that had been merged before then are found through the names that the register remembers as absorbed. A doubtful match
is no match.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.utils import timezone

from toancanh.kernel.contracts import Level
from toancanh.kernel.vietnamese import normalise_tone, unit_name_key
from toancanh.units import register
from toancanh.units.loading.records import FIRST_DAY_OF_34, LAST_DAY_OF_63
from toancanh.units.models import Unit, plain
from toancanh.units.register import Entry, Register
from toancanh.units.resolver import marks_agree

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5"}
_FARM = re.compile(r"\bn\.? ?t\.?\b")


@dataclass(frozen=True, slots=True)
class Match:
    """The commune meant. `how`: "name", "spelling" (marks or kind differ), "absorbed" (a unit merged into it), "" (no match)."""

    key: str | None
    how: str = ""
    district: str | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A unit with the forms it is compared in."""

    entry: Entry
    exact: str  # lower case, one tone placement
    full: str  # folded, with its kind, no spaces
    name: str  # folded, without its kind, no spaces
    absorbed: frozenset[str]


@dataclass(slots=True)
class AddressBook:
    """The places of one time: provinces, the districts of each, the communes of each district (or province)."""

    provinces: list[Place] = field(default_factory=list)
    below: dict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def match(self, ward: str, district: str, province: str) -> Match:
        """The commune that the three texts name; an empty `district` looks straight under the province."""
        found = self._province(province)
        if found is None:
            return Match(None)
        if not district.strip():
            return self._ward(ward, [found], found)
        own, taking = self._districts(district, found)
        matched = self._ward(ward, own, found)
        return matched if matched.key or not taking else self._ward(ward, taking, found)

    def _province(self, text: str) -> Place | None:
        form = squeezed(text)
        found = [each for each in self.provinces if form == each.name or form in each.absorbed]
        return found[0] if len(found) == 1 else None

    def _districts(self, text: str, province: Place) -> tuple[list[Place], list[Place]]:
        """Districts of that name, and districts that took in (parts of) one of that name."""
        full, name = forms(text)
        inside = self.below[province.entry.id]
        own = [each for each in inside if each.full == full] or [each for each in inside if each.name == name]
        taking = [each for each in inside if each not in own and (full in each.absorbed or name in each.absorbed)]
        return own, taking

    def _ward(self, text: str, districts: list[Place], province: Place) -> Match:
        inside = [each for district in districts for each in self.below[district.entry.id] if each.entry.level is Level.COMMUNE]
        for how, test in _tests(text):
            found = [each for each in inside if test(each)]
            if len(found) == 1:
                return Match(found[0].entry.key, how, districts_of(found[0], districts), province.entry.key)
        return Match(None, "", districts[0].entry.key if len(districts) == 1 else None, province.entry.key)


def districts_of(place: Place, districts: list[Place]) -> str | None:
    """The key of the district among `districts` that `place` is in."""
    return next((each.entry.key for each in districts if each.entry.id == place.entry.parent), None)


Test = Callable[[Place], bool]


def _tests(text: str) -> list[tuple[str, Test]]:
    """From the surest to the least sure; a test that several communes pass decides nothing."""
    exact = normalise_tone(text).lower().strip()
    full, name = forms(text)

    def agrees(each: Place) -> bool:
        return marks_agree(text, each.entry.full_name) is not False

    return [
        ("name", lambda each: each.exact == exact),
        ("name", lambda each: each.full == full and agrees(each)),
        ("absorbed", lambda each: full in each.absorbed),
        ("spelling", lambda each: each.full == full),
        ("spelling", lambda each: each.name == name and marks_agree(unit_words(text), each.entry.name) is not False),
        ("spelling", lambda each: each.name == name),
        ("absorbed", lambda each: name in each.absorbed),
        ("spelling", lambda each: each.full.replace("y", "i") == full.replace("y", "i")),
    ]


def unit_words(text: str) -> str:
    """The last words of a typed name, as many as its own name has, with their marks."""
    return " ".join(text.split()[-len(unit_name_key(text).split()) :])


def squeezed(text: str) -> str:
    """A name without its kind, folded, no spaces; a last Roman numeral as a number."""
    words = unit_name_key(_FARM.sub("nông trường", text.lower()) if _FARM.search(text.lower()) else text).split()
    if len(words) > 1:
        words[-1] = _ROMAN.get(words[-1], words[-1])
    return "".join(words)


def forms(text: str) -> tuple[str, str]:
    """(with its kind, without it): folded, no spaces, numbers without leading zeros."""
    name = squeezed(text)
    bare = plain(text).replace(" ", "")
    kind = next((each for each in _KINDS if bare.startswith(each) and bare != each), "")
    return kind + name, name


_KINDS = ("thanhpho", "thixa", "thitran", "phuong", "huyen", "quan", "xa", "dackhu", "tinh")


def match(ward: str, district: str, province: str, on: date | None = None) -> Match:
    """The commune that an address means. With a district: of the 2024 register; else of the day `on` (default: today).

    Successors of an old commune are found through the changes of units, not here.
    """
    day = LAST_DAY_OF_63 if district.strip() else on or timezone.localdate()
    return book(day).match(ward, district, province)


def book(on: date) -> AddressBook:
    """The address book of a day; the two registers' books are kept in memory."""
    return _book(register.current(), LAST_DAY_OF_63 if on < FIRST_DAY_OF_34 else FIRST_DAY_OF_34)


_kept: dict[date, tuple[Register, AddressBook]] = {}


def _book(known: Register, day: date) -> AddressBook:
    if day not in _kept or _kept[day][0] is not known:
        _kept[day] = (known, _made(known.entries.values(), day))
    return _kept[day][1]


def _made(entries: Iterable[Entry], day: date) -> AddressBook:
    absorbed = dict(Unit.objects.exclude(absorbed=[]).values_list("id", "absorbed"))
    made = AddressBook()
    for entry in entries:
        if entry.level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE) and entry.valid_on(day):
            place = _place(entry, absorbed.get(entry.id, ()))
            if entry.level is Level.PROVINCE:
                made.provinces.append(place)
            elif entry.parent is not None:
                made.below[entry.parent].append(place)
    return made


def _place(entry: Entry, absorbed: Iterable[str]) -> Place:
    full, name = forms(entry.full_name)
    others = {squeezed(each) for each in entry.aliases} if entry.level is Level.PROVINCE else set()
    return Place(entry, normalise_tone(entry.full_name).lower(), full, name, frozenset({*absorbed, *others}))


squeezed = cache(squeezed)
