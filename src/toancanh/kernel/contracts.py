"""The whole language in which a field (pack) is declared, on one page. Values only: frozen, comparable, free of I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from toancanh.kernel.agency_roles import AgencyRole
from toancanh.kernel.conditions import Condition
from toancanh.kernel.declared import declaration_site
from toancanh.kernel.expressions import Column
from toancanh.kernel.fields import Field
from toancanh.kernel.measures import Measure, Reported
from toancanh.kernel.periods import Grain, Regime
from toancanh.kernel.text import Text

Row = dict[str, object]
Parse = Callable[[bytes], list[Row]]


class Level(StrEnum):
    """Whose value a cell may be."""

    COUNTRY = "country"
    REGION = "region"
    PROVINCE = "province"
    DISTRICT = "district"  # abolished on 01/07/2025; lives on as history and as custom areas
    COMMUNE = "commune"
    CUSTOM = "custom"
    AGENCY = "agency"


class Good(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    NEUTRAL = "neutral"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """What a source delivers. `key` names the fields that make a row unique; `time` places it; `cadence` is the agreed pace.

    `parse` turns a payload that is not a plain table into rows of plain values; it names its own fields.
    """

    code: str
    title: Text
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    time: str
    area: str | None = None
    agency: str | None = None
    owner: AgencyRole
    cadence: timedelta
    parse: Parse | None = None
    site: str = field(default_factory=declaration_site, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Record(Dataset):
    """Things with a key and a life (a dossier): the latest row of a key is its state. `version` orders rows of one key;
    without it the later delivery wins."""

    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class Readings(Dataset):
    """Events or readings appended in time. A repeated key replaces its reading."""

    oldest: timedelta = timedelta(days=366)  # readings later than this are held for review


@dataclass(frozen=True, slots=True)
class Item:
    """One figure that agencies report: code, words, unit, and the bounds outside which a value is surely wrong."""

    code: str
    title: Text
    unit: Text
    low: float | None = None
    high: float | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Figures(Dataset):
    """Reported figures: one value per item, area and period, with a status (estimate, provisional, official).

    `grain` is the usual period of a report; a row's own period may be coarser. Built by `figures()`.
    """

    items: tuple[Item, ...]
    grain: Grain
    regime: Regime = Regime.STATISTICAL


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same target all the time."""

    value: float


@dataclass(frozen=True, slots=True)
class MonthlyPath:
    """A target for the end of each of the twelve months (cumulative indicators) or for each month."""

    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The year's plan as reported, taken in by `shares` (cumulative share expected by the end of each month; even by default)."""

    plan: Reported
    shares: tuple[float, ...] = tuple(month / 12 for month in range(1, 13))


Target = Fixed | MonthlyPath | YearPlan


BAND_STATUSES = ("ok", "warn", "bad", "urgent", "info")


@dataclass(frozen=True, slots=True)
class Band:
    """A named colour band of a scale: from `low` up to the next band. `status` is one of `BAND_STATUSES`."""

    low: float
    title: Text
    colour: str
    status: str


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A number with a meaning.

    `grains` are the periods it exists for (the first is its own); `cumulative` adds "lũy kế" from 1 January. `tolerance` is the
    share of the target within which a miss is "needs attention". `classes` are four round map boundaries. `by` lists extra
    breakdowns. `low` and `high` bound what it can be at all, where its measure does not say so (`bounds.bounds_of`).
    """

    code: str
    title: Text
    dataset: Dataset
    measure: Measure
    unit: Text
    definition: Text
    basis: str
    owner: AgencyRole
    good: Good
    grains: tuple[Grain, ...]
    places: int = 1
    low: float | None = None
    high: float | None = None
    cumulative: bool = False
    target: Target | None = None
    tolerance: float = 0.05
    smallest_base: int = 0
    bands: tuple[Band, ...] = ()
    classes: tuple[float, ...] = ()
    by: tuple[Column, ...] = ()
    short: Text | None = None
    version: int = 1
    site: str = field(default_factory=declaration_site, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class After:
    """From `wait` on the severity is another one."""

    wait: timedelta
    severity: Severity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When a value is worth waking somebody, for every unit of a level. Declared here, evaluated by `watch`.

    It judges the newest value of `grain` (the indicator's own by default), `cumulative` from 1 January or not, with `by` each
    value of a breakdown by itself. `hold`: how long the condition must last. Fewer than `smallest_base` rows behind a rate (the
    indicator's by default) are not judged. `rises`: severities after so long open without anybody's answer; `falls`: after so
    long no longer beyond the limit, though not yet over. `advice`: what to do first.
    """

    code: str
    title: Text
    indicator: Indicator
    every: Level
    severity: Severity
    basis: str
    condition: Condition
    grain: Grain | None = None
    cumulative: bool = False
    by: Column | None = None
    hold: timedelta = timedelta(0)
    smallest_base: int | None = None
    rises: tuple[After, ...] = ()
    falls: tuple[After, ...] = ()
    advice: Text | None = None
    site: str = field(default_factory=declaration_site, compare=False, repr=False)

    @property
    def watched_grain(self) -> Grain:
        """The grain of the values it judges."""
        return self.grain or self.indicator.grains[0]

    @property
    def needed_base(self) -> int:
        """How many rows a rate must rest on."""
        return self.indicator.smallest_base if self.smallest_base is None else self.smallest_base


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its status, bullet and comparison."""

    indicator: Indicator


@dataclass(frozen=True, slots=True)
class Choropleth:
    """A map of a rate by area."""

    indicator: Indicator
    level: Level = Level.COMMUNE


@dataclass(frozen=True, slots=True)
class Ranking:
    """The worst units, worst first; `beside` is a second figure shown in the row."""

    indicator: Indicator
    level: Level = Level.COMMUNE
    worst: int = 8
    beside: Indicator | None = None


@dataclass(frozen=True, slots=True)
class YearLine:
    """This year, last year and the target, by period."""

    indicator: Indicator


@dataclass(frozen=True, slots=True)
class Flow:
    """What came in (bars) and what went out (line), by day."""

    arrived: Indicator
    settled: Indicator
    days: int = 14


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One indicator by one of its declared breakdowns, largest first."""

    indicator: Indicator
    by: Column
    top: int = 8


Widget = Tile | Choropleth | Ranking | YearLine | Flow | Breakdown


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the video wall shows at one time, and the question it answers in five seconds."""

    code: str
    title: Text
    asks: Text
    widgets: tuple[Widget, ...]
    site: str = field(default_factory=declaration_site, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class Pack:
    """One field of government: what it measures, warns about and shows. `headline` indicators go to the overview."""

    code: str
    title: Text
    icon: str
    owner: AgencyRole
    datasets: tuple[Dataset, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...] = ()
    scenes: tuple[Scene, ...] = ()
    headline: tuple[Indicator, ...] = ()
    site: str = field(default_factory=declaration_site, compare=False, repr=False)
