"""Values of indicators over rows (records, readings): which periods and units the touched rows stand in, then few wide queries.

Every unit that holds a touched row is asked again, with everything around it: custom areas, the province, what it was merged
into. A unit and period without rows has counted nothing, which is a value; a rate of nothing is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from toancanh.indicators.cells import Place, standing
from toancanh.indicators.evaluators import months
from toancanh.indicators.evaluators.figures import a_year_later, cumulative_grains
from toancanh.indicators.evaluators.months import Months
from toancanh.indicators.evaluators.places import Places
from toancanh.indicators.evaluators.targets import target_at
from toancanh.indicators.evaluators.value import NOTHING, Value
from toancanh.kernel.contracts import Dataset, Indicator
from toancanh.kernel.expressions import columns_in
from toancanh.kernel.measures import Growth, Leaf, Outcome, Reported, Series, Stock, leaves, outcome, percent_change
from toancanh.kernel.periods import VIETNAM, Grain, Period
from toancanh.store.evaluate import Answer, evaluate, nothing
from toancanh.store.groups import TAG, ByAgency, ByArea, ByColumn, Group, Several, Whole
from toancanh.store.rows import Touched

DIMENSION = 160  # characters kept of "column=value"
HOURS_KEPT, DAYS_KEPT = timedelta(days=92), timedelta(days=400)
MANY = 200  # periods from which it pays to ask for days and months apart
PeriodsOf = Callable[[Indicator], set[Period]]
Periods = Mapping[str, set[Period]]  # by indicator
Simple = ByArea | ByAgency | ByColumn | Whole
WHOLE, AREAS, AGENCIES = "*whole", "*areas", "*agencies"  # other groups are called by their column


@dataclass(frozen=True, slots=True)
class Dress:
    """How far the data of a period reach (naive Viet Nam time), and its target."""

    reached: datetime
    target: float | None


@dataclass(frozen=True)
class Asked:
    """One run over a dataset: the units that rows were touched in, the moment, and the newest delivery.

    `reached` is how far the data reach when only the clock moved; None: to the present. `own`: only the values of the centre's
    own place without breakdowns (True), only the others (False), all (None).
    """

    dataset: Dataset
    areas: frozenset[str]
    agencies: frozenset[str]
    root: str
    places: Places
    now: datetime
    seq: int
    reached: datetime | None = None
    known_seq: int | None = None
    own: bool | None = None
    _there: dict[tuple[str, date], str | None] = field(default_factory=dict)
    _dress: dict[tuple[str, Period], Dress] = field(default_factory=dict)

    def subjects(self) -> frozenset[str]:
        """The touched areas and all around them, the centre's own place included."""
        return self.places.moved_with(self.areas, self.root) | {self.root}

    @cached_property
    def local(self) -> datetime:
        """The moment of the run, naive Viet Nam time."""
        return self.now.astimezone(VIETNAM).replace(tzinfo=None)

    @cached_property
    def reached_local(self) -> datetime:
        """How far the data reach, naive Viet Nam time."""
        return self.local if self.reached is None else _local(self.reached)

    def dress(self, indicator: Indicator, period: Period) -> Dress:
        """What every unit's value of an indicator in a period says of it."""
        place = (indicator.code, period)
        if place not in self._dress:
            end = period.span[1]
            target = target_at(indicator, period, _no_plan, min(end, self.local))
            self._dress[place] = Dress(min(end, self.reached_local), target)
        return self._dress[place]

    def method(self, key: str, period: Period) -> str | None:
        """How `key` has a value in `period`: "" as it existed, "forerunners" as what it was made of; None: not at all."""
        return self.method_on(key, self.day_of(period))

    def day_of(self, period: Period) -> date:
        """The day whose map a period is shown on: its last, or today while it runs."""
        return min(period.last_day, self.local.date())

    def method_on(self, key: str, day: date) -> str | None:
        """The same on a day."""
        if (key, day) not in self._there:
            made = "forerunners" if self.places.made_of(key, day) else None
            self._there[key, day] = "" if self.places.exists(key, day) else made
        return self._there[key, day]


def from_rows(indicator: Indicator) -> bool:
    """True for measures that the store computes from rows."""
    return not isinstance(indicator.measure, Series) and not any(isinstance(leaf, Reported) for leaf in leaves(indicator.measure))


