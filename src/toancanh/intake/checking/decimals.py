"""Which decimal mark do the numbers of one delivery use? Told by the cells that can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMA_DECIMAL = re.compile(
    r"[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}|\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+)%?", re.ASCII
)
_POINT_DECIMAL = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|[1-9]\d{0,2}(?:,\d{3}){2,}|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+|\d{4,}\.\d+)%?", re.ASCII
)


def decimal_mark(values: Iterable[object]) -> str | None:
    """"," or "." when the sure cells agree, None when there are none or they contradict each other."""
    votes: set[str] = set()
    for value in values:
        if not isinstance(value, str):
            continue
        text = value.strip()
        if _COMMA_DECIMAL.fullmatch(text):
            votes.add(",")
        elif _POINT_DECIMAL.fullmatch(text):
            votes.add(".")
        if len(votes) == 2:
            return None
    return votes.pop() if votes else None
