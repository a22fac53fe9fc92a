"""Half-up rounding, the only rounding a person sees: 2,5 is written 3, never 2 as binary half-even would give."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_DIGITS = 28
_EXACT = 1e15
_USUAL = Context(prec=_DIGITS)


def half_up(value: Decimal | float | int | str, places: int = 0) -> Decimal:
    """`value` rounded to `places` decimals (negative for tens, hundreds), halves away from zero.

    A float is taken by its shortest decimal text, so 0.125 at 2 places is 0.13 and 2.675 is 2.68 as written.
    ValueError for NaN and infinities.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"cannot round {value!r}")
        value = repr(value)
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"cannot round {number}")
    digits = number.adjusted() + places + 3
    return number.quantize(_step(places), ROUND_HALF_UP, _USUAL if digits <= _DIGITS else Context(prec=digits))


@lru_cache(maxsize=64)
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def half_up_int(value: Decimal | float | int | str) -> int:
    """`value` rounded half-up to a whole number."""
    if isinstance(value, float) and abs(value) < _EXACT:  # what lies behind its point is exact: no need of its decimal text
        size = abs(value)
        whole = math.floor(size)
        whole += size - whole >= 0.5
        return whole if value >= 0 else -whole
    return int(half_up(value))
