"""What a column of a dataset may hold, and how it is recognised in the files that agencies send."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toancanh.kernel.text import Text


class Kind(StrEnum):
    """What kind of value a field holds."""

    CODE = "code"  # a short identifier, kept as text
    TEXT = "text"
    TIME = "time"  # a moment; naive input is Vietnamese time
    DAY = "day"
    NUMBER = "number"
    AREA = "area"  # a code or a name of an administrative area
    AGENCY = "agency"
    PERIOD = "period"  # "2026-10", "Quý III/2026" ...
    CHOICE = "choice"
    ITEM = "item"  # which figure of a `Figures` dataset this row states


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value: the stored code, its words, and other spellings that senders use."""

    code: str
    title: Text
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldType:
    """A kind, with its choices where the kind has some."""

    kind: Kind
    choices: tuple[Choice, ...] = ()


CODE = FieldType(Kind.CODE)
TEXT = FieldType(Kind.TEXT)
TIME = FieldType(Kind.TIME)
DAY = FieldType(Kind.DAY)
NUMBER = FieldType(Kind.NUMBER)
AREA = FieldType(Kind.AREA)
AGENCY = FieldType(Kind.AGENCY)
PERIOD = FieldType(Kind.PERIOD)


def one_of(*choices: Choice) -> FieldType:
    """A field that holds one of `choices`."""
    return FieldType(Kind.CHOICE, choices)


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `low`/`high` bound a number; `headers` are other column names that senders use; `future` allows later times."""

    name: str
    type: FieldType
    title: Text
    required: bool = True
    low: float | None = None
    high: float | None = None
    headers: tuple[str, ...] = ()
    personal: bool = False
    future: bool = False
