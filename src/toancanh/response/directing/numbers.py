"""The number that a directive is about: its present value, its goal, and the periods that came after it was reported done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Min
from django.utils import timezone

from toancanh.indicators import allowed, queries
from toancanh.indicators.freshness import freshness
from toancanh.indicators.models import CURRENT, Cell
from toancanh.indicators.overrides import effective
from toancanh.indicators.policy import readable
from toancanh.indicators.queries import regime_of
from toancanh.kernel.contracts import Good, Indicator
from toancanh.kernel.periods import Grain, Period, Regime
from toancanh.kernel.registry import registry
from toancanh.kernel.rounding import half_up
from toancanh.kernel.text import Text
from toancanh.people.actors import SYSTEM
from toancanh.people.permissions import Actor
from toancanh.response.models import Directive
from toancanh.ui import formats
from toancanh.units import queries as units
from toancanh.units.models import Unit

WHOLE = 100.0  # per cent
LONG = frozenset({Grain.MONTH, Grain.QUARTER})


@dataclass(frozen=True, slots=True)
class Seen:
    """One period that came in after the report: the value known now, and whether it meets the goal."""

    cell: Cell
    met: bool

    def as_values(self) -> dict[str, object]:
        """As the directive keeps it."""
        return {"cell": self.cell.pk, "period": self.cell.period.code, "value": self.cell.value, "met": self.met}


def headline(indicator: Indicator) -> tuple[Grain, bool]:
    """In which periods leaders read it: months where there are months, from 1 January where it adds up so."""
    grain = Grain.MONTH if Grain.MONTH in indicator.grains else indicator.grains[0]
    return grain, indicator.cumulative and (grain in LONG or (grain in (Grain.DAY, Grain.WEEK) and grain is indicator.grains[0]))


def place_of(directive: Directive) -> Unit:
    """Whose number it is: the place of the directive, else the centre's own."""
    return directive.unit or units.root()


def present(actor: Actor, code: str, unit: Unit) -> Cell | None:
    """The newest value of an indicator that `actor` may see. Raises `Problem` 404, 403."""
    grain, cumulative = headline(readable(actor, code))
    return queries.latest(actor, [code], unit, grain, cumulative=cumulative, until=timezone.localdate()).get(code)


def goal_of(indicator: Indicator, cell: Cell | None, unit: Unit) -> tuple[float | None, bool]:
    """The goal to propose: the target on the newest value, and whether it is to be reached from below."""
    declared = effective(indicator, unit.pk)
    target = cell.target if cell is not None else None
    return target, declared.good is not Good.DOWN


def doubt(actor: Actor, code: str, goal: float, up: bool, unit: Unit) -> Text | None:
    """Why a goal deserves a second look before it is given: this number is never like that, or reaches it already."""
    indicator, cell = readable(actor, code), present(actor, code, unit)
    known = [each for each in (cell.value, cell.target) if each is not None] if cell else []
    if not known or allowed.mistake(indicator, [goal]):  # what can never be is refused, not asked about
        return None
    said, now = in_words(indicator, goal), in_words(indicator, cell.value if cell else None)
    if goal < 0 <= min(known):
        return Text(
            f"Mục tiêu {said.vi} là số âm; giá trị hiện nay là {now.vi}.",
            f"The goal {said.en} is negative; today it is {now.en}.",
        )
    if indicator.unit.vi == "%" and max(known) <= WHOLE < goal:
        return Text(
            f"Mục tiêu {said.vi} vượt 100%; giá trị hiện nay là {now.vi}.",
            f"The goal {said.en} is above 100%; today it is {now.en}.",
        )
    value = cell.value if cell else None
    if value is None or not _reaches(indicator, value, goal, up):
        return None
    return Text(f"Giá trị hiện nay {now.vi} đã đạt mục tiêu {said.vi}.", f"Today's {now.en} reaches the goal {said.en} already.")


def since(directive: Directive) -> list[Seen]:
    """The periods that ended after the work was reported done and whose first value came after it too, the oldest first.

    A figure that counts itself up while its period runs is seen when the period is over; a reported one when it is there.
    """
    indicator = registry.indicator(directive.indicator)
    if indicator is None or directive.watched_from is None or directive.goal is None:
        return []
    grain, cumulative = headline(indicator)
    form = {
        "indicator": indicator.code, "unit": place_of(directive), "dimension": "", "grain": grain.value,
        "cumulative": cumulative, "administrative": regime_of(indicator) is Regime.ADMINISTRATIVE,
    }  # fmt: skip
    first = Cell.objects.filter(**form, value__isnull=False).values("period_start").annotate(first=Min("known_from"))
    fresh = [each["period_start"] for each in first.filter(first__gt=directive.watched_from).order_by("period_start")]
    current = Cell.objects.filter(CURRENT, **form, period_start__in=fresh[-200:], value__isnull=False).order_by("period_start")
    now = timezone.now()
    later = [each for each in current if _end(each) > directive.watched_from and _settled(each, now)]
    return [Seen(each, meets(indicator, each.value, directive)) for each in later]


