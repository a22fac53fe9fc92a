"""S11, one indicator: is it on plan, where does it go, who holds it back, and can it be trusted?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.conf import settings

from toancanh.boards.figures import Figure, figures
from toancanh.boards.home import home
from toancanh.boards.pages.overview import company_of
from toancanh.boards.pages.places import Places, is_rate, of_indicator, values_by_key, worst_word
from toancanh.boards.reading import Point, breakdown, earlier
from toancanh.boards.selection import Selection
from toancanh.boards.shown import history, lines, orders, rebasing, words
from toancanh.boards.shown.definition import definition
from toancanh.boards.shown.guard import guarded
from toancanh.boards.shown.maps import Ground, ground
from toancanh.boards.shown.proofs import proof_href
from toancanh.boards.shown.rankings import ranking, whole_table
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import feeds, freshness, health
from toancanh.indicators.overrides import effective
from toancanh.intake import queries as intake
from toancanh.intake.models import Delivery
from toancanh.kernel.contracts import Good, Indicator, Level
from toancanh.kernel.fields import Kind
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, MapView, Part, RankingRow, RankingView, TileView
from toancanh.ui.tables import Cell, Column, Tab, TableView, TabsView, TrailView
from toancanh.units import queries as units
from toancanh.units.models import Unit

DELIVERIES = 5
BREAKDOWN_ROWS = 8
LEVELS = {
    Level.PROVINCE: ("Tỉnh, thành phố", "Provinces"), Level.COMMUNE: ("Xã, phường", "Communes"),
    Level.CUSTOM: ("Huyện cũ", "Former districts"), Level.AGENCY: ("Cơ quan", "Agencies"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPage:
    """All that the page prints."""

    indicator: Indicator
    figure: Figure
    trail: TrailView
    head: TileView
    period: str
    line: Part
    levels: TabsView | None
    map: MapView | None
    ranking: Part | None
    everyone: TableView | None
    breakdowns: tuple[Part, ...]
    definition: Part
    deliveries: TableView
    revisions: TableView
    numbers: TableView
    order: Link | None
    rule: Link | None
    local: Link | None
    orders: Part | None


def indicator_page(
    actor: Actor, indicator: Indicator, unit: Unit, selection: Selection, level: Level | None = None
) -> IndicatorPage:
    """The page of `indicator` for `unit`; `level` is that of the places compared."""
    feed = freshness().get(indicator.dataset.code)
    seen = feeds(health(actor)).get(indicator.dataset.code)
    figure = figures(actor, unit, [indicator], selection, feeds={indicator.dataset.code: feed} if feed else {})[0]
    company = company_of(actor, unit, [figure], selection, missing=figure.missing)
    values = rebasing.series(actor, indicator, unit, lines.window(indicator, figure.period), selection)
    where = guarded(t("So sánh các nơi", "Places compared"), lambda: _where(actor, indicator, unit, selection, level))
    if isinstance(where, TableView):
        where = _Where(ranking=where)
    breakdowns = guarded(t("Chi tiết", "Breakdown"), lambda: _breakdowns(actor, figure, selection))
    corrections = partial(earlier, actor, [indicator.code], unit.pk, known=selection.known)
    return IndicatorPage(
        indicator=figure.indicator,
        figure=figure,
        trail=_trail(figure, unit, selection),
        head=tile(figure, selection, company),
        period=words.period(figure.period),
        line=guarded(words.title(indicator), lambda: lines.line(figure, values, selection)),
        levels=where.levels,
        map=where.map,
        ranking=where.ranking,
        everyone=where.everyone,
        breakdowns=breakdowns if isinstance(breakdowns, tuple) else (breakdowns,),
        definition=guarded(t("Định nghĩa và nguồn", "Definition and source"), lambda: definition(figure, seen, selection)),
        deliveries=guarded(t("Lần gửi gần đây", "Recent deliveries"), lambda: _deliveries(actor, indicator, selection)),
        revisions=guarded(t("Điều chỉnh", "Revisions"), lambda: history.revisions(figure, corrections())),
        numbers=guarded(t("Bảng số", "Table"), lambda: history.numbers(figure, values.points, selection)),
        order=orders.order(actor, indicator, unit),
        rule=orders.rule(actor, indicator),
        local=orders.local(actor, indicator),
        orders=guarded(t("Ý kiến chỉ đạo", "Directives"), lambda: orders.about(actor, indicator, unit))
        if selection.known is None
        else None,
    )


@dataclass(frozen=True, slots=True)
class _Where:
    levels: TabsView | None = None
    map: MapView | None = None
    ranking: Part | None = None
    everyone: TableView | None = None


def levels_of(indicator: Indicator, place: Unit) -> tuple[Level, ...]:
    """The levels at which values of `indicator` within `place` are compared."""
    found: list[Level] = []
    if indicator.dataset.area and place.level in (Level.COUNTRY, Level.REGION):
        found.append(Level.PROVINCE)
    if indicator.dataset.area and place.level in (Level.PROVINCE, Level.DISTRICT, Level.CUSTOM):
        found.append(Level.COMMUNE)
    if indicator.dataset.area and place.level == Level.PROVINCE:
        found.append(Level.CUSTOM)
    if indicator.dataset.agency:
        found.append(Level.AGENCY)
    return tuple(found)


def _where(actor: Actor, indicator: Indicator, unit: Unit, selection: Selection, level: Level | None) -> _Where:
    place = unit if unit.level not in (Level.COMMUNE, Level.AGENCY) else home(selection.map_day)
    indicator = effective(indicator)
    offered = levels_of(indicator, place)
    if not offered:
        return _Where()
    chosen = level if level in offered else offered[0]
    tabs = TabsView(
        label=t("Cấp so sánh", "Level compared"),
        tabs=tuple(
            Tab(
                label=t(*LEVELS[each]),
                href=selection.indicator(indicator.code, unit=unit.key, level=each.value) + "#places",
                current=each is chosen,
            )
            for each in offered
        ),
    )
    land = ground(place, chosen, selection.map_day) if chosen in (Level.COMMUNE, Level.PROVINCE) else None
    members = members_of(place, chosen, land, selection.map_day)
    if land is not None and is_rate(indicator):
        part: Places = of_indicator(actor, indicator, place, members, land, selection)
        points, shown = part.points, _Where(tabs, part.map, part.ranking)
    else:
        _, points = values_by_key(actor, indicator, list(members.values()), selection)
        shown = _Where(tabs, None, ranking(indicator, points, members, selection, title=_worst_title(indicator, chosen), count=8))
    title = t(f"Tất cả {len(members)} nơi", f"All {len(members)}")
    return _Where(tabs, shown.map, shown.ranking, whole_table(indicator, points, members, selection, title))


def members_of(place: Unit, level: Level, land: Ground | None, day: date) -> dict[str, Unit]:
    """The units of `level` in a place on a day, by key; agencies include those of its communes."""
    if land is not None:
        return land.units
    found = units.agencies(day) if level is Level.AGENCY else units.descendants(place, level, day)
    return {each.key: each for each in found}


def _worst_title(indicator: Indicator, level: Level) -> str:
    first = worst_word(indicator)
    if level is Level.AGENCY:
        return t(f"Cơ quan {first.vi}", f"Agencies, {first.en} first")
    return t(f"Nơi {first.vi}", f"Places, {first.en} first")


def _trail(figure: Figure, unit: Unit, selection: Selection) -> TrailView:
    links = [
        Link(t("Tổng quan", "Overview"), selection.link("/")),
        Link(tx(figure.pack.title), selection.field(figure.pack.code)),
        Link(words.title(figure.indicator), selection.indicator(figure.indicator.code)),
    ]
    if unit.key != settings.ROOT_UNIT:
        links.append(Link(tx(unit.title), selection.indicator(figure.indicator.code, unit=unit.key)))
    return TrailView(tuple(links))


def _breakdowns(actor: Actor, figure: Figure, selection: Selection) -> tuple[RankingView, ...]:
    """By each declared column: the worst first where more is better, else the largest first."""
    found = []
    for column in figure.indicator.by:
        rows = breakdown(actor, figure.indicator.code, figure.period, figure.unit.pk, column.name, known=selection.known)
        if figure.indicator.good is Good.UP:
            rows = [pair for pair in rows if (pair[1].base or 0) >= figure.indicator.smallest_base][::-1] or rows
        if rows:
            found.append(_breakdown(figure, column.name, rows[:BREAKDOWN_ROWS], len(rows)))
    return tuple(found)


def _breakdown(figure: Figure, column: str, rows: Sequence[tuple[str, Point]], total: int) -> RankingView:
    field = next((each for each in figure.indicator.dataset.fields if each.name == column), None)
    titles = {each.code: tx(each.title) for each in field.type.choices} if field and field.type.kind is Kind.CHOICE else {}
    name = tx(field.title) if field else column
    top = max((abs(point.value) for _, point in rows if point.value is not None), default=0.0)
    if words.is_percent(figure.indicator):
        top = max(top, 100.0)
    return RankingView(
        title=t(f"Theo {name.lower()}", f"By {name.lower()}") + (f" ({len(rows)}/{total})" if total > len(rows) else ""),
        name_column=name,
        columns=(t("Giá trị", "Value"),),
        bar_column=t("So với lớn nhất", "Against the largest"),
        rows=tuple(
            RankingRow(
                name=titles.get(value, value),
                figures=(words.short(figure.indicator, point.value),),
                kind="info",
                share=point.value / top if top and point.value is not None else None,
                proofs=(proof_href(point),),
            )
            for value, point in rows
        ),
    )


def _deliveries(actor: Actor, indicator: Indicator, selection: Selection) -> TableView:
    found: list[Delivery] = intake.deliveries(actor, dataset=indicator.dataset.code, limit=DELIVERIES)
    rows = tuple(
        (
            Cell(text=formats.as_of(each.received_at, selection.now), href=f"/data/deliveries/{each.uid}"),
            Cell(text=tx(each.source.title)),
            Cell(text=formats.number(each.accepted)),
            Cell(text=formats.number(each.quarantined)),
        )
        for each in found
    )
    columns = (
        Column(label=t("Nhận lúc", "Received")),
        Column(label=t("Nguồn", "Source")),
        Column(label=t("Dòng nhận", "Rows"), number=True),
        Column(label=t("Chờ rà soát", "Held"), number=True),
    )
    title = t("Lần gửi gần đây", "Recent deliveries")
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=rows,
        state="ready" if rows else "empty",
        message="" if rows else t("Chưa có lần gửi nào.", "No delivery yet."),
    )
