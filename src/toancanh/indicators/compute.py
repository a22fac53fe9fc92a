"""From landed rows to cells: which values a delivery touches, computed again and written as versions where they differ.

`recompute` is the handler of RowsLanded, `recompute_own` of RowsStored: the centre's own values first, for most screens show
them. `recompute_all` builds everything anew, `follow_units` (of UnitsChanged) what stands on units that changed;
`follow_the_clock` renews what changes by itself. All are idempotent: with nothing new they write nothing. The centre's own values
and all others are two halves that share no cell: two threads may compute them.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from toancanh.indicators import cells
from toancanh.indicators.cells import Place
from toancanh.indicators.evaluators import figures, rows, series
from toancanh.indicators.evaluators.ledger import Ledger
from toancanh.indicators.evaluators.places import Places
from toancanh.indicators.evaluators.rows import Asked
from toancanh.indicators.evaluators.targets import target_at
from toancanh.indicators.evaluators.value import NOTHING, Value
from toancanh.indicators.events import IndicatorMoved
from toancanh.indicators.models import CURRENT, Cell, stored_start
from toancanh.indicators.overrides import Overrides
from toancanh.jobs import queue
from toancanh.jobs.events import tell
from toancanh.jobs.right_of_way import GivingWay
from toancanh.jobs.turns import turn
from toancanh.kernel.contracts import Dataset, Figures, Indicator
from toancanh.kernel.measures import Series
from toancanh.kernel.periods import Period
from toancanh.kernel.registry import registry
from toancanh.store.figures import figure_rows
from toancanh.store.rows import Touched, touched
from toancanh.units.queries import by_key

PORTION = 3_000  # cells written in one transaction: who waits to write waits for one portion at most
MANY_SEQS = 20_000
UNITS_LATER = 5.0  # seconds
OWN_PATIENCE = 0.5  # seconds that who lands rows waits for others who are at the centre's own values
MANY_DAYS = 1_000  # touched by one load of history: it has no first half, the whole comes in its turn
Fresh = Iterator[tuple[Place, Value]]

_writing = threading.RLock()  # threads of one process hand the database over to each other without asking it again and again
_gone_ahead: dict[str, set[int]] = defaultdict(set)  # the deliveries whose own half is done and whose other half is not

def recompute(dataset_code: str, seqs: Collection[int], now: datetime | None = None) -> int:
    """Compute the cells that the deliveries `seqs` of a dataset touch; tells IndicatorMoved. Answers how many values moved.

    What `recompute_own` has done for them is not done again. A dataset or a unit that is not known (any more) is passed over.
    Raises `StoreUnavailable`: do it again later.
    """
    dataset = registry.dataset(dataset_code)
    if dataset is None or not seqs:
        return 0
    ahead = _gone_ahead[dataset_code]
    own = False if ahead.issuperset(seqs) else None
    with _turn(dataset_code, own):
        moved = _run(dataset, touched(dataset, seqs), max(seqs), now or timezone.now(), own=own)
    ahead.difference_update(seqs)
    return moved


def recompute_own(dataset_code: str, seqs: Collection[int], now: datetime | None = None) -> int:
    """The same for the values of the centre's own place alone, without breakdowns. Leaves loads of history to `recompute`, and
    everything while others are long at these values: further rows land meanwhile."""
    dataset = registry.dataset(dataset_code)
    if dataset is None or not seqs:
        return 0
    ahead = _gone_ahead[dataset_code]
    ahead.difference_update(seqs)  # until it is done again
    with _turn(dataset_code, True, patience=OWN_PATIENCE) as ours:
        what = touched(dataset, seqs)
        days: tuple[Collection[object], ...] = (*what.moments.values(), *what.hours.values(), what.periods)
        if not ours or any(len(each) > MANY_DAYS for each in days):
            return 0
        moved = _run(dataset, what, max(seqs), now or timezone.now(), own=True)
    ahead.update(seqs)
    return moved


@contextmanager
def _turn(dataset_code: str, own: bool | None, patience: float | None = None) -> Iterator[bool]:
    """One at a time, in any process, computes a half of a dataset's values (None: both), else what was read first might be
    written last. False when it did not come in time."""
    with ExitStack() as held:
        halves = (True, False) if own is None else (own,)
        yield all(held.enter_context(turn(f"{dataset_code}-{'own' if half else 'others'}", patience)) for half in halves)


def recompute_all(dataset_code: str | None = None, now: datetime | None = None, units: Collection[str] = ()) -> int:
    """Compute every cell of one dataset, or of all; with `units` only the cells of these and of all around them. Answers how many
    values moved."""
    from toancanh.intake.models import Delivery  # the list of deliveries is intake's; nothing else here needs it

    now, moved = now or timezone.now(), 0
    for dataset in [each for each in registry.datasets() if dataset_code in (None, each.code)]:
        sent = list(Delivery.objects.filter(dataset=dataset.code).order_by("pk").values_list("pk", "received_at"))
        if sent:
            seqs, reached = [seq for seq, _ in sent], max(at for _, at in sent)
            parts = [touched(dataset, seqs[begin : begin + MANY_SEQS]) for begin in range(0, len(seqs), MANY_SEQS)]
            what = _joined(parts)
            if units:
                what = replace(what, areas=_counted_in(dataset, what, units), agencies=set())
            if what.areas or not units:
                with _turn(dataset.code, None):
                    moved += _run(dataset, what, seqs[-1], now, reached)
                    moved += _write(_ended(dataset, units, now), now, None)
    return moved


def follow_units(keys: Collection[str]) -> None:
    """The register says something else of these units (no keys: of any): in the background their cells and all that are added up
    from them are computed anew."""
    from toancanh.intake.models import Delivery  # see above

    places = Places()
    areas = sorted(each for each in keys if not places.is_agency(each))  # nothing is added up over agencies
    if (areas or not keys) and Delivery.objects.exists():
        queue.enqueue(recompute_units_job, areas)


def _counted_in(dataset: Dataset, what: Touched, keys: Collection[str]) -> set[str]:
    """Those of the units that hold rows of a dataset, or have values of it from before they changed."""
    places = Places()
    codes = [each.code for each in registry.indicators_of(dataset)]
    kept = Cell.objects.filter(CURRENT, indicator__in=codes, unit__key__in=keys).values_list("unit__key", flat=True)
    return {*kept.distinct(), *(each for each in keys if what.areas.intersection(places.territory(each)))}


def follow_the_clock(now: datetime | None = None) -> int:
    """Renew the values that change although no row does (what is overdue now): in periods that are open or have just closed."""
    now = now or timezone.now()
    moved = 0
    for dataset in registry.datasets():
        moving = [each for each in registry.indicators_of(dataset) if rows.from_rows(each) and rows.moved_by_the_clock(each)]
        for own in (True, False) if moving else ():
            with _turn(dataset.code, own):
                asked = _everywhere(dataset, moving, now, own=own)
                if asked is not None:
                    moved += _write(rows.values(asked, moving, lambda each: _open_periods(each, now)), now, own)
    return moved


def _run(
    dataset: Dataset, what: Touched, seq: int, now: datetime, reached: datetime | None = None, *, own: bool | None = None
) -> int:
    """`own`: only the values of the centre's own place (True), only the others (False), all (None)."""
    if isinstance(dataset, Figures):
        return _write(_from_figures(dataset, what, now, own), now, own)
    by_key(settings.ROOT_UNIT)  # a centre without its place cannot count: say so, and try again when the register is loaded
    areas, agencies = frozenset(what.areas), frozenset(what.agencies)
    asked = Asked(dataset, areas, agencies, settings.ROOT_UNIT, Places(), now, seq, reached=reached, own=own)
    return _write(_from_rows(asked, what), now, own)


