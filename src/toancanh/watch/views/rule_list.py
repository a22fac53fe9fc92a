"""Every rule as tables, a field each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Cell, Column, TableView
from toancanh.watch import queries
from toancanh.watch.definitions import Watched
from toancanh.watch.queries import Record
from toancanh.watch.views import words


def tables(actor: Actor, rules: Sequence[Watched]) -> list[TableView]:
    """The rules of each field."""
    records = queries.records(actor)
    by_field: dict[str, list[Watched]] = defaultdict(list)
    for each in rules:
        by_field[each.pack.code].append(each)
    return [_table(found, records) for found in by_field.values()]


def _table(rules: Sequence[Watched], records: dict[str, Record]) -> TableView:
    columns = (
        Column(label=t("Quy tắc", "Rule")),
        Column(label=t("Theo dõi", "Watches")),
        Column(label=t("Đang mở", "Open"), number=True),
        Column(label=t("12 tháng", "12 months"), number=True),
        Column(label=t("Báo đúng", "Precision"), number=True),
        Column(label=t("Phiên bản", "Version"), number=True),
        Column(label=t("Điều kiện", "Condition"), long=True),
    )
    title = tx(rules[0].pack.title)
    return TableView(title=title, caption=title, columns=columns, rows=tuple(_row(each, records) for each in rules))


def _row(held: Watched, records: dict[str, Record]) -> tuple[Cell, ...]:
    rule, record = held.rule, records.get(held.code, Record(0, 0, 0))
    off = "" if held.active else t("đang tắt", "switched off")
    note = " · ".join(each for each in (tx(rule.indicator.title), off) if each)
    return (
        Cell(text=tx(rule.title), href=f"/rules/{rule.code}", status=words.severity(rule.severity), note=note),
        Cell(text=tx(words.LEVEL_TITLES[rule.every])),
        Cell(text=formats.number(record.open, 0)),
        Cell(text=formats.number(record.raised, 0)),
        Cell(text=words.precision(record.precision)),
        Cell(text=str(held.version)),
        Cell(text=words.condition(rule)),
    )
