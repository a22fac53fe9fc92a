"""Geometry of the long line: a plot of 1000 x 400 units stretched to its frame, and marks placed in per cent.

Words and dots are placed in per cent of the frame, so they keep their size and shape at every width; only the lines stretch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from toancanh.ui.charts.scales import Points, Scale, path, present, ticks
from toancanh.ui.formats import number
from toancanh.ui.parts import LineSeries, LineView

WIDTH, HEIGHT = 1000, 400
_MOST_GRID_LINES = 5
_LABEL_GAP = 10.0
_BESIDE = 96.0
_ROOM = 60.0
_LOWEST_LABEL = 97.0  # half a line above the words of the axis
_PHONE_CHARACTER, _PHONE_GAP = 3.2, 3.0  # per cent of the plot's width on a phone


@dataclass(frozen=True, slots=True)
class Tick:
    """A word on an axis at `at` per cent of its length, how it is anchored ("start", "middle", "end"), and whether a phone has no
    room for it."""

    at: float
    word: str
    anchor: str = "middle"
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn series: role, path, path of the provisional tail."""

    role: str
    d: str
    tail: str


@dataclass(frozen=True, slots=True)
class EndLabel:
    """The direct label at the end of a line: `x`, `y` per cent of the frame, moved apart from its neighbours.
    `inside` when the line ends well before the right edge, so that the label stands in the plot and not beside it."""

    role: str
    x: float
    y: float
    inside: bool
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Dot:
    """The last known value of this year's line, in per cent of the frame."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MadeMark:
    """The shape on a value that was put on today's map, in per cent of the frame; `how` chooses the shape, `form` is its path."""

    x: float
    y: float
    role: str
    how: str
    form: str


