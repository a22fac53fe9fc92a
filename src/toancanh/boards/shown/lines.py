"""The long line of an indicator: this year, last year, the target's path, and where the map of the country changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from toancanh.boards.figures import Figure
from toancanh.boards.reading import Point, Window
from toancanh.boards.selection import Selection
from toancanh.boards.shown import rebasing, words
from toancanh.boards.shown.rebasing import Series
from toancanh.boards.shown.tiles import LOOSE
from toancanh.indicators.evaluators.targets import share_until, target_at
from toancanh.kernel.contracts import Indicator, YearPlan
from toancanh.kernel.measures import Adds, over_area
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import LineSeries, LineView
from toancanh.units.rebase import Break

_SHOWN = {Grain.MONTH: 36, Grain.QUARTER: 16, Grain.HALF: 8, Grain.NINE_MONTHS: 6, Grain.YEAR: 15, Grain.SCHOOL_YEAR: 8,
          Grain.WEEK: 53, Grain.DAY: 90, Grain.HOUR: 72}  # fmt: skip
_YEARLY = {Grain.MONTH: 12, Grain.QUARTER: 4}


def axis(last: Period) -> tuple[Period, ...]:
    """The periods of the line that ends with `last`: the whole year for cumulative figures, else a long way back."""
    if last.cumulative and last.grain in _YEARLY:
        first = Period(last.start.replace(month=1, day=1), last.grain, True, last.regime)
        return first.until(first.shift(_YEARLY[last.grain] - 1))
    return last.shift(1 - _SHOWN.get(last.grain, 12)).until(last)


def window(indicator: Indicator, last: Period) -> Window:
    """What the line needs: its own periods and those a year before."""
    shown = axis(last)
    return Window(indicator.code, shown[0].same_last_year() if _compared(last) else shown[0], shown[-1])


def line(figure: Figure, values: Series, selection: Selection) -> LineView:
    """The view; `values` are those of `window`."""
    points = values.points
    indicator, shown = figure.indicator, _from_first_known(axis(figure.period), points)
    own = tuple(_value(points.get(each)) for each in shown)
    series = [_drawn("this", _own_name(figure.period), [points.get(each) for each in shown], _loose(points, shown))]
    if _compared(figure.period):
        before = _drawn("before", t("năm trước", "last year"), [points.get(each.same_last_year()) for each in shown])
        if any(each is not None for each in before.points):
            series.append(before)
    path = _targets(indicator, points, shown)
    if any(each is not None for each in path):
        series.append(LineSeries(role="target", name=words.target_noun(indicator), points=path))
    title = words.title(indicator)
    return LineView(
        title=t(f"{title}: diễn biến", f"{title}: trend"),
        answer=answer(figure),
        unit_text=tx(indicator.unit),
        periods=tuple(words.axis(each) for each in shown),
        series=tuple(series),
        places=indicator.places,
        from_zero=over_area(indicator.measure) is Adds.SUM and all(each is None or each >= 0 for each in own),
        breaks=_breaks(values.breaks, shown),
        notes=_notes(values, shown, selection),
        made_words=rebasing.marks(series),
        spoken=_spoken(figure, own),
        source_text=_source(figure, selection),
        table_href="#table",
        explore=True,
        file_name=f"{indicator.code}-{figure.period.code}",
        state="ready" if any(each is not None for each in own) else "missing",
        message=_message(own, shown, points),
        key=f"{indicator.code}@{figure.unit.key}",
        live_href="",
    )


def _message(own: Sequence[float | None], shown: tuple[Period, ...], points: Mapping[Period, Point]) -> str:
    """Why there is no line although figures were measured: they cannot be put on this map."""
    if any(each is not None for each in own):
        return ""
    made = [point.rebased for each in shown if (point := points.get(each)) and point.rebased]
    reasons = dict.fromkeys(tx(each.reason) for each in made if each.reason)
    return " ".join((f"{rebasing.word(made[-1])}.", *reasons)) if made else ""


def _from_first_known(shown: tuple[Period, ...], points: Mapping[Period, Point]) -> tuple[Period, ...]:
    """Without the empty periods before the first value; a cumulative year is always shown whole."""
    if not shown or shown[0].cumulative:
        return shown
    first = next((index for index, each in enumerate(shown) if each in points), 0)
    return shown[min(first, len(shown) - 2) :] if len(shown) > 2 else shown


def answer(figure: Figure) -> str:
    """ "Cao hơn cùng kỳ 5,4 điểm %, thấp hơn kế hoạch 11,5 điểm %."."""
    indicator, said = figure.indicator, []
    if figure.value is None:
        return ""
    if figure.before is not None and figure.before.value is not None:
        text, note = words.change(indicator, figure.value, figure.before.value, figure.period.grain)
        said.append(_beside(text, _against(note)))
    if figure.target is not None:
        goal = words.target_noun(indicator)
        text, _ = words.change(indicator, figure.value, figure.target, figure.period.grain)
        said.append(_beside(text, t(goal, f"the {goal}")))
    sentence = ", ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}." if said else ""


def _beside(difference: str, other: str) -> str:
    """ "cao hơn cùng kỳ 5,4 điểm %", "5.4 pp above last year"; equal where the rounded difference says so."""
    if difference.startswith(formats.LEVEL):
        return t(f"bằng {other}", f"equal to {other}")
    amount = difference[2:]
    if difference.startswith(formats.UP):
        return t(f"cao hơn {other} {amount}", f"{amount} above {other}")
    return t(f"thấp hơn {other} {amount}", f"{amount} below {other}")


def _against(note: str) -> str:
    return note.removeprefix("so ").removeprefix("on ")


def _targets(indicator: Indicator, points: Mapping[Period, Point], shown: tuple[Period, ...]) -> tuple[float | None, ...]:
    """The target of each period: as it stood with the value; for periods to come from the declared path, or the plan's shares."""
    plan = next((point.target for each in reversed(shown) if (point := points.get(each)) and point.target is not None), None)
    known = next((each for each in reversed(shown) if (point := points.get(each)) and point.target is not None), None)
    found: list[float | None] = []
    for each in shown:
        point = points.get(each)
        if point is not None and point.target is not None:
            found.append(point.target)
        elif known is None or each.start <= known.start:
            found.append(None)
        elif isinstance(indicator.target, YearPlan):
            found.append(_of_plan(indicator.target, plan, known, each))
        else:
            found.append(target_at(indicator, each, lambda _: None))
    return tuple(found)