def missing(directive: Directive, seen: Sequence[Seen]) -> Text | None:
    """Why the periods to watch will not all come by themselves: no such number or place any more, or the time of the last one and
    of its delivery is over. None while they may still come."""
    indicator, place = registry.indicator(directive.indicator), place_of(directive)
    if indicator is None:
        return _end_without("chỉ tiêu không còn trong hệ thống", "the indicator is no longer kept")
    if directive.watched_from is None or len(seen) >= directive.watch_periods:
        return None
    if place.valid_to is not None and place.valid_to < timezone.localdate():
        return _end_without(
            f"{place.title.vi} đã kết thúc ngày {place.valid_to:%d/%m/%Y}", f"{place.title.en} ended on {place.valid_to:%d/%m/%Y}"
        )
    grain, cumulative = headline(indicator)
    first = Period.begun_by(directive.watched_from, grain, cumulative=cumulative, regime=regime_of(indicator))
    awaited = first.shift(directive.watch_periods - 1)
    if timezone.now() <= awaited.interval()[1] + freshness(SYSTEM, indicator.code, place).cadence:
        return None
    came = f"{len(seen)}/{directive.watch_periods}"
    return _end_without(f"mới có {came} kỳ số liệu, đã quá hạn gửi", f"{came} periods came in, and they are overdue")


def meets(indicator: Indicator, value: float | None, directive: Directive) -> bool:
    """Whether a value reaches the goal, both as a person reads them."""
    if value is None or directive.goal is None:
        return False
    return _reaches(indicator, value, directive.goal, directive.goal_up)


def in_words(indicator: Indicator, amount: float | None) -> Text:
    """ "63,5%", "7.842 tỷ đồng"."""

    def one(language: str) -> str:
        if amount is None:
            return formats.MISSING
        rounded = half_up(amount, indicator.places)
        places = 0 if rounded == rounded.to_integral_value() else indicator.places
        unit = indicator.unit.to(language)
        return formats.number(rounded, places, language) + ("%" if unit == "%" else f" {unit}")

    return Text(one("vi"), one("en"))


def told(directive: Directive, seen: Sequence[Seen]) -> Text:
    """The numbers of the periods seen, beside the goal, as one sentence."""
    indicator = registry.indicator(directive.indicator)
    assert indicator is not None  # seen holds values of it
    goal = goal_words(indicator, directive)
    periods = [(each.cell.period, in_words(indicator, each.cell.value)) for each in seen]
    vi = "; ".join(f"{period.title('vi')}: {value.vi}" for period, value in periods)
    en = "; ".join(f"{period.title('en')}: {value.en}" for period, value in periods)
    return Text(f"{indicator.title.vi} {goal.vi}. {vi}", f"{indicator.title.en} {goal.en}. {en}")


def goal_words(indicator: Indicator, directive: Directive) -> Text:
    """ "mục tiêu từ 98%" or "mục tiêu không quá 50"."""
    amount = in_words(indicator, directive.goal)
    if directive.goal_up:
        return Text(f"mục tiêu từ {amount.vi}", f"goal at least {amount.en}")
    return Text(f"mục tiêu không quá {amount.vi}", f"goal at most {amount.en}")


def period_words(indicator: Indicator, code: str) -> Text:
    """The name of a period of `indicator` that was kept by its code."""
    period = Period.parse(code, regime_of(indicator))
    return Text(period.title("vi"), period.title("en"))


def _reaches(indicator: Indicator, value: float, goal: float, up: bool) -> bool:
    shown, wanted = half_up(value, indicator.places), half_up(goal, indicator.places)
    return shown >= wanted if up else shown <= wanted


def _end_without(vi: str, en: str) -> Text:
    return Text(
        f"Không theo dõi tiếp được: {vi}. Kết thúc hoặc yêu cầu làm tiếp.",
        f"Watching cannot end: {en}. Close it or send it back.",
    )


def _settled(cell: Cell, now: datetime) -> bool:
    return cell.status != "automatic" or _end(cell) <= now


def _end(cell: Cell) -> datetime:
    return cell.period.interval()[1].astimezone(UTC)