def moved_by_the_clock(indicator: Indicator) -> bool:
    """True when its value changes although no row does: what is alive now, what is overdue now."""
    found = leaves(indicator.measure)
    return any(isinstance(leaf, Stock) or months.reads_now(leaf) for leaf in found)


def periods_touched(indicator: Indicator, touched: Touched, dataset: Dataset, now: datetime) -> set[Period]:
    """The periods, begun by `now`, whose value the touched rows may change."""
    found: set[Period] = set()
    for leaf in set(leaves(indicator.measure)):
        if isinstance(leaf, Stock):
            found |= _since(indicator, touched, leaf, now)
        elif not isinstance(leaf, Reported):
            found |= _holding(indicator, touched, leaf.at.name if leaf.at else dataset.time, now)
    if isinstance(indicator.measure, Growth):
        found |= {a_year_later(each) for each in found}
    return without_old_hours({each for each in found if each.start <= _local(now)})


def without_old_hours(periods: set[Period]) -> set[Period]:
    """Hours are kept for the last quarter of a year of what arrived; older ones live on in their days and in the rows.

    Ordinary deliveries lie within it whole. It spares a load of years of history a hundred thousand cells a station.
    """
    newest = max((each.start for each in periods if each.grain is Grain.HOUR), default=None)
    if newest is None:
        return periods
    return {each for each in periods if each.grain is not Grain.HOUR or newest - each.start <= HOURS_KEPT}


def values(asked: Asked, indicators: Sequence[Indicator], periods_of: PeriodsOf) -> Iterator[tuple[Place, Value]]:
    """Fresh values for every unit and breakdown that the run touches.

    What can be added up is counted by day and month; longer periods are summed from the months (see `months`).
    """
    wanted = {each.code: periods_of(each) for each in indicators}
    if asked.reached is None and max(map(len, wanted.values()), default=0) <= MANY:
        wanted = {each.code: _without_the_clocks(each, wanted[each.code], asked.now) for each in indicators}
    known = Months()
    for members in _together(indicators, wanted):
        counted = {each.code: wanted[each.code] - months.summed(each, wanted[each.code]) for each in members}
        for place, value in _counted(asked, members, counted):
            known.note(place, value)
            yield place, value
    for indicator in indicators:
        long = months.summed(indicator, wanted[indicator.code])
        for place, result in known.sums(indicator, long):
            method = asked.method(asked.places.key_of(place.unit), place.period)
            if method is not None:
                yield place, _dressed(asked, indicator, place.period, result, method)


def _without_the_clocks(indicator: Indicator, periods: set[Period], now: datetime) -> set[Period]:
    """Without the long periods that run and ask for the present: the clock renews them within the minute.

    A delivery then reads the rows of its month, not those of the year. Stocks of all running periods are one moment: they stay.
    """
    found = set(leaves(indicator.measure))
    if any(isinstance(leaf, Stock) for leaf in found) or not any(map(months.reads_now, found)):
        return periods
    short = {Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.MONTH}
    return {each for each in periods if (each.grain in short and not each.cumulative) or each.interval()[1] <= now}


def _counted(asked: Asked, members: Sequence[Indicator], periods: Periods) -> Iterator[tuple[Place, Value]]:
    late = {code: _without_old_days(own) for code, own in periods.items()}
    whole: dict[str, Simple] = {} if asked.own is False else {WHOLE: Whole(asked.root)}
    parts = {} if asked.own else _parts(asked, members)
    wide = set().union(*periods.values())
    if not whole | parts:
        return
    rounds = [whole | parts] if len(wide) <= MANY else [{tag: group} for tag, group in (whole | parts).items()]
    for groups in rounds:
        asked_for = periods if WHOLE in groups else late
        for tag, answer in _ask(asked, members, set().union(*asked_for.values()), groups).items():
            yield from _told(asked, members, periods if tag == WHOLE else late, tag, answer)


