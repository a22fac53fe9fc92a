"""Where an incident is said to be, in degrees: inside the place that the centre serves, or a person is refused with words. An
emergency and what another system sends (nobody there reads the refusal) are taken all the same, and what is outside says so."""

from __future__ import annotations

from decimal import Decimal

from toancanh.kernel.rounding import half_up
from toancanh.kernel.text import Text
from toancanh.units import queries as units

EMERGENCY_ORIGINS = frozenset({"call"})  # 112-115 and 1022 by telephone: nobody is turned away for a wrong position
OUTSIDE = Text("Vị trí ngoài địa bàn", "Position outside the area")


def mistake(lat: float | None, lon: float | None, *, anywhere: bool) -> Text | None:
    """Why this position cannot be taken, None when it can. A position that is none is refused even `anywhere`."""
    if lat is None and lon is None:
        return None
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        said = Text("Tọa độ gồm vĩ độ và kinh độ, tính bằng độ.", "A position is latitude and longitude in degrees.")
        return _swapped(said, lat, lon)
    if anywhere or not outside(lat, lon):
        return None
    root, box = units.root(), units.extent(units.root())
    south, north, west, east = (half_up(each, 1) for each in (box.south, box.north, box.west, box.east))
    here = (half_up(lat, 4), half_up(lon, 4))
    said = Text(
        f"Vị trí {_vi(*here)} nằm ngoài địa bàn {root.title.vi} (vĩ độ {_vi(south)} đến {_vi(north)}, kinh độ {_vi(west)} đến "
        f"{_vi(east)}). Kiểm tra lại tọa độ, hoặc để trống và ghi địa chỉ.",
        f"The position {_en(*here)} is outside {root.title.en} (latitude {south} to {north}, longitude {west} to {east}). "
        "Check the position, or leave it empty and give the address.",
    )
    return _swapped(said, lat, lon)


def outside(lat: float | None, lon: float | None) -> bool:
    """Whether a known position lies outside the centre's place."""
    return lat is not None and lon is not None and not units.extent(units.root()).holds(lat, lon)


def _swapped(said: Text, lat: float | None, lon: float | None) -> Text:
    if lat is None or lon is None or outside(lon, lat):
        return said
    return Text(
        f"{said.vi} Có thể vĩ độ và kinh độ bị đổi chỗ.", f"{said.en} Latitude and longitude may have changed places."
    )


def _vi(*numbers: Decimal) -> str:
    return "; ".join(str(each).replace(".", ",") for each in numbers)


def _en(*numbers: Decimal) -> str:
    return ", ".join(map(str, numbers))
