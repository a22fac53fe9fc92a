"""What became of an alert in rooms above this one. They register who tells it; the page of an alert shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from toancanh.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """Work that an alert led to: its name and page, how it stands, and who did what last. In the language of the request."""

    title: str
    href: str
    state: str
    last: str = ""


Teller = Callable[[Actor, int], list[Outcome]]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Ask `teller` (actor, number of the alert) too, from now on; once, however often it is registered."""
    if teller not in _tellers:
        _tellers.append(teller)


def of_alert(actor: Actor, alert: int) -> list[Outcome]:
    """The work that came of an alert, of what `actor` may see."""
    return [each for teller in _tellers for each in teller(actor, alert)]