@dataclass(frozen=True, slots=True)
class LineDrawing:
    """All that the template prints. `grid` are heights in plot units; `cut` is true when the axis does not start at zero.

    `made` are the marks of re-based values, `made_keys` their shapes with the words."""

    strokes: tuple[Stroke, ...]
    grid: tuple[float, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    ends: tuple[EndLabel, ...]
    breaks: tuple[Tick, ...]
    dot: Dot | None
    cut: bool
    made: tuple[MadeMark, ...] = ()
    made_keys: tuple[tuple[str, str], ...] = ()


FORMS = {
    "exact": "M3.5 0A3.5 3.5 0 1 1-3.5 0A3.5 3.5 0 1 1 3.5 0Z",
    "weighted": "M-3.2-3.2H3.2V3.2H-3.2Z",
    "estimated": "M0-4.2L4 3H-4Z",
}


def draw(view: LineView) -> LineDrawing:
    """The drawing of `view`; without a single value there is only an empty frame."""
    values = present(*(s.points for s in view.series))
    if not values:
        return LineDrawing((), (), (), _x_ticks(view.periods), (), (), None, False)
    marks = ticks(0.0 if view.from_zero else min(values), max(values), _MOST_GRID_LINES)
    across = Scale(0, max(len(view.periods) - 1, 1), 0, WIDTH)
    up = Scale(marks[0], marks[-1], HEIGHT, 0)
    return LineDrawing(
        strokes=tuple(_stroke(s, across, up) for s in view.series),
        grid=tuple(up.at(m) for m in marks),
        y_ticks=tuple(Tick(_share(up.at(m), HEIGHT), number(m)) for m in marks),
        x_ticks=_x_ticks(view.periods),
        ends=_ends(view, up),
        breaks=tuple(_break(_share(across.at(i - 0.5), WIDTH), word) for i, word in view.breaks),
        dot=_dot(view, across, up),
        cut=marks[0] != 0,
        made_keys=tuple((FORMS[how], word) for how, word in view.made_words),
        made=tuple(mark for each in view.series for mark in _made(each, across, up)),
    )


def explorer(view: LineView) -> dict[str, object]:
    """What the explorable chart in the browser reads; points are plain numbers and None."""
    words = dict(view.made_words)
    return {
        "periods": view.periods,
        "series": [
            {
                "role": s.role,
                "name": s.name,
                "points": [None if v is None else float(v) for v in s.points],
                "provisional": s.provisional,
                "made": [words.get(how, "") for how in s.made],
            }
            for s in view.series
        ],
        "breaks": view.breaks,
        "unit": view.unit_text,
        "places": view.places,
        "fromZero": view.from_zero,
    }


def _break(at: float, word: str) -> Tick:
    """Beside the line, on the side that has room for the words."""
    return Tick(at, word, "start" if at <= _ROOM else "end")


def _made(series: LineSeries, across: Scale, up: Scale) -> Iterator[MadeMark]:
    for index, (how, value) in enumerate(zip(series.made, series.points, strict=False)):
        if how and value is not None:
            x, y = _share(across.at(index), WIDTH), _share(up.at(value), HEIGHT)
            yield MadeMark(x, y, series.role, how, FORMS[how])


def _stroke(series: LineSeries, across: Scale, up: Scale) -> Stroke:
    places = [None if v is None else (across.at(i), up.at(v)) for i, v in enumerate(series.points)]
    if not series.provisional:
        return Stroke(series.role, path(places), "")
    known = [i for i, v in enumerate(series.points) if v is not None]
    firm = known[-series.provisional] if len(known) >= series.provisional else 0
    before = [i for i in known if i < firm]
    tail = places[before[-1] if before else firm :]
    return Stroke(series.role, path(places[:firm]), path(tail))


def _ends(view: LineView, up: Scale) -> tuple[EndLabel, ...]:
    labels = [_end(s, view, up) for s in view.series if _last(s.points)]
    out = []
    for inside in (False, True):
        placed = sorted((e for e in labels if e.inside is inside), key=lambda e: e.y)
        out += [replace(e, y=y) for y, e in zip(_spread([e.y for e in placed]), placed, strict=True)]
    return tuple(out)


def _end(series: LineSeries, view: LineView, up: Scale) -> EndLabel:
    index, value = _last(series.points) or (0, 0.0)
    x = _share(index, max(len(view.periods) - 1, 1))
    return EndLabel(series.role, x, _share(up.at(value), HEIGHT), x < _BESIDE, series.name, number(value, view.places))


def _spread(heights: list[float]) -> list[float]:
    """Heights in rising order, moved apart to at least the label gap, kept inside the frame from below."""
    out: list[float] = []
    for height in heights:
        out.append(max(height, out[-1] + _LABEL_GAP) if out else height)
    limit = _LOWEST_LABEL
    for i in range(len(out) - 1, -1, -1):
        out[i] = round(min(out[i], limit), 1)
        limit = out[i] - _LABEL_GAP
    return out


def _last(points: Points) -> tuple[int, float] | None:
    return next(((i, v) for i, v in reversed(list(enumerate(points))) if v is not None), None)


def _dot(view: LineView, across: Scale, up: Scale) -> Dot | None:
    own = next((s for s in view.series if s.role == "this"), None)
    last = _last(own.points) if own else None
    return Dot(_share(across.at(last[0]), WIDTH), _share(up.at(last[1]), HEIGHT)) if last else None


def _x_ticks(periods: tuple[str, ...], most: int = 6) -> tuple[Tick, ...]:
    """At most `most` words, evenly spaced, each under its point but for the first period, whose word begins there, beside the
    other axis; the last one always. Every second one of those that would run together on a phone is spare."""
    count = len(periods)
    if not count:
        return ()
    last = max(count - 1, 1)
    step = max(1, -(-(count - 1) // (most - 1)))
    at = list(range(count - 1, -1, -step))[::-1]
    word = _PHONE_CHARACTER * max(len(periods[i]) for i in at)
    tight = _share(step, last) < word * (1 if at[0] else 1.5) + _PHONE_GAP
    spare = {i for i in at if tight and (count - 1 - i) // step % 2}
    return tuple(Tick(_share(i, last), periods[i], "middle" if i or count == 1 else "start", i in spare) for i in at)


def _share(place: float, whole: float) -> float:
    return round(100 * place / whole, 2)
