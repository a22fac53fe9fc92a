"""Which decimal mark do the numbers of one delivery use? Told by the cells that can be read in one way only.

Works on the distinct texts of whole columns joined into one: a regular expression goes through a hundred thousand cells in a few
milliseconds, and a text that comes again costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_SURE = {
    ",": re.compile(
        r"^[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}|\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+)%?$",
        re.ASCII | re.MULTILINE
    ),
    ".": re.compile(
        r"^[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|[1-9]\d{0,2}(?:,\d{3}){2,}|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+)%?$",
        re.ASCII | re.MULTILINE
    ),
}
# Possessive throughout: a column of megabytes is matched without a way back to remember.
_PLAIN = {
    None: re.compile(r"(?:-?\d{1,15}+\n)++", re.ASCII),
    ".": re.compile(r"(?:-?\d{1,15}+(?:\.\d{1,17}+)?+(?:[eE][+-]?\d{1,2}+)?+\n)++", re.ASCII),
    ",": re.compile(r"(?:-?\d{1,15}+(?:,\d{1,17}+)?+\n)++", re.ASCII),
}


def decimal_mark(values: Collection[str]) -> str | None:
    """"," or "." when the sure cells agree, None when there are none or they contradict each other."""
    text = "\n".join(map(str.strip, values))
    marks = [mark for mark, pattern in _SURE.items() if pattern.search(text)]
    return marks[0] if len(marks) == 1 else None


def plain_texts(distinct: Collection[str], decimal: str | None) -> dict[str, float | None] | None:
    """What each of the texts of a column states, when all are plain numbers in `decimal` (or empty); None when one of them is
    anything else."""
    known = list(filter(None, distinct))
    text = "\n".join(known) + "\n"
    if known and (text.count("\n") != len(known) or not _PLAIN[decimal].fullmatch(text)):
        return None
    if decimal == ",":
        return {value: float(value.replace(",", ".")) if value else None for value in distinct}
    return {value: float(value) if value else None for value in distinct}