def _from_figures(dataset: Figures, what: Touched, now: datetime, own: bool | None) -> Fresh:
    indicators = [each for each in registry.indicators_of(dataset) if figures.items_of(each) & what.items]
    moved = [Period.parse(code, dataset.regime) for code in what.periods]
    periods = {each: {period for one in moved for period in figures.periods_moved(each, one)} for each in indicators}
    wanted = set().union(*periods.values())
    if not wanted:
        return
    places = Places()
    years = {year for period in wanted for year in (period.year - 1, period.year, period.last_day.year)}
    items = frozenset().union(*(figures.items_of(each) for each in indicators))
    ledger = Ledger(figure_rows(dataset, items, years=years), places, dataset.regime)
    subjects = places.moved_with(what.areas, settings.ROOT_UNIT)
    if own is not None:
        subjects = frozenset(each for each in subjects if (each == settings.ROOT_UNIT) is own)
    local = timezone.localtime(now).replace(tzinfo=None)
    for area in sorted(each for each in subjects if places.entry(each) is not None):
        for indicator in indicators:
            for period in periods[indicator]:
                value = figures.evaluate(indicator, area, period, ledger) if period.start <= local else None
                yield Place(indicator.code, places.id_of(area), period), value or NOTHING


def _from_rows(asked: Asked, what: Touched) -> Fresh:
    dataset, now = asked.dataset, asked.now
    indicators = registry.indicators_of(dataset)
    counted = [each for each in indicators if rows.from_rows(each)]
    yield from rows.values(asked, counted, lambda each: rows.periods_touched(each, what, dataset, now))
    for indicator in indicators:
        if isinstance(indicator.measure, Series):
            yield from series.values(asked, indicator, series.periods_touched(indicator, what, now))


def _ended(dataset: Dataset, keys: Collection[str], now: datetime) -> Fresh:
    """Values that stand under a unit (no keys: under any that has ended) on a day on which, as the register says by now, there
    was no such unit."""
    asked = Asked(dataset, frozenset(), frozenset(), settings.ROOT_UNIT, Places(), now, 0)
    codes = [] if isinstance(dataset, Figures) else [each.code for each in registry.indicators_of(dataset)]
    concerned = Q(unit__key__in=keys) if keys else Q(unit__valid_to__isnull=False)
    for each in Cell.objects.filter(CURRENT, concerned, indicator__in=codes):
        if asked.method(asked.places.key_of(each.unit_id), each.period) is None:
            yield Place(each.indicator, each.unit_id, each.period, each.dimension), NOTHING