def _told(
    asked: Asked, members: Sequence[Indicator], periods: Periods, tag: str, answer: Answer
) -> Iterator[tuple[Place, Value]]:
    """The values that one group's answer holds."""
    if tag in (WHOLE, AREAS, AGENCIES):
        keys = {WHOLE: {asked.root}, AREAS: asked.subjects() - {asked.root}, AGENCIES: asked.agencies}[tag]
        return _of_units(asked, members, periods, answer, keys)
    return _breakdown(asked, [each for each in members if tag in _names(each)], periods, answer, tag)


def _together(indicators: Iterable[Indicator], wanted: Periods) -> Iterator[list[Indicator]]:
    """Indicators that one query may answer: stocks apart from flows; over many periods also days apart from months."""
    many = max(map(len, wanted.values()), default=0) > MANY
    found: dict[tuple[bool, bool], list[Indicator]] = defaultdict(list)
    for each in indicators:
        if not wanted[each.code]:
            continue  # its query would answer nothing that is asked for
        stock = any(isinstance(leaf, Stock) for leaf in leaves(each.measure))
        found[stock, many and bool(_FINE.intersection(each.grains))].append(each)
    yield from found.values()


def _without_old_days(periods: set[Period]) -> set[Period]:
    """Days are kept for the last year and a month, but for the whole place: its days are kept for ever."""
    newest = max((each.start for each in periods if each.grain is Grain.DAY), default=None)
    if newest is None:
        return periods
    return {each for each in periods if each.grain is not Grain.DAY or newest - each.start <= DAYS_KEPT}


def _parts(asked: Asked, members: Iterable[Indicator]) -> dict[str, Simple]:
    """The touched areas with all around them, the agencies, and the declared breakdowns of the whole place."""
    dataset, found = asked.dataset, dict[str, Simple]()
    mapping = _mapping(asked.places, asked.subjects() - {asked.root}) if dataset.area else {}
    if mapping:
        found[AREAS] = ByArea(mapping)
    if dataset.agency and asked.agencies:
        found[AGENCIES] = ByAgency()
    for each in members:
        for name in _names(each):
            if name != dataset.agency:  # agencies are units: they have cells of their own
                found[name] = ByColumn(name)
    return found


def _names(indicator: Indicator) -> list[str]:
    return [column.name for column in indicator.by]


def _mapping(places: Places, subjects: Iterable[str]) -> dict[str, list[str]]:
    mapping: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(subjects):
        for area in places.territory(subject):
            mapping[area].append(subject)
    return mapping


def _ask(
    asked: Asked, indicators: Iterable[Indicator], periods: set[Period], groups: Mapping[str, Simple]
) -> dict[str, Answer]:
    """The answers by group; several groups are answered by one reading of the rows."""
    wanted: dict[Leaf, None] = {}
    wide = set(periods)
    for each in indicators:
        wanted.update(dict.fromkeys(leaves(each.measure)))
        if isinstance(each.measure, Growth):
            wide |= {period.same_last_year() for period in periods}
    group: Group = next(iter(groups.values())) if len(groups) == 1 else Several(tuple(groups.items()))
    answer = evaluate(asked.dataset, wanted, wide, group, now=asked.now, known_seq=asked.known_seq)
    if len(groups) == 1:
        return dict.fromkeys(groups, answer)
    found: dict[str, Answer] = {tag: {} for tag in groups}
    for (subject, period), values in answer.items():
        tag, _, name = subject.partition(TAG)
        found[tag][name, period] = values
    return found


def _of_units(
    asked: Asked, members: Iterable[Indicator], periods: Periods, answer: Answer, keys: Iterable[str]
) -> Iterator[tuple[Place, Value]]:
    known = [(key, asked.places.id_of(key)) for key in keys if asked.places.entry(key) is not None]
    for indicator in members:
        for period in periods[indicator.code]:
            day = asked.day_of(period)
            for key, unit in known:
                method = asked.method_on(key, day)
                if method is not None:
                    yield Place(indicator.code, unit, period), _value(asked, indicator, period, answer, key, method)


