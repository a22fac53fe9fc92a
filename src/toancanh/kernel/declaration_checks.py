"""Start-up checks of a pack: each mistake names the file and line of the declaration that made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from toancanh.kernel.bounds import bounds_of
from toancanh.kernel.contracts import (
    BAND_STATUSES,
    Breakdown,
    Dataset,
    Figures,
    Fixed,
    Indicator,
    MonthlyPath,
    Pack,
    Scene,
    YearPlan,
)
from toancanh.kernel.expressions import columns_in
from toancanh.kernel.fields import Kind
from toancanh.kernel.measures import (
    Count,
    Distinct,
    Extreme,
    Growth,
    Measure,
    Quantile,
    Ratio,
    Reported,
    Series,
    Stock,
    Total,
    leaves,
)
from toancanh.kernel.rule_checks import rule_mistakes
from toancanh.kernel.shape_checks import shape_mistakes
from toancanh.kernel.text import Text

_TIMES = (Kind.TIME, Kind.DAY, Kind.PERIOD)
CODE_SHAPE = re.compile(r"[a-z][a-z0-9_]*")


class DeclarationError(ValueError):
    """A pack is declared wrongly. The message begins with "folder/file.py:line"."""

    def __init__(self, site: str, what: str) -> None:
        super().__init__(f"{site}: {what}")


def check_pack(pack: Pack) -> None:
    """Raise the first `DeclarationError` found in `pack`."""
    for site, what in mistakes(pack):
        raise DeclarationError(site, what)


def mistakes(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every mistake in `pack` as (site, what)."""
    misshapen = list(shape_mistakes(pack))
    yield from misshapen or _of_meaning(pack)  # what is of the wrong kind cannot be asked what it means


def _of_meaning(pack: Pack) -> Iterator[tuple[str, str]]:
    yield from _named(pack.code, pack.title, pack.site)
    for dataset in pack.datasets:
        yield from _dataset(dataset)
    for indicator in pack.indicators:
        yield from _indicator(indicator, pack)
    for rule in pack.rules:
        yield from _named(rule.code, rule.title, rule.site)
        yield from rule_mistakes(rule, pack)
    for scene in pack.scenes:
        yield from _scene(scene, pack)
    for indicator in pack.headline:
        if indicator not in pack.indicators:
            yield pack.site, f"headline indicator {indicator.code!r} is not among the pack's indicators"


def _named(code: str, title: Text, site: str) -> Iterator[tuple[str, str]]:
    if not CODE_SHAPE.fullmatch(code):
        yield site, f"code {code!r} must be lower case letters, digits and _"
    if not title.vi.strip() or not title.en.strip():
        yield site, f"{code!r} needs a title in both languages"


def _dataset(dataset: Dataset) -> Iterator[tuple[str, str]]:
    yield from _named(dataset.code, dataset.title, dataset.site)
    names = [each.name for each in dataset.fields]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield dataset.site, f"field {name!r} stands twice"
    for name in names:
        if not CODE_SHAPE.fullmatch(name):
            yield dataset.site, f"field name {name!r} must be lower case letters, digits and _"
    version: str | None = getattr(dataset, "version", None)
    for wanted in (*dataset.key, dataset.time, dataset.area, dataset.agency, version):
        if wanted is not None and wanted not in names:
            yield dataset.site, f"{wanted!r} is named but is no field of {dataset.code!r}"
    if not dataset.key:
        yield dataset.site, f"{dataset.code!r} has no key"
    yield from _fields(dataset)


def _fields(dataset: Dataset) -> Iterator[tuple[str, str]]:
    kinds = {each.name: each.type.kind for each in dataset.fields}
    for named, allowed in ((dataset.time, _TIMES), (dataset.area, (Kind.AREA,)), (dataset.agency, (Kind.AGENCY,))):
        if named in kinds and kinds[named] not in allowed:
            words = " or ".join(each.name for each in allowed)
            yield dataset.site, f"{named!r} of {dataset.code!r} is of kind {kinds[named].name}; {words} is needed there"
    for each in dataset.fields:
        if each.low is not None and each.high is not None and each.low > each.high:
            yield dataset.site, f"field {each.name!r} of {dataset.code!r} has low={each.low:g} above high={each.high:g}"


def _indicator(indicator: Indicator, pack: Pack) -> Iterator[tuple[str, str]]:
    yield from _named(indicator.code, indicator.title, indicator.site)
    if indicator.dataset not in pack.datasets:
        yield indicator.site, f"{indicator.code!r} measures {indicator.dataset.code!r}, which its pack does not declare"
    if not indicator.grains:
        yield indicator.site, f"{indicator.code!r} has no grain"
    if len(indicator.classes) not in (0, 4) or list(indicator.classes) != sorted(indicator.classes):
        yield indicator.site, f"{indicator.code!r} needs four rising class boundaries, or none"
    if not indicator.basis.strip():
        yield indicator.site, f"{indicator.code!r} has no legal basis"
    if not indicator.definition.vi.strip() or not indicator.definition.en.strip():
        yield indicator.site, f"{indicator.code!r} needs a definition in both languages"
    yield from _bands(indicator)
    yield from _bounds(indicator)
    yield from _measure(indicator)
    if isinstance(indicator.measure, Series):
        yield from _series(indicator, indicator.measure)


