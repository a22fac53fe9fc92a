"""A half goes up, whatever the binary form of the number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toancanh.kernel.rounding import half_up, half_up_int


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [(109.5, 0, "110"), (2.5, 0, "3"), (0.125, 2, "0.13"), (2.675, 2, "2.68"), (1.005, 2, "1.01"), (-2.5, 0, "-3"), (7, 1, "7.0"),
     ("0.045", 2, "0.05"), (Decimal("1250"), -2, "1.3E+3"), (1e22, 2, "10000000000000000000000.00"), (0.0, 1, "0.0")],
)  # fmt: skip
def test_halves_go_away_from_zero(value: float, places: int, written: str) -> None:
    assert str(half_up(value, places)) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_not_a_number_is_not_rounded(value: float) -> None:
    with pytest.raises(ValueError, match="cannot round"):
        half_up(value)


def test_whole_numbers_come_as_int() -> None:
    assert half_up_int(59.5) == 60
    assert isinstance(half_up_int(59.5), int)
    for value in (0.49999999999999994, 0.5, 2.5, -2.5, -0.4, -0.5, 1e300, 4503599627370495.5, 109.49999999999999, 0.0):
        assert half_up_int(value) == int(half_up(value)), value


@given(st.decimals(-(10**12), 10**12, places=4), st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_step_at_most(value: Decimal, places: int) -> None:
    assert abs(half_up(value, places) - value) <= Decimal(1).scaleb(-places) / 2
