"""Who is worst, who is best: places or agencies by one figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from toancanh.boards.reading import Point, Standing
from toancanh.boards.selection import Selection
from toancanh.boards.shown import rebasing, words
from toancanh.boards.shown.proofs import proof_href, proved
from toancanh.kernel.assessment import Kind, assess
from toancanh.kernel.contracts import Good, Indicator, Level
from toancanh.ui.language import t, tx
from toancanh.ui.parts import RankingRow, RankingView, StatusView
from toancanh.ui.tables import Cell, Column, TableView
from toancanh.units.models import Unit

Beside = tuple[Indicator, Mapping[str, Point]]


def worst(indicator: Indicator, points: Mapping[str, Point | Standing]) -> list[str]:
    """Unit keys with a value that can be judged, the worst first."""
    smallest = indicator.smallest_base
    known = [
        (each.value, key)
        for key, each in points.items()
        if each.value is not None and not (each.base is not None and each.base < smallest)
    ]
    return [key for _, key in sorted(known, reverse=indicator.good is not Good.UP)]


def ranking(
    indicator: Indicator,
    points: Mapping[str, Point],
    names: Mapping[str, Unit],
    selection: Selection,
    *,
    title: str,
    count: int = 6,
    beside: Beside | None = None,
) -> RankingView:
    """The first `count` of the worst; `beside` is a second figure of the same places."""
    order = [key for key in worst(indicator, points) if key in names][:count]
    shown = [points[key] for key in order]
    top = _top(indicator, shown)
    target = next((each.target for each in shown if each.target is not None), None)
    return RankingView(
        title=title,
        name_column=_names_column(names.values()),
        columns=(_column(indicator), *((_column(beside[0]),) if beside else ())),
        bar_column=t("So mục tiêu", "Against the target"),
        rows=tuple(_row(indicator, points[key], names[key], beside, top, selection) for key in order),
        target=target / top if target is not None and top else None,
        state="ready" if order else "empty",
        message="" if order else t("Chưa có địa bàn nào có số liệu.", "No place has data yet."),
    )


def whole_table(
    indicator: Indicator, points: Mapping[str, Point], names: Mapping[str, Unit], selection: Selection, title: str
) -> TableView:
    """Every place with its figure, worst first; the ones without at the end."""
    order = [key for key in worst(indicator, points) if key in names]
    rest = [key for key in names if key not in set(order)]
    made, rows = any(each.rebased for each in points.values()), []
    for number, key in enumerate([*order, *rest], 1):
        point = points.get(key)
        judged = assess(indicator, point.value, point.target, point.base) if point else assess(indicator, None, None)
        rows.append(
            (
                Cell(text=tx(names[key].title), href=_href(names[key], selection)),
                Cell(text=str(number) if number <= len(order) else "–"),
                proved(words.short(indicator, point.value if point else None), point),
                Cell(text=words.short(indicator, point.target if point else None)),
                Cell(status=StatusView(judged.kind, tx(judged.word)), note=_coverage(point)),
                *((rebasing.cell(point),) if made else ()),
            )
        )
    columns = (
        Column(label=t("Địa bàn, cơ quan", "Place, agency")),
        Column(label=t("Hạng", "Rank"), number=True),
        Column(label=_column(indicator), number=True),
        Column(label=t("Mục tiêu", "Target"), number=True),
        Column(label=t("Trạng thái", "Status")),
        *((Column(label=rebasing.heading(), long=True),) if made else ()),
    )
    return TableView(title=title, caption=title, columns=columns, rows=tuple(rows), state="ready" if rows else "empty")


def kind_of(indicator: Indicator, point: Point) -> Kind:
    return assess(indicator, point.value, point.target, point.base).kind


def _row(indicator: Indicator, point: Point, unit: Unit, beside: Beside | None, top: float, selection: Selection) -> RankingRow:
    figures, proofs = [words.short(indicator, point.value)], [proof_href(point)]
    if beside:
        second = beside[1].get(unit.key)
        figures.append(words.short(beside[0], second.value if second else None))
        proofs.append(proof_href(second))
    share = point.value / top if top and point.value is not None else None
    return RankingRow(
        name=tx(unit.title), href=_href(unit, selection), figures=tuple(figures), proofs=tuple(proofs), share=share,
        kind=kind_of(indicator, point), note=rebasing.sentence(point.rebased) if point.rebased else "",
    )  # fmt: skip


def _top(indicator: Indicator, shown: Sequence[Point]) -> float:
    most = max((abs(amount) for each in shown for amount in (each.value, each.target) if amount is not None), default=0.0)
    return 100.0 if words.is_percent(indicator) and 50 < most <= 100 else most


def _names_column(units: Iterable[Unit]) -> str:
    """What the rows are."""
    level = next((each.level for each in units), "")
    known = {
        Level.AGENCY: t("Cơ quan", "Agency"),
        Level.PROVINCE: t("Tỉnh, thành phố", "Province"),
        Level.CUSTOM: t("Địa bàn", "Area"),
    }
    return next((word for each, word in known.items() if each == level), t("Xã, phường", "Commune"))


def _column(indicator: Indicator) -> str:
    if indicator.short:
        return tx(indicator.short)
    if words.is_percent(indicator):
        return t("Giá trị", "Value")
    unit = tx(indicator.unit)
    return unit if len(unit.partition("/")[0]) <= 2 else unit[:1].upper() + unit[1:]  # mm and µg/m³ keep their case


def _href(unit: Unit, selection: Selection) -> str:
    return selection.agency(unit.key) if unit.level == Level.AGENCY else selection.place(unit.key)


def _coverage(point: Point | None) -> str:
    if point is None or not point.partial:
        return ""
    covered = words.covered(point.method, point.have, point.want)
    return t(f"{covered} đã báo cáo", f"{covered} reported")