def _bands(indicator: Indicator) -> Iterator[tuple[str, str]]:
    for band in indicator.bands:
        if band.status not in BAND_STATUSES:
            allowed = ", ".join(BAND_STATUSES)
            yield indicator.site, f"{indicator.code!r} has a band of status {band.status!r}; it is one of {allowed}"
    lows = [each.low for each in indicator.bands]
    if any(later <= earlier for earlier, later in pairwise(lows)):
        yield indicator.site, f"{indicator.code!r} has bands that do not rise: each begins above the one before"


def _bounds(indicator: Indicator) -> Iterator[tuple[str, str]]:
    bounds = bounds_of(indicator)
    if bounds.low is not None and bounds.high is not None and bounds.low >= bounds.high:
        yield indicator.site, f"{indicator.code!r} can be nothing: its low {bounds.low} is not below its high {bounds.high}"
    target = indicator.target
    values = (target.value,) if isinstance(target, Fixed) else target.values if isinstance(target, MonthlyPath) else ()
    for value in values:
        if not bounds.hold(value):
            yield indicator.site, f"{indicator.code!r} has the target {value}, but is between {bounds.low} and {bounds.high}"


def _series(indicator: Indicator, measure: Series) -> Iterator[tuple[str, str]]:
    code, site = indicator.code, indicator.site
    if measure.hours <= 0:
        yield site, f"{code!r} looks back {measure.hours} hours; it needs at least one"
    if measure.stays < 0:
        yield site, f"{code!r} lets a reading stay {measure.stays} hours; 0 is the least"
    if indicator.cumulative:
        yield site, f"{code!r} is a function over readings and never adds up: leave cumulative out"
    kinds = {each.name: each.type.kind for each in indicator.dataset.fields}
    for column in measure.inputs:
        if kinds.get(column.name, Kind.NUMBER) is not Kind.NUMBER:
            yield site, f"{code!r} reads {column.name!r}, which is no NUMBER; the function is given the times anyway"
    if kinds.get(indicator.dataset.time, Kind.TIME) is not Kind.TIME:
        yield site, f"{code!r} looks back by hours, but {indicator.dataset.time!r} of {indicator.dataset.code!r} is no TIME"


def _measure(indicator: Indicator) -> Iterator[tuple[str, str]]:
    names = {each.name for each in indicator.dataset.fields}
    read = [*_columns(indicator.measure), *(each.name for each in indicator.by)]
    for name in read:
        if name not in names:
            yield indicator.site, f"{indicator.code!r} reads {name!r}, which is no field of {indicator.dataset.code!r}"
    yield from _items(indicator)


def _items(indicator: Indicator) -> Iterator[tuple[str, str]]:
    reported = [each for each in leaves(indicator.measure) if isinstance(each, Reported)]
    if isinstance(indicator.target, YearPlan):
        reported.append(indicator.target.plan)
    if not reported:
        return
    if not isinstance(indicator.dataset, Figures):
        yield indicator.site, f"{indicator.code!r} reads a reported figure, but {indicator.dataset.code!r} is no figures dataset"
        return
    known = {each.code for each in indicator.dataset.items}
    for leaf in reported:
        if leaf.item not in known:
            yield indicator.site, f"{indicator.code!r} reads the figure {leaf.item!r}, which {indicator.dataset.code!r} lacks"


def _columns(measure: Measure) -> Iterator[str]:
    match measure:
        case Ratio():
            yield from _columns(measure.top)
            yield from _columns(measure.bottom)
        case Growth():
            yield from _columns(measure.of)
        case Series():
            yield from (each.name for each in (*measure.inputs, measure.station))
        case Count() | Total() | Extreme() | Quantile() | Distinct() | Stock():
            for slot in measure.__slots__:
                yield from (each.name for each in columns_in(getattr(measure, slot)))


def _scene(scene: Scene, pack: Pack) -> Iterator[tuple[str, str]]:
    yield from _named(scene.code, scene.title, scene.site)
    for widget in scene.widgets:
        for slot in widget.__slots__:
            value = getattr(widget, slot)
            if isinstance(value, Indicator) and value not in pack.indicators:
                yield scene.site, f"scene {scene.code!r} shows {value.code!r}, which its pack does not declare"
        if isinstance(widget, Breakdown) and widget.by not in widget.indicator.by:
            code, by = widget.indicator.code, widget.by.name
            yield scene.site, f"scene {scene.code!r} breaks {code!r} down by {by!r}, which is not among its `by`"
