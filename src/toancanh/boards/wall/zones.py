"""From a scene to the zones of the wall: one way to show each kind of widget, whatever field it comes from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from toancanh.boards.figures import Figure, figures, worst_first
from toancanh.boards.home import home
from toancanh.boards.pages.overview import company_of, headlines, in_use, with_incidents
from toancanh.boards.pages.places import level_below, places_part, values_by_key, worst_word
from toancanh.boards.reading import breakdown
from toancanh.boards.selection import Selection
from toancanh.boards.shown import lines, rebasing, words, work
from toancanh.boards.shown.feeds import arrivals
from toancanh.boards.shown.flows import flow
from toancanh.boards.shown.maps import ground, place_map
from toancanh.boards.shown.rankings import ranking
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import freshness, health
from toancanh.boards.wall.scenes import WallScene
from toancanh.intake.queries import SourceHealth
from toancanh.kernel.contracts import Breakdown, Choropleth, Flow, Indicator, Level, Ranking, Tile, Widget, YearLine
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.ui.language import t, tx
from toancanh.ui.parts import FlowView, LineView, MapView, Part, RankingRow, RankingView, StackView, TileView
from toancanh.ui.tables import WorkView
from toancanh.units import queries as units
from toancanh.units.models import Unit

TILES = 9
ON_SINGLE = 4  # tiles that a single 16:9 screen keeps: the worst
LISTED = 6  # rows that can be read from six metres in half a column
P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """What stands where. `figures` are tiles; the others are any part; None leaves the zone out."""

    layout: str
    tiles: tuple[TileView, ...]
    map: Part | None = None
    first: Part | None = None
    second: Part | None = None
    third: Part | None = None
    known: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """For whom and for which place a scene is made."""

    actor: Actor
    root: Unit
    selection: Selection
    visitor: bool
    health: Sequence[SourceHealth]


def stage(actor: Actor, selection: Selection, *, visitor: bool) -> Stage:
    """The stage of the centre's own place."""
    return Stage(actor=actor, root=home(selection.map_day), selection=selection, visitor=visitor, health=health(actor))


def zones(scene: WallScene, on: Stage) -> Zones:
    """The zones of `scene`; of the overview when it declares no widgets."""
    made = _declared(scene.widgets, on) if scene.widgets else _overview(on)
    return _for_visitors(made) if on.visitor else made


def province_figures(on: Stage, lines: Collection[str] = ()) -> list[Figure]:
    """All indicators of the province that are in use: what the counts in the header count. `lines` get a longer history."""
    return _known(_every_figure(on, lines))


def _every_figure(on: Stage, lines: Collection[str]) -> list[Figure]:
    return figures(on.actor, on.root, registry.indicators(), on.selection, feeds=freshness(), lines=lines)


def _known(found: Sequence[Figure]) -> list[Figure]:
    return [each for each in found if not each.denied and in_use(each)]


def _overview(on: Stage) -> Zones:
    wanted = [each.code for each in headlines(2 * TILES)]
    found = _every_figure(on, wanted)
    known, of = _known(found), {each.indicator.code: each for each in found}
    key = [of[code] for code in wanted if code in of]
    shown = [*_known(key), *(each for each in key if each.denied)][:TILES]
    burning = work.burning(on.actor, on.selection)
    where = with_incidents(places_part(on.actor, on.root, None, on.selection), burning, on.root, on.selection)
    flows = [each for pack in registry.packs() for scene in pack.scenes for each in scene.widgets if isinstance(each, Flow)]
    return Zones(
        layout="overview",
        tiles=_tiles(shown, on),
        map=_titled(where.map, where.code),
        first=work.incidents(burning, on.selection) if burning.rows else _listed(where.ranking),
        second=_flow(flows[0], on) if flows else None,
        third=work.tasks(on.actor, on.selection) or arrivals(on.health, on.selection),
        known=tuple(known),
    )


def _titled(view: MapView, code: str) -> MapView:
    """A map on a wall has a short head: what, and of when. The page itself refreshes it: a fragment has the long head."""
    indicator = registry.indicator(code)
    if indicator is None:
        return replace(view, live_href="")
    name = tx(indicator.short or indicator.title)
    title = t(f"{name} theo địa bàn", f"{name} by place")
    return replace(view, title=title, subtitle=view.subtitle.split(" · ")[0], live_href="")


def _flow(widget: Flow, on: Stage) -> FlowView:
    view = flow(on.actor, widget, on.root, on.selection)
    return replace(view, title=tx(registry.pack_of(widget.arrived).title))


def _declared(widgets: Sequence[Widget], on: Stage) -> Zones:
    codes = [each.indicator for each in widgets if isinstance(each, Tile)][:TILES]
    shown = figures(on.actor, on.root, codes, on.selection, feeds=freshness())
    rest = [_part(each, on) for each in widgets if not isinstance(each, Tile | Choropleth)]
    maps = [_part(each, on) for each in widgets if isinstance(each, Choropleth)]
    held = [*(each for each in maps if each is not None), *(each for each in rest if each is not None)]
    spots: list[Part | None] = [*held[:4], None, None, None, None]
    layout = "lists" if len(codes) <= 6 else "lines"
    return Zones(layout=layout, tiles=_tiles(shown, on), map=spots[0], first=spots[1], second=spots[2], third=spots[3])


