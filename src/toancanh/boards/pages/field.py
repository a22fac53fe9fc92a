"""S10, one field: how it stands, every figure of it, who is behind, and whether its data arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from toancanh.boards.figures import Figure, figures, in_order
from toancanh.boards.pages.indicator import LEVELS
from toancanh.boards.pages.overview import company_of, segment, sentence
from toancanh.boards.pages.places import Places, is_rate, places_part, values_by_key
from toancanh.boards.selection import Selection
from toancanh.boards.shown import feeds as feed_views
from toancanh.boards.shown import words
from toancanh.boards.shown.flows import flow
from toancanh.boards.shown.guard import guarded
from toancanh.boards.shown.rankings import ranking
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import freshness, health
from toancanh.kernel.contracts import Flow, Indicator, Level, Pack, Ranking
from toancanh.people.permissions import Actor
from toancanh.ui.language import t, tx
from toancanh.ui.parts import FlowView, Link, Part, RankingView, SegmentView
from toancanh.ui.tables import TableView, TrailView
from toancanh.units import queries as units
from toancanh.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPage:
    """All that the page prints."""

    pack: Pack
    trail: TrailView
    sentence: str
    below: str
    segment: SegmentView
    tiles: tuple[Part, ...]
    map: Part | None
    rankings: tuple[Part, ...]
    flow: Part | None
    sources: TableView


def field_page(actor: Actor, pack: Pack, unit: Unit, selection: Selection) -> FieldPage:
    """The page of `pack` for `unit`."""
    lines = [each for each in health(actor) if each.dataset in {one.code for one in pack.datasets}]
    found = figures(actor, unit, pack.indicators, selection, feeds=freshness())
    company = company_of(actor, unit, found, selection, missing=any(each.missing for each in found))
    shown, sources = in_order(found), t("Nguồn số liệu của lĩnh vực", "Data sources of the field")
    rate = next((each for each in (*pack.headline, *pack.indicators) if is_rate(each) and each.dataset.area), None)
    places = guarded(t("Bản đồ", "Map"), lambda: places_part(actor, unit, rate, selection)) if rate else None
    agencies = guarded(t("Cơ quan", "Agencies"), lambda: _by_agency(actor, pack, selection))
    where, worst = (places.map, places.ranking) if isinstance(places, Places) else (places, None)
    return FieldPage(
        pack=pack,
        trail=TrailView(
            (Link(t("Tổng quan", "Overview"), selection.link("/")), Link(tx(pack.title), selection.field(pack.code)))
        ),
        sentence=sentence(found),
        below=_below(pack, found, selection),
        segment=segment(found),
        tiles=tuple(guarded(words.title(each.indicator), partial(tile, each, selection, company)) for each in shown),
        map=where,
        rankings=tuple(each for each in (worst, agencies) if each is not None),
        flow=guarded(t("Dòng số liệu", "Flow"), lambda: _flow(actor, pack, unit, selection)),
        sources=guarded(sources, lambda: feed_views.table(lines, selection, sources)),
    )


def _below(pack: Pack, found: Sequence[Figure], selection: Selection) -> str:
    owner = units.agency_for_role(pack.owner.code, selection.today)
    name = tx(owner.title) if owner else tx(pack.owner.title)
    asks = next((tx(scene.asks) for scene in pack.scenes), "")
    return " · ".join(
        part
        for part in (asks, t(f"Chủ trì: {name}", f"Led by: {name}"), t(f"{len(found)} chỉ tiêu", f"{len(found)} indicators"))
        if part
    )


def _by_agency(actor: Actor, pack: Pack, selection: Selection) -> RankingView | None:
    """The agencies that are behind: by the ranking that the field's scene declares, else by its first figure by agency."""
    chosen = _agency_ranking(pack)
    if chosen is None:
        return None
    indicator, beside = chosen
    members = {each.key: each for each in units.agencies(selection.today)}
    _, points = values_by_key(actor, indicator, list(members.values()), selection)
    second = (beside, values_by_key(actor, beside, list(members.values()), selection)[1]) if beside else None
    title = f"{words.title(indicator)}: {t(*LEVELS[Level.AGENCY]).lower()}"
    everyone = Link(t("Xem tất cả", "See all"), selection.indicator(indicator.code, level=Level.AGENCY.value) + "#places")
    return replace(ranking(indicator, points, members, selection, title=title, beside=second), more=everyone)


def _agency_ranking(pack: Pack) -> tuple[Indicator, Indicator | None] | None:
    for scene in pack.scenes:
        for widget in scene.widgets:
            if isinstance(widget, Ranking) and widget.level is Level.AGENCY:
                return widget.indicator, widget.beside
    first = next((each for each in pack.indicators if each.dataset.agency), None)
    return (first, None) if first else None


def _flow(actor: Actor, pack: Pack, unit: Unit, selection: Selection) -> FlowView | None:
    widget = next((each for scene in pack.scenes for each in scene.widgets if isinstance(each, Flow)), None)
    return flow(actor, widget, unit, selection) if widget else None
