"""Which subject of the record carries a number ("SV-2611-00007"). The rooms that number their records register who knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Finder = Callable[[str], Iterable[str]]
_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Ask `finder` (a number in capitals) too, from now on; once, however often it is registered."""
    if finder not in _finders:
        _finders.append(finder)


def subjects_of(number: str) -> list[str]:
    """The subjects ("incident:7") of the records with this number; none for a number that nobody has given."""
    return [subject for finder in _finders for subject in finder(number)]
