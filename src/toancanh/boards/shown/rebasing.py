"""Values on the map of the day: what changed units were worth, how that was made, and where the break is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from toancanh.boards.memory import Memory
from toancanh.boards.reading import Made, Point, Window, by_place, histories
from toancanh.boards.selection import Selection
from toancanh.indicators.models import stored_start
from toancanh.indicators.rebased import MEASURED, ValuePoint, day_of, made_for
from toancanh.kernel.contracts import Indicator
from toancanh.kernel.periods import Period, Regime
from toancanh.kernel.rebasing import Method
from toancanh.kernel.rounding import half_up
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import LineSeries
from toancanh.ui.tables import Cell
from toancanh.units import queries as units
from toancanh.units.models import ChangeKind, Unit
from toancanh.units.rebase import Break, breaks_of, forerunners, last_change

METHODS = {
    Method.EXACT: ("Chính xác", "Exact"),
    Method.WEIGHTED: ("Có trọng số", "Weighted"),
    Method.ESTIMATED: ("Ước tính", "Estimated"),
    Method.NOT_COMPARABLE: ("Không so sánh được", "Not comparable"),
}
_KINDS = {
    ChangeKind.MERGE.value: ("Sáp nhập", "Merger"), ChangeKind.SPLIT.value: ("Chia tách", "Division"),
    ChangeKind.UPGRADE.value: ("Nâng cấp", "New status"), ChangeKind.ABOLISH.value: ("Giải thể", "Abolition"),
}  # fmt: skip
_SEVERAL = ("Sắp xếp lại", "Reorganisation")
_changed: Memory[date] = Memory(15.0)


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one unit by period, on the map of the day, and the days on which the unit changed."""

    points: Mapping[Period, Point]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """The periods from `first` to `last`, of one form, on the map of `day`, as `known` (None: now)."""

    first: Period
    last: Period
    day: date
    known: datetime | None = None

    @property
    def measured(self) -> tuple[date, date]:
        """The days whose units the values of the first and of the last period are of."""
        return day_of(self.first, self.known), day_of(self.last, self.known)


def series(actor: Actor, indicator: Indicator, unit: Unit, window: Window, selection: Selection) -> Series:
    """The values of `window` for `unit`, on the map of its own days."""
    found = histories(actor, [unit.pk], [window], known=selection.known)
    frame = Frame(window.first, window.last, _day(unit, selection), selection.known)
    breaks: tuple[Break, ...] = ()
    if not _since_the_last_change(frame):
        breaks = breaks_of([unit.key], frame.measured[0], frame.day).get(unit.key, ())
        found = on_the_map(actor, indicator, [unit], found, frame)
    return Series({each.period: each for each in found}, breaks)


def on_the_map(
    actor: Actor, indicator: Indicator, places: Sequence[Unit], found: Sequence[Point], frame: Frame
) -> list[Point]:
    """`found`, the values of `places`, with those made anew of the places that covered other ground then.

    Asks the database only when one of the places changed between the periods and the day of the map.
    """
    if _since_the_last_change(frame):
        return list(found)
    first, last = frame.measured
    breaks = breaks_of([each.key for each in places], min(first, frame.day), max(last, frame.day))
    changed = [each for each in places if _moved(breaks.get(each.key, ())) or not each.valid_on(last)]
    if not changed:
        return list(found)
    by_place = {(each.unit_id, each.period): each for each in found}
    for value in made_for(actor, indicator, changed, (frame.first, frame.last), (frame.day, frame.known)):
        key = (value.unit.pk, value.period)
        if value.method != MEASURED:
            by_place[key] = _point(indicator, value, by_place.get(key))
    return sorted(by_place.values(), key=lambda each: each.period_start)


def newest_before(
    actor: Actor, indicator: Indicator, places: Sequence[Unit], until: Period, selection: Selection
) -> Period:
    """The newest period, up to `until`, in which a unit that went into one of `places` has a value; `until` when none has."""
    before = forerunners([each.key for each in places])
    return by_place(actor, indicator, until, before, exactly=False, known=selection.known)[0] if before else until


def mark(point: Point | None) -> str:
    """The method of a re-based value that can be drawn, as the line's marks name it; "" for any other."""
    made = point.rebased if point is not None and point.value is not None else None
    return made.method.value if made is not None and made.method is not Method.NOT_COMPARABLE else ""