def _tiles(shown: Sequence[Figure], on: Stage) -> tuple[TileView, ...]:
    company = company_of(on.actor, on.root, shown, on.selection, missing=any(each.missing for each in shown))
    order = [*worst_first(shown), *shown]
    worst = set(list(dict.fromkeys(each.indicator.code for each in order))[:ON_SINGLE])
    return tuple(replace(tile(each, on.selection, company), worst=each.indicator.code in worst, live_href="") for each in shown)


def _part(widget: Widget, on: Stage) -> Part | None:
    match widget:
        case Choropleth():
            return _map(widget, on)
        case Ranking():
            return _ranking(widget, on)
        case YearLine():
            return _line(widget, on)
        case Flow():
            return _flow(widget, on)
        case Breakdown():
            return _breakdown(widget, on)
    return None


def _places(level: Level, on: Stage) -> dict[str, Unit]:
    day = on.selection.map_day
    found = units.agencies(day) if level is Level.AGENCY else units.descendants(on.root, level, day)
    return {each.key: each for each in found}


def _map(widget: Choropleth, on: Stage) -> MapView:
    level = widget.level if widget.level is not Level.COMMUNE else level_below(on.root)
    land = ground(on.root, level, on.selection.map_day)
    period, points = values_by_key(on.actor, widget.indicator, list(_places(level, on).values()), on.selection)
    view = place_map(widget.indicator, points, on.root, land, on.selection, subtitle=words.period(period))
    return _titled(view, widget.indicator.code)


def _ranking(widget: Ranking, on: Stage) -> RankingView:
    level = widget.level if widget.level is not Level.COMMUNE else level_below(on.root)
    found = _places(level, on)
    _, points = values_by_key(on.actor, widget.indicator, list(found.values()), on.selection)
    beside = (
        (widget.beside, values_by_key(on.actor, widget.beside, list(found.values()), on.selection)[1]) if widget.beside else None
    )
    title, first = tx(widget.indicator.short or widget.indicator.title), worst_word(widget.indicator)
    shown = ranking(
        widget.indicator, points, found, on.selection,
        title=t(f"{title}: {first.vi}", f"{title}: {first.en}"), count=min(widget.worst, LISTED), beside=beside,
    )  # fmt: skip
    return _listed(shown)


def _line(widget: YearLine, on: Stage) -> Part:
    figure = figures(on.actor, on.root, [widget.indicator], on.selection)[0]
    values = rebasing.series(on.actor, widget.indicator, on.root, lines.window(widget.indicator, figure.period), on.selection)
    return replace(lines.line(figure, values, on.selection), title=words.title(widget.indicator), explore=False, table_href="")


def _breakdown(widget: Breakdown, on: Stage) -> RankingView:
    figure = figures(on.actor, on.root, [widget.indicator], on.selection, lines=())[0]
    rows = breakdown(on.actor, widget.indicator.code, figure.period, on.root.pk, widget.by.name)[: min(widget.top, LISTED)]
    top = max((point.value or 0 for _, point in rows), default=0)
    title = words.title(widget.indicator)
    return RankingView(
        title=t(f"{title} theo thủ tục", f"{title} by procedure") if widget.by.name == "procedure" else title,
        name_column=_column_title(widget.indicator, widget.by.name),
        columns=(tx(widget.indicator.unit),),
        bar_column=t("So với mức lớn nhất", "Against the largest"),
        rows=tuple(
            RankingRow(
                name=value,
                figures=(words.short(widget.indicator, point.value),),
                share=(point.value or 0) / top if top else None,
                kind="info",
            )
            for value, point in rows
        ),
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có số liệu.", "No data yet."),
    )


def _column_title(indicator: Indicator, name: str) -> str:
    field = next((each for each in indicator.dataset.fields if each.name == name), None)
    return t(field.title.vi, field.title.en) if field else name


def _listed(view: RankingView) -> RankingView:
    """A list on a wall: as many rows as can be read from six metres, and nothing to click."""
    rows = tuple(replace(each, proofs=()) for each in view.rows[:LISTED])
    return replace(view, rows=rows, more=None)


def _for_visitors(made: Zones) -> Zones:
    """Without names of places, agencies and sources; what is refreshed comes from this page again, never from a fragment."""
    return replace(
        made,
        tiles=tuple(_unsigned(each) for each in made.tiles),
        map=_hidden(made.map), first=_hidden(made.first), second=_hidden(made.second), third=_hidden(made.third),
    )  # fmt: skip


def _hidden(view: Part | None) -> Part | None:
    match view:
        case None:
            return None
        case MapView():
            shapes = tuple(replace(each, title="", href="") for each in view.shapes)
            labels = tuple(each for each in view.labels if each.always)
            marks = tuple(each for each in view.marks if each.always)
            return replace(_unsigned(view), labels=labels, marks=marks, shapes=shapes)
        case RankingView():
            return _emptied(replace(view, rows=(), more=None))
        case StackView():
            return _emptied(replace(view, rows=()))
        case WorkView():
            return _emptied(replace(view, rows=(), more=None))
        case LineView():
            return replace(_unsigned(view), source_text="", table_href="")
    return _unsigned(view)


def _emptied(view: P) -> P:
    message = t("Ẩn khi có khách", "Hidden while guests are here")
    return replace(view, state="empty", message=message, action=None, key="", live_href="")


def _unsigned(view: P) -> P:
    """Without who owes the figure or whom to ask for it."""
    words = {"missing": t("Chưa có số liệu", "No data yet"), "denied": t("Không hiển thị ở đây", "Not shown here")}
    message = words.get(view.state, view.message)
    return replace(view, message=message, action=None, live_href="")
