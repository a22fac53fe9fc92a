"""Where an incident is: the communes round it drawn on the server, the place marked, others of the same kind beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toancanh.kernel.text import Text
from toancanh.response.models import Incident
from toancanh.response.pages.incident_words import severity
from toancanh.ui.charts.map import Projection, projection
from toancanh.ui.language import t, tx
from toancanh.ui.parts import MapLabel, MapMark, MapShape, MapView
from toancanh.units import queries as units

if TYPE_CHECKING:
    from toancanh.units.boundaries import Extent
    from toancanh.units.maps import MapShapes
    from toancanh.units.models import Unit

NEAR = 0.42  # of the whole map is shown round the place
BELOW = 0.08  # of the height: the name of the place stands below its mark


@dataclass(frozen=True, slots=True)
class _Ground:
    plane: Projection
    paths: tuple[tuple[str, Text, str, tuple[float, float]], ...]
    outline: str
    illustrative: bool


_kept: tuple[MapShapes, _Ground] | None = None


def incident_map(incident: Incident, others: Sequence[Incident] = ()) -> MapView | None:
    """The map round the place of an incident; None when the place cannot be drawn."""
    root = units.root()
    ground, served = _ground(root), units.extent(root)
    at = _point(ground, served, incident) if ground else None
    if ground is None or at is None:
        return None
    x, y, width, height = ground.plane.box
    whole = at[2]
    share = 1.0 if whole else NEAR
    wide, tall = width * share, height * share
    box = (x, y, width, height) if whole else (at[0] - wide / 2, at[1] - tall / 2, wide, tall)
    own = incident.unit.key if incident.unit else ""
    mark = MapMark(at[0], at[1], severity(incident).kind, "●", tx(incident.heading), ring=incident.severity == "urgent")
    marks = [] if whole else [mark]
    for number, each in enumerate(others, 1):
        spot = _position(ground, served, each)
        if spot is not None:
            marks.insert(0, MapMark(spot[0], spot[1], "none", str(number), tx(each.heading)))
    named = [each for each in ground.paths if _within(each[3], box) and (each[0] == own or not whole)][:5]
    return MapView(
        title=t("Nơi xảy ra", "Where"), box=box,
        shapes=tuple(
            MapShape(id=key, d=path, bucket=2 if key == own else 1, title=tx(name)) for key, name, path, _ in ground.paths if path
        ),
        labels=tuple(MapLabel(spot[0], spot[1] + (tall * BELOW if key == own else 0), tx(name)) for key, name, _, spot in named),
        marks=tuple(marks), outline=ground.outline,
        note=t("Ranh giới minh họa", "Illustrative boundaries") if ground.illustrative else "",
    )  # fmt: skip


def _ground(root: Unit) -> _Ground | None:
    """The communes of `root` as drawn; kept while their shapes are the same."""
    global _kept  # noqa: PLW0603 - one drawing for the process
    shapes = units.map_shapes(root)
    if _kept is None or _kept[0] is not shapes:
        corners = [point for each in shapes.shapes for ring in each.rings for point in ring]
        if not corners:
            return None
        plane = projection(corners)
        paths = tuple((each.unit_key, each.name, plane.path(each.rings), plane.at(*each.label)) for each in shapes.shapes)
        _kept = (shapes, _Ground(plane, paths, plane.path(shapes.outline), shapes.illustrative))
    return _kept[1]


def _position(ground: _Ground, served: Extent, incident: Incident) -> tuple[float, float] | None:
    """Where on the drawing a position within the place that is `served` lies."""
    if incident.lat is None or incident.lon is None or not served.holds(incident.lat, incident.lon):
        return None
    return ground.plane.at(incident.lon, incident.lat)


def _point(ground: _Ground, served: Extent, incident: Incident) -> tuple[float, float, bool] | None:
    """Where on the drawing, and whether only the whole place is known."""
    at = _position(ground, served, incident)
    if at is not None:
        return *at, False
    key = incident.unit.key if incident.unit else ""
    spot = next((at for unit, _, _, at in ground.paths if unit == key), None)
    if spot is not None:
        return *spot, False
    x, y, width, height = ground.plane.box
    return x + width / 2, y + height / 2, True


def _within(spot: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    return box[0] < spot[0] < box[0] + box[2] and box[1] < spot[1] < box[1] + box[3]