def _of_plan(target: YearPlan, due: float | None, known: Period, later: Period) -> float | None:
    if due is None or not known.cumulative or known.year != later.year:
        return None
    share = share_until(target.shares, known, known.span[1])
    return due / share * share_until(target.shares, later, later.span[1]) if share else None


def _compared(last: Period) -> bool:
    return last.grain in (Grain.MONTH, Grain.QUARTER, Grain.HALF, Grain.NINE_MONTHS, Grain.WEEK)


def _own_name(last: Period) -> str:
    return t("năm nay", "this year") if last.cumulative else t("giá trị", "value")


def _loose(points: Mapping[Period, Point], shown: tuple[Period, ...]) -> int:
    """How many of the last known points are not official yet."""
    count = 0
    for each in reversed(shown):
        point = points.get(each)
        if point is None or point.value is None:
            continue
        if point.status not in LOOSE:
            break
        count += 1
    return count


def _drawn(role: Literal["this", "before"], name: str, points: Sequence[Point | None], provisional: int = 0) -> LineSeries:
    made = tuple(rebasing.mark(each) for each in points)
    return LineSeries(
        role=role, name=name, points=tuple(map(_value, points)), provisional=provisional, made=made if any(made) else ()
    )


def _breaks(changes: Sequence[Break], shown: tuple[Period, ...]) -> tuple[tuple[int, str], ...]:
    """Before which points the unit changed. A period belongs to the unit of its last day."""
    found = []
    for each in changes:
        at = next((index for index, period in enumerate(shown) if period.last_day >= each.day), None)
        if at:
            found.append((at, rebasing.break_word(each)))
    return tuple(found)


def _notes(values: Series, shown: tuple[Period, ...], selection: Selection) -> tuple[str, ...]:
    """What the breaks were, and how the values before them came onto today's map."""
    within = [each for each in values.breaks if shown and shown[0].last_day < each.day <= shown[-1].last_day]
    drawn = [values.points[each] for each in _read(shown) if each in values.points]
    said = rebasing.footnote(drawn, selection.map_day)
    reasons = dict.fromkeys(tx(made.reason) for each in drawn if (made := each.rebased) is not None and made.reason)
    return (*_regime(shown), *(rebasing.break_note(each) for each in within), *([said] if said else []), *reasons)


def _regime(shown: tuple[Period, ...]) -> tuple[str, ...]:
    """Which days the months of an administrative report have: the axis names them like calendar months."""
    if not shown or shown[0].regime is Regime.STATISTICAL:
        return ()
    return (t(
        "Kỳ báo cáo hành chính: từ ngày 15 của tháng trước đến hết ngày 14",
        "Administrative reporting periods: from the 15th of the month before to the 14th",
    ),)  # fmt: skip


def _read(shown: tuple[Period, ...]) -> tuple[Period, ...]:
    """The periods of the line and those a year before that it is drawn against."""
    if not shown or not _compared(shown[-1]):
        return shown
    return tuple(dict.fromkeys((*(each.same_last_year() for each in shown), *shown)))


def _spoken(figure: Figure, own: tuple[float | None, ...]) -> str:
    known = [each for each in own if each is not None]
    if not known:
        return ""
    first, last = (words.with_unit(figure.indicator, each) for each in (known[0], known[-1]))
    return t(
        f"{words.title(figure.indicator)} đi từ {first} đến {last}. {answer(figure)}",
        f"{words.title(figure.indicator)} goes from {first} to {last}. {answer(figure)}",
    )


def _source(figure: Figure, selection: Selection) -> str:
    until = words.until(figure.point, selection.now) if figure.point else ""
    source = tx(figure.indicator.dataset.title)
    return (
        t(f"Nguồn: {source} · số liệu đến {until}", f"Source: {source} · data until {until}")
        if until
        else t(f"Nguồn: {source}", f"Source: {source}")
    )


def _value(point: Point | None) -> float | None:
    return None if point is None else point.value
