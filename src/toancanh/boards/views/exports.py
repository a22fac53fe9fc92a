"""Figures to take away: CSV that Vietnamese Excel opens rightly, XLSX, and the series as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from toancanh.boards.figures import figures, target_period
from toancanh.boards.pages.indicator import levels_of, members_of
from toancanh.boards.reading import Point, histories
from toancanh.boards.selection import Selection, read
from toancanh.boards.shown import lines, rebasing, words
from toancanh.boards.views.asking import PageRequest, unit_of
from toancanh.indicators.overrides import effective
from toancanh.indicators.policy import readable
from toancanh.kernel.contracts import Indicator, Level
from toancanh.kernel.rounding import half_up
from toancanh.people.roles import Action
from toancanh.people.views import require
from toancanh.ui import sheets
from toancanh.ui.charts.line import explorer
from toancanh.ui.language import current, t, tx
from toancanh.units.models import Unit


@require(Action.VIEW)
@require_safe
def values_csv(request: PageRequest, code: str) -> HttpResponse:
    """The series of `unit=`; with `level=` the places of it as well. `format=plain` writes decimal points and commas."""
    _, heading, table = _table(request, code)
    vietnamese = request.GET.get("format") != "plain" and current() == "vi"
    body = sheets.csv_lines(heading, table, vietnamese=vietnamese, places=None)
    return _named(HttpResponse(body, content_type=sheets.CSV_TYPE), f"{code}.csv")


@require(Action.VIEW)
@require_safe
def values_xlsx(request: PageRequest, code: str) -> HttpResponse:
    """The same table as a workbook."""
    indicator, heading, table = _table(request, code)
    notes = (words.title(indicator), tx(indicator.definition), indicator.basis)
    body = sheets.xlsx(heading, table, sheet=words.title(indicator), notes=notes)
    return _named(HttpResponse(body, content_type=sheets.XLSX_TYPE), f"{code}.xlsx")


@require(Action.VIEW)
@require_safe
def series_json(request: PageRequest, code: str) -> HttpResponse:
    """What the explorable chart draws."""
    selection = read(request.GET, timezone.now())
    unit, indicator = unit_of(request, selection), readable(request.actor, code)
    figure = figures(request.actor, unit, [indicator], selection)[0]
    values = rebasing.series(request.actor, indicator, unit, lines.window(indicator, figure.period), selection)
    return JsonResponse(explorer(lines.line(figure, values, selection)))


def _table(request: PageRequest, code: str) -> tuple[Indicator, list[str], Iterator[list[sheets.Plain]]]:
    """The indicator, the heads of the columns and the rows; how a value was re-based is said where any was."""
    selection = read(request.GET, timezone.now())
    unit = unit_of(request, selection)
    indicator = effective(readable(request.actor, code), unit.pk)
    chosen, window = _places(request, indicator, unit, selection), lines.window(indicator, target_period(indicator, selection))
    if list(chosen) == [unit.pk]:
        found = list(rebasing.series(request.actor, indicator, unit, window, selection).points.values())
    else:
        frame = rebasing.Frame(window.first, window.last, selection.map_day, selection.known)
        read_as_kept = histories(request.actor, list(chosen), [window], known=selection.known)
        found = rebasing.on_the_map(request.actor, indicator, list(chosen.values()), read_as_kept, frame)
    made = any(each.rebased for each in found)
    return indicator, [*_heading(indicator), *(_made_heading() if made else ())], _rows(indicator, found, chosen, made=made)


def _places(request: PageRequest, indicator: Indicator, unit: Unit, selection: Selection) -> dict[int, Unit]:
    asked = request.GET.get("level", "")
    offered = levels_of(indicator, unit)
    if asked in tuple(Level) and Level(asked) in offered:
        return {each.pk: each for each in members_of(unit, Level(asked), None, selection.map_day).values()}
    return {unit.pk: unit}


def _heading(indicator: Indicator) -> list[str]:
    return [
        t("Mã đơn vị", "Unit code"), t("Đơn vị", "Unit"), t("Mã kỳ", "Period code"), t("Kỳ", "Period"),
        f"{words.title(indicator)} ({tx(indicator.unit)})",
        t("Tử số", "Numerator"),
        t("Mẫu số", "Denominator"),
        t("Mục tiêu", "Target"),
        t("Tình trạng", "Condition"),
        t("Số liệu đến", "Data until"),
        t("Nơi đã báo cáo", "Reported"),
        t("Nơi phải báo cáo", "To report"),
    ]  # fmt: skip


def _made_heading() -> list[str]:
    return [rebasing.heading(), t("Phần hợp thành có số (%)", "Parts known (%)"), t("Lý do", "Reason")]


def _made(point: Point) -> list[sheets.Plain]:
    made = point.rebased
    if made is None:
        return ["", None, ""]
    covered = None if made.coverage is None else half_up(made.coverage * 100, 0)
    return [rebasing.word(made), covered, tx(made.reason) if made.reason else ""]


def _rows(indicator: Indicator, found: list[Point], places: dict[int, Unit], *, made: bool) -> Iterator[list[sheets.Plain]]:
    for each in sorted(found, key=lambda point: (places[point.unit_id].order_key, point.period_start)):
        unit, period = places[each.unit_id], each.period
        yield [
            unit.key,
            tx(unit.title),
            period.code,
            words.period(period),
            _rounded(indicator, each.value),
            each.numerator,
            each.denominator,
            _rounded(indicator, each.target), t(*words.QUALITY.get(each.status, ("", ""))), each.as_of, each.have, each.want,
            *(_made(each) if made else ()),
        ]  # fmt: skip


def _rounded(indicator: Indicator, amount: float | None) -> sheets.Plain:
    """One place more than the screen shows: exact enough to compute with, free of noise."""
    return None if amount is None else half_up(amount, indicator.places + 1)


def _named(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