def marks(lines: Iterable[LineSeries]) -> tuple[tuple[str, str], ...]:
    """The methods that the lines have marks of, with their words."""
    drawn = {how for each in lines for how in each.made}
    return tuple((each.value, sentence(Made(each, None))) for each in METHODS if each.value in drawn)


def word(made: Made) -> str:
    return t(*METHODS[made.method])


def sentence(made: Made) -> str:
    """ "quy đổi: chính xác", for a tooltip or a line of small print."""
    said = word(made)
    return t(f"quy đổi: {said[0].lower()}{said[1:]}", f"re-based: {said[0].lower()}{said[1:]}")


def cell(point: Point | None) -> Cell:
    """The cell of the column "Quy đổi": the method, then how many of the parts had a value and why it cannot be compared."""
    made = point.rebased if point else None
    if made is None:
        return Cell(text=formats.MISSING)
    share, reason = covered(made), tx(made.reason) if made.reason else ""
    known = t(f"{share}% phần hợp thành có số", f"{share}% of the parts known") if share else ""
    return Cell(text=word(made), note=" · ".join(each for each in (known, reason) if each))


def covered(made: Made) -> str:
    """The coverage in per cent, "" when nothing is known of it."""
    return "" if made.coverage is None else str(half_up(made.coverage * 100, 0))


def heading() -> str:
    return t("Quy đổi", "Re-based")


def footnote(points: Iterable[Point], day: date) -> str:
    """ "Quy đổi về địa giới 22/11/2026: 12 chính xác, 2 ước tính"; "" where nothing is re-based."""
    tally = Counter(made.method for each in points if (made := each.rebased) is not None)
    if not tally:
        return ""
    said = ", ".join(f"{tally[each]} {t(*METHODS[each]).lower()}" for each in METHODS if tally[each])
    return t(f"Quy đổi về địa giới {formats.day(day)}: {said}", f"Re-based to the map of {formats.day(day)}: {said}")


def break_word(change: Break) -> str:
    """ "Sáp nhập 01/07/2025"."""
    kinds = set(change.kinds)
    vi, en = _KINDS.get(next(iter(kinds)), _SEVERAL) if len(kinds) == 1 else _SEVERAL
    return t(f"{vi} {formats.day(change.day)}", f"{en} {formats.day(change.day)}")


def break_note(change: Break) -> str:
    """The same with the units that went in and the decision: "Sáp nhập 01/07/2025: Bắc Kạn, Thái Nguyên (Nghị quyết ...)."."""
    names = units.by_keys(change.units)
    told = [tx(names[key].short) for key in change.units if key in names] if change.moved else []
    shown = ", ".join(told[:4]) + (t(f" và {len(told) - 4} nơi khác", f" and {len(told) - 4} more") if len(told) > 4 else "")
    basis = f" ({'; '.join(change.basis)})" if change.basis else ""
    return f"{break_word(change)}{': ' if shown else ''}{shown}{basis}"


def _day(unit: Unit, selection: Selection) -> date:
    """The day of the map on show, no earlier and no later than the unit itself."""
    day = max(selection.map_day, unit.valid_from)
    return min(day, unit.valid_to) if unit.valid_to else day


def _since_the_last_change(frame: Frame) -> bool:
    newest = _changed.get("", last_change)
    return frame.measured[0] >= newest and frame.day >= newest


def _moved(breaks: Iterable[Break]) -> bool:
    return any(each.moved for each in breaks)


def _point(indicator: Indicator, value: ValuePoint, own: Point | None) -> Point:
    """The value as pages read it. One that the engine had counted whole keeps its id, and with it its proof."""
    if own is not None and value.cell_id == own.id:
        return own
    period, made = value.period, None
    if value.parts != 1 or value.method != Method.EXACT:
        made = Made(Method(value.method), value.coverage, value.reason)
    return Point(
        0, indicator.code, value.unit.pk, period.grain.value, period.cumulative, period.regime is Regime.ADMINISTRATIVE,
        stored_start(period), "", value.value, value.numerator, value.denominator, None, value.target, value.status, "",
        None, None, value.as_of, made,
    )  # fmt: skip
