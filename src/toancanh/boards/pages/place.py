"""S12, one place: where it stands among its peers, what it came from, and every figure of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Q

from toancanh.boards.figures import Figure, figures, in_order
from toancanh.boards.memory import Memory
from toancanh.boards.pages.overview import closed, segment, sentence
from toancanh.boards.reading import Standing, standings
from toancanh.boards.selection import Selection
from toancanh.boards.shown import orders, rebasing, words, work
from toancanh.boards.shown.guard import guarded
from toancanh.boards.shown.proofs import proof_href
from toancanh.boards.shown.rankings import worst
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import freshness
from toancanh.kernel.contracts import Good, Level
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.people.roles import Action
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, Part, RankingRow, RankingView, SegmentView
from toancanh.ui.tables import Cell, Column, Fact, FactsView, TableView, TrailView, WorkView
from toancanh.units import queries as units
from toancanh.units.models import CustomMember, Unit, UnitChange

CARDS = 8
_level: Memory[list[Unit]] = Memory(60.0)  # the units of one level under a parent


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """All that the page prints."""

    unit: Unit
    trail: TrailView
    sentence: str
    below: str
    segment: SegmentView
    ranks: Part
    tiles: tuple[Part, ...]
    facts: Part
    origins: Part
    below_it: Part | None
    incidents: Part | None
    order: Link | None


def place_page(actor: Actor, unit: Unit, selection: Selection) -> PlacePage:
    """The page of `unit`."""
    found = figures(actor, unit, registry.indicators(), selection, feeds=freshness())
    here = [each for each in found if each.point is not None]
    ranks = t("Xếp hạng so với nơi cùng cấp", "Rank among its peers")
    peers = guarded(ranks, lambda: _peers(unit, selection))
    return PlacePage(
        unit=unit,
        trail=_trail(unit, selection),
        sentence=sentence(found if closed(found) else here),
        below=_below(unit, peers if isinstance(peers, list) else ()),
        segment=segment(found if closed(found) else here),
        ranks=guarded(ranks, lambda: _ranks(actor, here, unit, peers, selection)) if isinstance(peers, list) else peers,
        tiles=tuple(
            guarded(words.title(each.indicator), partial(tile, each, selection)) for each in in_order(here)[:CARDS]
        ),
        facts=guarded(t("Thông tin", "Facts"), lambda: _facts(unit)),
        origins=guarded(t("Nguồn gốc và địa bàn cũ", "Origins and former areas"), lambda: _origins(unit, selection)),
        below_it=guarded(t("Đơn vị bên trong", "Units inside"), lambda: _members(unit, selection)),
        incidents=guarded(t("Sự việc", "Incidents"), lambda: _incidents(actor, unit, selection)),
        order=orders.order_at(actor, unit),
    )


def _incidents(actor: Actor, unit: Unit, selection: Selection) -> WorkView | None:
    burning = work.burning(actor, selection, unit)
    return work.incidents(burning, selection) if burning.rows else None


def _peers(unit: Unit, selection: Selection) -> list[Unit]:
    """Units of the same level under the same parent; the communes of a former district compare with the whole province."""
    if unit.parent is None:
        return [unit]
    day = selection.map_day if unit.valid_on(selection.map_day) else units.last_day(unit)
    parent = unit.parent
    return _level.get((parent.pk, unit.level, day), lambda: units.descendants(parent, unit.level, day))


def _trail(unit: Unit, selection: Selection) -> TrailView:
    chain = [each for each in reversed(units.ancestors(unit)) if each.level not in (Level.COUNTRY, Level.REGION)]
    links = [Link(t("Tổng quan", "Overview"), selection.link("/"))]
    links.extend(Link(tx(each.title), selection.place(each.key)) for each in chain)
    return TrailView((*links, Link(tx(unit.title), selection.place(unit.key))))


def _below(unit: Unit, peers: Sequence[Unit]) -> str:
    parts = [tx(unit.parent.title)] if unit.parent else []
    if len(peers) > 1:
        parts.append(t(f"so với {len(peers)} đơn vị cùng cấp", f"among {len(peers)} of its level"))
    if unit.valid_to is not None:
        parts.append(t(f"đến hết {formats.day(unit.valid_to)}", f"until {formats.day(unit.valid_to)}"))
    return " · ".join(parts)


def _ranks(actor: Actor, here: Sequence[Figure], unit: Unit, peers: Sequence[Unit], selection: Selection) -> RankingView:
    """For each figure that can be judged: the value, the rank among peers, and how far from the last place."""
    keys = {each.pk: each.key for each in peers}
    judged = [each for each in here if each.indicator.good is not Good.NEUTRAL]
    values: dict[str, dict[str, Standing]] = {}
    for one in standings(actor, list(keys), [(each.indicator.code, each.period) for each in judged], known=selection.known):
        values.setdefault(one.indicator, {})[keys[one.unit_id]] = one
    rows = []
    for figure in judged:
        order = worst(figure.indicator, values.get(figure.indicator.code, {}))[::-1]
        if unit.key in order and len(order) > 1:
            rows.append((order.index(unit.key), len(order), figure))
    rows.sort(key=lambda row: -row[0] / row[1])
    others = [each for each in peers if each != unit]
    shut = bool(others) and not any(actor.can(Action.VIEW, area=each) for each in others)
    return RankingView(
        title=t("Xếp hạng so với nơi cùng cấp", "Rank among its peers"),
        name_column=t("Chỉ tiêu", "Indicator"),
        columns=(t("Giá trị", "Value"), t("Hạng", "Rank")),
        bar_column=t("Vị trí, dài hơn là tốt hơn", "Position, longer is better"),
        rows=tuple(
            RankingRow(
                name=words.title(figure.indicator),
                href=selection.indicator(figure.indicator.code, unit=unit.key),
                figures=(words.short(figure.indicator, figure.value), f"{place + 1}/{count}"),
                proofs=(proof_href(figure.point), ""),
                share=(count - place) / count,
                kind=figure.status.kind,
                note=rebasing.sentence(figure.point.rebased) if figure.point and figure.point.rebased else "",
            )
            for place, count, figure in rows
        ),
        state="ready" if rows else "denied" if shut else "empty",
        message=_no_ranks(shut) if not rows else "",
    )


def _no_ranks(shut: bool) -> str:
    if shut:
        return t("Bạn chưa được xem số liệu của các nơi cùng cấp.", "The figures of its peers are closed to you.")
    return t("Chưa có chỉ tiêu nào so sánh được với nơi cùng cấp.", "Nothing to compare with its peers yet.")


def _facts(unit: Unit) -> FactsView:
    facts = []
    if unit.population:
        facts.append(
            Fact(
                t("Dân số", "Population"),
                t(f"{formats.number(unit.population)} người", f"{formats.number(unit.population)} people"),
            )
        )
    if unit.area_km2:
        facts.append(Fact(t("Diện tích", "Area"), f"{formats.number(unit.area_km2)} km²"))
    if unit.population and unit.area_km2:
        facts.append(
            Fact(
                t("Mật độ", "Density"),
                t(
                    f"{formats.number(unit.population / unit.area_km2, 0)} người/km²",
                    f"{formats.number(unit.population / unit.area_km2, 0)} people/km²",
                ),
            )
        )
    facts.append(Fact(t("Mã đơn vị", "Code"), unit.key))
    facts.append(Fact(t("Có từ", "Since"), formats.day(unit.valid_from)))
    if unit.valid_to:
        facts.append(Fact(t("Đến hết", "Until"), formats.day(unit.valid_to)))
    if unit.sample:
        facts.append(Fact(t("Căn cứ", "Legal basis"), t("Dữ liệu mẫu (tỉnh hư cấu)", "Sample data (a fictional province)")))
    elif unit.legal_basis:
        facts.append(Fact(t("Căn cứ", "Legal basis"), unit.legal_basis))
    if unit.flags:
        facts.append(
            Fact(t("Cần kiểm tra", "To be checked"), t("Dân số hoặc diện tích có dấu hiệu sai", "Population or area looks wrong"))
        )
    return FactsView(title=t("Thông tin", "Facts"), facts=tuple(facts))


def _origins(unit: Unit, selection: Selection) -> TableView:
    """What became part of it, what it became part of, and the former districts it belongs to."""
    rows = []
    edges = (
        UnitChange.objects.filter(Q(after=unit) | Q(before=unit))
        .select_related("before", "after")
        .order_by("-date", "before__order_key")
    )
    for each in edges[:60]:
        came = each.after_id == unit.pk
        other = each.before if came else each.after
        if other is None or other.pk == unit.pk:
            continue
        rows.append(
            (
                Cell(text=tx(other.title), href=selection.place(other.key)),
                Cell(text=t("nhập vào đây", "became part of it") if came else t("nơi tiếp nhận", "took it in")),
                Cell(text=formats.day(each.date)),
                Cell(text=formats.percent(each.share * 100, 0) if each.share is not None else t("chưa rõ phần", "part unknown")),
            )
        )
    for area in CustomMember.objects.filter(member=unit).select_related("custom"):
        rows.append(
            (
                Cell(text=tx(area.custom.title), href=selection.place(area.custom.key)),
                Cell(text=t("thuộc địa bàn cũ", "in the former area")),
                Cell(text="–"),
                Cell(text="–"),
            )
        )
    columns = (
        Column(label=t("Đơn vị", "Unit")),
        Column(label=t("Quan hệ", "Relation")),
        Column(label=t("Ngày", "Date"), number=True),
        Column(label=t("Phần", "Share"), number=True),
    )
    title = t("Nguồn gốc và địa bàn cũ", "Origins and former areas")
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=tuple(rows),
        state="ready" if rows else "empty",
        message="" if rows else t("Không có thay đổi địa giới nào được ghi.", "No change of borders on record."),
    )


def _members(unit: Unit, selection: Selection) -> TableView | None:
    if unit.level == Level.COMMUNE:
        return None
    inside = units.children(unit, selection.map_day if unit.valid_on(selection.map_day) else units.last_day(unit))
    if not inside:
        return None
    rows = tuple(
        (
            Cell(text=tx(each.title), href=selection.place(each.key)),
            Cell(text=formats.number(each.population)),
            Cell(text=formats.number(each.area_km2)),
        )
        for each in inside
    )
    columns = (
        Column(label=t("Đơn vị", "Unit")),
        Column(label=t("Dân số", "Population"), number=True),
        Column(label="km²", number=True),
    )
    title = t(f"{len(inside)} đơn vị bên trong", f"{len(inside)} units inside")
    return TableView(title=title, caption=title, columns=columns, rows=rows)