def _open_periods(indicator: Indicator, now: datetime) -> set[Period]:
    """The periods that hold now, and the ones before them: they end between two looks."""
    forms = [(grain, False) for grain in indicator.grains] + [(grain, True) for grain in figures.cumulative_grains(indicator)]
    held = {Period.begun_by(now, grain, cumulative=cumulative) for grain, cumulative in forms}
    return held | {each.previous() for each in held}


def _everywhere(dataset: Dataset, indicators: Iterable[Indicator], now: datetime, *, own: bool) -> Asked | None:
    """All units that have a value of these indicators of late."""
    places, units, seq, reached = Places(), set[int](), 0, list[datetime]()
    for indicator in indicators:
        starts = {stored_start(each) for each in _open_periods(indicator, now)}
        kept = Cell.objects.filter(CURRENT, indicator=indicator.code, dimension="")
        late = kept.filter(grain__in=indicator.grains, cumulative__in=(False, True), period_start__in=starts)
        for unit, last, as_of in late.values_list("unit").annotate(last=Max("last_seq"), reached=Max("as_of")):
            units.add(unit)
            seq = max(seq, last)
            reached += [as_of] if as_of else []
    if not units or not reached:
        return None
    keys = {places.key_of(each) for each in units}
    agencies = frozenset(each for each in keys if places.is_agency(each))
    areas = frozenset(keys) - agencies
    return Asked(dataset, areas, agencies, settings.ROOT_UNIT, places, now, seq, reached=max(reached), own=own)


def _joined(parts: Iterable[Touched]) -> Touched:
    whole = Touched(set(), set(), {}, {}, set(), set())
    for part in parts:
        for name in ("areas", "agencies", "periods", "items"):
            getattr(whole, name).update(getattr(part, name))
        for name in ("moments", "hours"):
            known, new = getattr(whole, name), getattr(part, name)
            for column, times in new.items():
                known[column] = sorted({*known.get(column, ()), *times})
    return whole


def _write(fresh: Fresh, now: datetime, own: bool | None) -> int:
    """Write in portions, and tell of each what moved. What is not the centre's own gives way to what is; whoever does both holds
    the turn that others wait for, and goes on."""
    versions, way = {each.code: each.version for each in registry.indicators()}, GivingWay()
    moved: set[tuple[str, int]] = set()
    waiting: dict[Place, Value] = {}
    for place, value in fresh:
        waiting[place] = value
        if len(waiting) >= PORTION:
            moved |= _told(waiting, versions, now)
            waiting = {}
        if own is False:
            way.give()
    return len(moved | _told(waiting, versions, now))


def _told(waiting: Mapping[Place, Value], versions: Mapping[str, int], now: datetime) -> set[tuple[str, int]]:
    """Written and told. Another process may have written the same cells at the same moment: then once more over what it wrote."""
    with _writing:
        try:
            return _written(waiting, versions, now)
        except IntegrityError:
            return _written(waiting, versions, now)


def _written(waiting: Mapping[Place, Value], versions: Mapping[str, int], now: datetime) -> set[tuple[str, int]]:
    """Values and the news of them stand or fall together: news lost alone would never come, for written values move no more."""
    overrides, places = Overrides(), Places()  # as they are now: a target that was set meanwhile counts
    dressed = {place: _with_local_target(place, value, overrides) for place, value in waiting.items()}
    changes = cells.compare(dressed, versions, now)
    moved = tuple(sorted(f"{code}:{places.key_of(unit)}" for code, unit in changes.moved))
    if moved:
        with transaction.atomic():
            cells.save(changes, now)
            tell(IndicatorMoved(moved))
    return changes.moved


def _with_local_target(place: Place, value: Value, overrides: Overrides) -> Value:
    """The target that the province set, where it set one, in place of the declared one."""
    if place.indicator not in overrides.with_targets or value.outcome.value is None:
        return value
    declared = registry.indicator(place.indicator)
    if declared is None:
        return value
    indicator = overrides.effective(declared, place.unit, place.period.year)
    if indicator.target == declared.target:
        return value
    return replace(value, target=target_at(indicator, place.period, lambda _: None, value.through))


def _recompute_in_background(dataset_code: str, seqs: list[int]) -> None:
    recompute(dataset_code, seqs)


def _recompute_units_in_background(keys: list[str]) -> None:
    """One at a time: several commands in a row would take all the worker's hands and wait for each other."""
    with turn("units", 0) as ours:
        if ours:
            recompute_all(units=keys)
        else:
            queue.enqueue(recompute_units_job, keys, after_seconds=UNITS_LATER)


recompute_job = queue.job(_recompute_in_background)
recompute_units_job = queue.job(_recompute_units_in_background)
