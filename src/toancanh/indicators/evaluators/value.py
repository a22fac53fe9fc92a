"""What an evaluator hands over: a value with everything a cell says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from toancanh.indicators.evaluators.ledger import Found
from toancanh.kernel.measures import Outcome, Reported

AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell will hold.

    `through` is how far the data reach (naive Viet Nam time; None: no further than was known). `have` of `want` parts are in.
    `found` is what a reported value was made of. An outcome without a value says that there is none any more.
    """

    outcome: Outcome
    status: str = AUTOMATIC
    through: datetime | None = None
    seq: int = 0
    method: str = ""
    have: int | None = None
    want: int | None = None
    target: float | None = None
    found: tuple[tuple[Reported, Found], ...] = ()
    quiet: bool = False  # a zero of little interest: it corrects a cell that exists but makes no new one
    at_first: datetime | None = None  # what `through` is where nothing was known yet


NOTHING = Value(Outcome(None))