def _breakdown(
    asked: Asked, members: Sequence[Indicator], periods: Periods, answer: Answer, name: str
) -> Iterator[tuple[Place, Value]]:
    """One value for each value of a declared breakdown, of the whole place; nothing where no rows are left."""
    root = asked.places.id_of(asked.root)
    wide = set().union(*(periods[each.code] for each in members))
    emptied = standing([each.code for each in members], root, wide, name)
    for subject, period in answer:
        dimension = f"{name}={subject}"[:DIMENSION]
        for indicator in members:
            place = Place(indicator.code, root, period, dimension)
            emptied.discard(place)
            if period in periods[indicator.code]:
                yield place, _value(asked, indicator, period, answer, subject, "")
    yield from ((place, NOTHING) for place in emptied)


def _value(asked: Asked, indicator: Indicator, period: Period, answer: Answer, subject: str, method: str) -> Value:
    result = _outcome(indicator, period, answer, subject, asked.now)
    quiet = subject != asked.root and period.grain in _FINE and (subject, period) not in answer
    return _dressed(asked, indicator, period, result, method, quiet=quiet)


def _dressed(asked: Asked, indicator: Indicator, period: Period, result: Outcome, method: str, *, quiet: bool = False) -> Value:
    dress = asked.dress(indicator, period)
    through = dress.reached if asked.reached is None else None  # the clock brings no data
    return Value(result, through=through, at_first=dress.reached, seq=asked.seq, method=method, target=dress.target, quiet=quiet)


def _outcome(indicator: Indicator, period: Period, answer: Answer, subject: str, now: datetime) -> Outcome:
    measure = indicator.measure
    if not isinstance(measure, Growth):
        return outcome(measure, _leaves_of(answer, subject, period, measure))
    if now < period.interval()[1]:
        return Outcome(None)  # a part of a month is not held against a whole one
    before = period.same_last_year()
    current, earlier = (outcome(measure.of, _leaves_of(answer, subject, each, measure)) for each in (period, before))
    return percent_change(current.value, earlier.value)


def _leaves_of(answer: Answer, subject: str, period: Period, measure: object) -> Mapping[Leaf, float | None]:
    return answer.get((subject, period)) or nothing(leaves(measure))  # type: ignore[arg-type]


def _no_plan(_: Reported) -> float | None:
    return None


def _local(now: datetime) -> datetime:
    return now.astimezone(VIETNAM).replace(tzinfo=None)


def _holding(indicator: Indicator, touched: Touched, column: str, now: datetime) -> set[Period]:
    """The periods of the indicator that hold a touched moment of `column`, and the cumulative ones from there on."""
    found: set[Period] = set()
    hours, days = touched.hours.get(column, ()), touched.moments.get(column, ())
    for grain in indicator.grains:
        moments: Iterable[date | datetime] = hours if grain is Grain.HOUR else days
        singles = {Period.begun_by(each, grain) for each in moments}
        found |= singles
        if grain in cumulative_grains(indicator):
            for first in _first_of_each_year(singles):
                found |= set(_until_the_years_end(first, now))
    return found


def _first_of_each_year(periods: Iterable[Period]) -> Iterable[Period]:
    first: dict[int, Period] = {}
    for each in periods:
        if each.year not in first or each.start < first[each.year].start:
            first[each.year] = each
    return first.values()


def _until_the_years_end(first: Period, now: datetime) -> Iterator[Period]:
    period = first.to_cumulative()
    while period.year == first.year and period.start <= _local(now):
        yield period
        period = period.next()


def _since(indicator: Indicator, touched: Touched, stock: Stock, now: datetime) -> set[Period]:
    """A thing that lived from March moves every stock from March to now."""
    names = {column.name for column in (stock.begins, *columns_in(stock.ends), *columns_in(stock.where))}
    days = [day for name in names for day in touched.moments.get(name, ()) if day <= _local(now).date()]
    if not days:
        return set()
    found: set[Period] = set()
    for grain in indicator.grains:
        first = Period.begun_by(max(min(days), (now - timedelta(days=_DEEPEST[grain])).date()), grain)
        found |= set(first.until(Period.begun_by(now.astimezone(UTC), grain)))
    return found


_FINE = frozenset({Grain.HOUR, Grain.DAY, Grain.WEEK})  # here only the whole place keeps a zero for every period

# How far back a stock of each grain is followed when one of its rows changes; a longer life shows in the coarser grains.
_DEEPEST = defaultdict(lambda: 36_500, {Grain.HOUR: 3, Grain.DAY: 1_500, Grain.WEEK: 1_500})
