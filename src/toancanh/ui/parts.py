"""What the screen parts are made of: one frozen view per part, words already in the reader's language.

A room builds views and its template prints them with `{{ part(view) }}`; the macro is found by the view's class.
Every part has a `state`:

    ready | loading | empty | stale | partial | provisional | revised | missing | error | denied

`message` replaces the standard words of that state (say what happened and what to do); `action` is the one thing to do.
`key` is the live key: when the stream says it changed, the browser asks `live_href` again (any page that prints the same
part with the same key; "" means the page itself) and swaps just this part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ready", "loading", "empty", "stale", "partial", "provisional", "revised", "missing", "error", "denied"]
STATES: tuple[State, ...] = (
    "ready", "loading", "empty", "stale", "partial", "provisional", "revised", "missing", "error", "denied",
)
Kind = Literal["ok", "warn", "bad", "urgent", "info", "none"]
KINDS: tuple[Kind, ...] = ("ok", "warn", "bad", "urgent", "info", "none")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere. `post=True` makes it a button in a small form (an act, not a place)."""

    label: str
    href: str
    post: bool = False
    drawer: bool = False


@dataclass(frozen=True, slots=True)
class StatusView:
    """Shape + colour + word. An empty word prints the shape alone and `spoken` is what a screen reader says."""

    kind: Kind
    word: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class ChipView:
    """A small rounded label. Kind "sample" is the dashed one of sample data."""

    kind: Kind | Literal["sample", "plain"]
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every part shares; see the module's words."""

    state: State = "ready"
    message: str = ""
    action: Link | None = None
    key: str = ""
    live_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkView:
    """A line without axes. `points` oldest first, None where a period is missing (a gap, never joined).
    `before` is the same length for last year; the last `provisional` points are dashed."""

    points: tuple[float | None, ...]
    before: tuple[float | None, ...] = ()
    target: float | None = None
    provisional: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletView:
    """How far to the target: bar to `value`, gold mark at `target`, notch at `before` (last year). All in the same unit;
    the track runs from 0 to `top` (worked out when None). `spoken` is the sentence for a screen reader."""

    value: float | None
    target: float | None = None
    before: float | None = None
    top: float | None = None
    kind: Kind = "none"
    spoken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView(Part):
    """One figure with all that keeps it company. Prints as a card; `part(view, "wall")` prints the wall tile.

    value_text "63,5", unit_text "%", quality_text "Chính thức · 31/10", target_text "Kế hoạch 75%",
    made_text "quy đổi: chính xác" of a figure that was put on another day's map,
    change_text "▲ 5,4 điểm % so cùng kỳ" (the wall breaks it after change_text into change_note),
    caption_text the wall's last line, field_text and field_icon the wall's first line.
    href drills to the indicator; proof_href opens "Chứng minh số này". `worst` keeps the tile on a single 16:9 wall
    (mark four); `short_title` is the wall's title, at most some 24 letters."""

    title: str
    href: str = ""
    value_text: str = "–"
    unit_text: str = ""
    status: StatusView
    quality_text: str = ""
    spark: SparkView | None = None
    bullet: BulletView | None = None
    target_text: str = ""
    made_text: str = ""
    change_text: str = ""
    change_note: str = ""
    caption_text: str = ""
    field_text: str = ""
    field_icon: str = ""
    proof_href: str = ""
    worst: bool = False
    short_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView(Part):
    """A matter that needs somebody's decision now: chip, sentence, one line of detail and the act (`action`)."""

    kind: Kind
    chip: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: `amount` is any unit; `word` "28 đạt"."""

    kind: Kind
    amount: float
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentView(Part):
    """One stacked bar with its words below, at most five shares."""

    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShape:
    """One area. `bucket` 1 to 5 from low to high, 0 = no data (hatched); `scale` of the map says which ramp."""

    id: str
    d: str
    bucket: int
    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name on the map at (x, y) of the view box; three to five a map. `always`: of the land itself, hidden from nobody."""

    x: float
    y: float
    word: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class MapMark:
    """A thing at a place: shape by kind, `word` the row number of the list beside the map, `ring` the newest urgent one."""

    x: float
    y: float
    kind: Kind
    word: str
    title: str = ""
    ring: bool = False
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView(Part):
    """Where. `box` is the SVG view box (x, y, width, height) that paths, labels and marks live in.
    `scale` "seq" (rates), "div" (against a target) or "bands" (named bands whose official `colours` stand for buckets 1, 2 ...).
    `legend` has the words of buckets from the lowest; `hatch_text` those of no data ("" leaves the line out).
    `note` is printed under the legend ("Ranh giới minh họa")."""

    title: str
    subtitle: str = ""
    box: tuple[float, float, float, float]
    shapes: tuple[MapShape, ...]
    labels: tuple[MapLabel, ...] = ()
    marks: tuple[MapMark, ...] = ()
    outline: str = ""
    scale: Literal["seq", "div", "bands"] = "seq"
    colours: tuple[str, ...] = ()
    legend: tuple[str, ...] = ()
    hatch_text: str = ""
    note: str = ""
    head_level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingRow:
    """A place or agency: name, figures in the order of the columns, and its bar (0 to 1 of the track). `proofs` are the addresses
    of the figures' proofs in the same order; "" has none. `note` is small print under the name."""

    name: str
    note: str = ""
    href: str = ""
    figures: tuple[str, ...]
    share: float | None
    kind: Kind = "none"
    proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingView(Part):
    """Who is worst or best: sorted rows with bars that start at 0; `target` 0 to 1 draws the gold line."""

    title: str
    more: Link | None = None
    name_column: str
    columns: tuple[str, ...]
    bar_column: str
    rows: tuple[RankingRow, ...]
    target: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSeries:
    """One line. `role` decides the look: this (bold), before (thin grey), target (gold dots), forecast (dashed).

    `made`: for each point "" or how it was put on today's map (exact: circle, weighted: square, estimated: triangle); () when
    none was."""

    role: Literal["this", "before", "target", "forecast"]
    name: str
    points: tuple[float | None, ...]
    provisional: int = 0
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView(Part):
    """A trend. `periods` names every point of the axis ("10/2026"); all series have that length.
    `answer` is the sentence under the title; `spoken` describes the chart; `breaks` are indices before which a
    break line is drawn with its words (a merger, a new method); `notes` explain them below. `made_words` name the marks of
    re-based values by method. `explore` offers the chart that is explored point by
    point and saved as PNG; `file_name` is the name of that picture."""

    title: str
    answer: str = ""
    unit_text: str = ""
    periods: tuple[str, ...]
    series: tuple[LineSeries, ...]
    places: int | None = None
    from_zero: bool = False
    breaks: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    made_words: tuple[tuple[str, str], ...] = ()
    spoken: str = ""
    source_text: str = ""
    table_href: str = ""
    explore: bool = False
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowView(Part):
    """In and out by day: bars `received`, line `settled`; the last day is unfinished when `open_day` (faded bar)."""

    title: str
    subtitle: str = ""
    days: tuple[str, ...]
    received: tuple[float | None, ...]
    settled: tuple[float | None, ...]
    received_word: str
    settled_word: str
    received_text: str = ""
    settled_text: str = ""
    open_day: bool = True


@dataclass(frozen=True, slots=True)
class StackRow:
    """One agency's bar: amounts late, soon and in time, and the figure printed at its end."""

    name: str
    late: float
    soon: float
    in_time: float
    figure: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackView(Part):
    """Stacked bars by agency on one common scale. `words` names the three shares, late first."""

    title: str
    subtitle: str = ""
    rows: tuple[StackRow, ...]
    words: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StripView(Part):
    """Air quality by hour: band 1 (good) to 6 (hazardous), 0 for an hour without data; `words` one line per cell."""

    title: str
    subtitle: str = ""
    bands: tuple[int, ...]
    words: tuple[str, ...]
    ticks: tuple[tuple[int, str], ...] = ()
    band_words: tuple[str, ...] = ()
