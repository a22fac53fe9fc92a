"""S13, one agency: does it send its data in time, how do the figures it owns stand, and how does its own desk do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from toancanh.boards.figures import Figure, due_day, figures
from toancanh.boards.home import home
from toancanh.boards.pages.overview import company_of, in_use
from toancanh.boards.selection import Selection
from toancanh.boards.shown import feeds as feed_views
from toancanh.boards.shown import orders, words
from toancanh.boards.shown.guard import guarded
from toancanh.boards.shown.proofs import proved
from toancanh.boards.shown.tiles import tile
from toancanh.boards.sources import freshness, health, in_trouble
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.response.queries.work import overdue_at
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, Part, StatusView
from toancanh.ui.tables import Cell, Column, TableView, TrailView, WorkView
from toancanh.units.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyPage:
    """All that the page prints."""

    unit: Unit
    trail: TrailView
    sentence: str
    below: str
    work: Part | None
    order: Link | None
    owed: Part
    own: tuple[Part, ...]
    owns: Part
    sources: Part


def agency_page(actor: Actor, unit: Unit, selection: Selection) -> AgencyPage:
    """The page of the agency `unit`."""
    lines = health(actor)
    sent = [each for each in lines if each.source.owner_id == unit.pk]
    root = home(selection.map_day)
    owned = [each for each in registry.indicators() if unit.role and each.owner.code == unit.role]
    found = figures(actor, root, owned, selection, feeds=freshness()) if owned else []
    desk = [each for each in registry.indicators() if each.dataset.agency]
    own = [each for each in figures(actor, unit, desk, selection, feeds=freshness()) if each.point is not None] if desk else []
    owed = [each for each in found if each.missing and not each.denied and each.reported and in_use(each)]
    company = company_of(actor, unit, own, selection, missing=False)
    sources = t("Nguồn số liệu của cơ quan", "Data sources of the agency")
    given = guarded(t("Việc được giao", "Work given to it"), lambda: _work(actor, unit, selection))
    overdue, work = given if isinstance(given, tuple) else (0, given)
    return AgencyPage(
        unit=unit,
        trail=TrailView(
            (Link(t("Tổng quan", "Overview"), selection.link("/")), Link(tx(unit.title), selection.agency(unit.key)))
        ),
        sentence=_sentence(owed, len(in_trouble(sent)), overdue),
        below=_below(unit, len(owned), len(sent)),
        work=work,
        order=orders.order_at(actor, unit),
        owed=guarded(t("Số liệu còn nợ", "Figures owed"), lambda: _owed(owed, selection)),
        own=tuple(guarded(words.title(each.indicator), partial(tile, each, selection, company)) for each in own),
        owns=guarded(
            t("Chỉ tiêu do cơ quan chủ trì", "Indicators it owns"),
            lambda: _owns([each for each in found if not each.denied], selection),
        ),
        sources=guarded(sources, lambda: feed_views.table(sent, selection, sources)),
    )


def _work(actor: Actor, unit: Unit, selection: Selection) -> tuple[int, WorkView | None]:
    """How many tasks are overdue, and what it still has to do; as known on another day nothing is said of work."""
    return (0, None) if selection.known is not None else (overdue_at(actor, unit), orders.at_agency(actor, unit))


def _sentence(owed: Sequence[Figure], late: int, overdue: int) -> str:
    """What is overdue before how the data come: "2 việc quá hạn, nợ 1 chỉ tiêu"."""
    data = _of_data(owed, late)
    if not overdue:
        return data
    said = t(f"{overdue} việc quá hạn", f"{overdue} {'task' if overdue == 1 else 'tasks'} overdue")
    return f"{said}, {data[0].lower()}{data[1:]}"


def _of_data(owed: Sequence[Figure], late: int) -> str:
    if owed and late:
        return t(f"Nợ {len(owed)} chỉ tiêu, {late} nguồn gửi chậm", f"Owes {len(owed)} figures, {late} sources late")
    if owed:
        return t(f"Nợ {len(owed)} chỉ tiêu", f"Owes {len(owed)} {'figure' if len(owed) == 1 else 'figures'}")
    if late:
        return t(f"{late} nguồn dữ liệu gửi chậm", f"{late} {'source' if late == 1 else 'sources'} late")
    return t("Số liệu gửi đủ và đúng hạn", "Data complete and on time")


def _below(unit: Unit, owned: int, sent: int) -> str:
    parts = [tx(unit.title)]
    if owned:
        parts.append(t(f"chủ trì {owned} chỉ tiêu", f"owns {owned} {'indicator' if owned == 1 else 'indicators'}"))
    if sent:
        parts.append(t(f"gửi {sent} bộ dữ liệu", f"sends {sent} {'dataset' if sent == 1 else 'datasets'}"))
    return " · ".join(parts)


def _owed(owed: Sequence[Figure], selection: Selection) -> TableView:
    rows = []
    for each in sorted(owed, key=lambda one: due_day(one.period)):
        late = (selection.today - due_day(each.period)).days
        status = (
            StatusView("bad", t(f"trễ {words.days(late)}", f"{words.days(late)} late"))
            if late > 0
            else StatusView("warn", t("chưa đến hạn", "not due yet"))
        )
        older = words.period(each.older.period) if each.older else t("chưa có kỳ nào", "none ever")
        rows.append(
            (
                Cell(text=words.title(each.indicator), href=selection.indicator(each.indicator.code)),
                Cell(text=words.period(each.period)),
                Cell(text=formats.day(due_day(each.period))),
                Cell(text=older),
                Cell(status=status),
            )
        )
    columns = (
        Column(label=t("Chỉ tiêu", "Indicator")),
        Column(label=t("Kỳ còn nợ", "Period owed")),
        Column(label=t("Hạn nộp", "Due"), number=True),
        Column(label=t("Kỳ gần nhất đã có", "Latest there is")),
        Column(label=t("Tình trạng", "Condition")),
    )
    title = t("Số liệu còn nợ", "Figures owed")
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=tuple(rows),
        state="ready" if rows else "empty",
        message="" if rows else t("Không nợ số liệu nào.", "Nothing is owed."),
    )


def _owns(found: Sequence[Figure], selection: Selection) -> TableView:
    rows = []
    for each in found:
        value = words.with_unit(each.indicator, each.value)
        rows.append(
            (
                Cell(text=words.title(each.indicator), href=selection.indicator(each.indicator.code)),
                proved(value, each.point),
                Cell(text=words.short(each.indicator, each.target)),
                Cell(text=words.period(each.period)),
                Cell(status=words.status(each)),
            )
        )
    columns = (
        Column(label=t("Chỉ tiêu", "Indicator")),
        Column(label=t("Giá trị", "Value"), number=True),
        Column(label=t("Mục tiêu", "Target"), number=True),
        Column(label=t("Kỳ", "Period")),
        Column(label=t("Trạng thái", "Status")),
    )
    title = t("Chỉ tiêu do cơ quan chủ trì", "Indicators it owns")
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=tuple(rows),
        state="ready" if rows else "empty",
        message="" if rows else t("Cơ quan không chủ trì chỉ tiêu nào.", "It owns no indicator."),
    )
