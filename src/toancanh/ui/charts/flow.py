"""Geometry of in-and-out by day: bars from zero and a line over them, in a plot of 1000 x 400 units."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.ui.charts.line import HEIGHT, WIDTH, Dot, Tick
from toancanh.ui.charts.scales import Scale, path, present, ticks
from toancanh.ui.formats import number
from toancanh.ui.parts import FlowView


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in plot units; `open` is the unfinished day."""

    x: float
    y: float
    width: float
    height: float
    open: bool


@dataclass(frozen=True, slots=True)
class FlowDrawing:
    """Bars, line, dots in per cent, grid lines in plot units and axis words in per cent."""

    bars: tuple[Bar, ...]
    line: str
    dots: tuple[Dot, ...]
    grid: tuple[float, ...]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]


def draw(view: FlowView) -> FlowDrawing:
    """The drawing of `view`: three grid lines above zero at most, a word for the first, a middle and the last day."""
    count = max(len(view.days), 1)
    marks = ticks(0.0, max(present(view.received, view.settled), default=1.0), 4)
    up = Scale(0, marks[-1], HEIGHT, 0)
    slot = WIDTH / count
    middles = [(i + 0.5) * slot for i in range(count)]
    places = [None if v is None else (round(x, 1), up.at(v)) for x, v in zip(middles, view.settled, strict=False)]
    return FlowDrawing(
        bars=tuple(
            Bar(round(x - slot * 0.39, 1), up.at(v), round(slot * 0.78, 1), round(HEIGHT - up.at(v), 1), _open(view, i))
            for i, (x, v) in enumerate(zip(middles, view.received, strict=False))
            if v is not None
        ),
        line=path(places),
        dots=tuple(Dot(round(p[0] * 100 / WIDTH, 2), round(p[1] * 100 / HEIGHT, 2)) for p in places if p),
        grid=tuple(up.at(m) for m in marks[1:]),
        y_ticks=tuple(Tick(round(up.at(m) * 100 / HEIGHT, 2), number(m)) for m in marks[1:]),
        x_ticks=_words(view.days, middles),
    )


def _open(view: FlowView, index: int) -> bool:
    return view.open_day and index == len(view.days) - 1


def _words(days: tuple[str, ...], middles: list[float]) -> tuple[Tick, ...]:
    if not days:
        return ()
    last = len(days) - 1
    at = sorted({0, (last + 1) // 2 if last > 3 else 0, last})
    anchors = {0: "start", last: "end"}
    return tuple(
        Tick(0.0 if i == 0 else 100.0 if i == last else round(middles[i] * 100 / WIDTH, 2), days[i], anchors.get(i, "middle"))
        for i in at
    )
