"""Reads of alerts and rules. Every answer holds only what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from toancanh.kernel.contracts import Rule, Severity
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.units.models import Unit
from toancanh.watch.definitions import Watched, kept, watched
from toancanh.watch.models import OPEN, Alert, LocalLimit, RuleVersion, Silence, State
from toancanh.watch.policy import concerns, missing, visible

MOST = 200  # alerts on one page
RECORD = timedelta(days=365)  # what a rule's record looks back on


def find(actor: Actor, alert_id: int) -> Alert:
    """One alert. Raises `Problem` 404."""
    found = visible(_with_places(), actor).filter(pk=alert_id).first()
    if found is None:
        raise missing()
    return found


def open_alerts(actor: Actor, unit: Unit | None = None, indicator: str | None = None) -> QuerySet[Alert]:
    """Alerts that are not over and not called false, the worst first, then the newest."""
    found = visible(_with_places(), actor).filter(OPEN).exclude(state=State.FALSE_POSITIVE)
    found = found if unit is None else found.filter(unit=unit)
    found = found if indicator is None else found.filter(indicator=indicator)
    return found.order_by("-rank", "-raised_at")


@dataclass(frozen=True)
class Filters:
    """What the list page asks for; "" means any. `state`: "open" (not over), "over", or one state. `order`: "worst" or "newest"
    first; "" is the worst of what is open, the newest of all others."""

    state: str = "open"
    severity: str = ""
    field: str = ""
    rule: str = ""
    order: str = ""

    @property
    def worst_first(self) -> bool:
        return self.order == "worst" or (self.order == "" and self.state == "open")


def alerts(actor: Actor, filters: Filters) -> QuerySet[Alert]:
    """Alerts by the filters, the worst or the newest first."""
    found = visible(_with_places(), actor)
    still = found.filter(OPEN).exclude(state=State.FALSE_POSITIVE)
    found = {"open": still, "over": found.filter(cleared_at__isnull=False)}.get(filters.state, found)
    if filters.state in State.values and filters.state != "open":
        found = found.filter(state=filters.state)
    limits: dict[str, object] = {"severity": filters.severity, "rule": filters.rule}
    found = found.filter(**{name: value for name, value in limits.items() if value})
    if filters.field:
        pack = registry.pack(filters.field)
        found = found.filter(indicator__in=[each.code for each in pack.indicators] if pack else [])
    return found.order_by("-rank", "-raised_at", "-pk") if filters.worst_first else found.order_by("-raised_at", "-pk")


def counts(actor: Actor) -> Mapping[str, int]:
    """How many open alerts there are by severity."""
    rows = open_alerts(actor).order_by().values_list("severity").annotate(Count("id"))
    return dict(rows)


def unanswered(actor: Actor) -> int:
    """How many alerts of high or urgent severity nobody has taken."""
    return open_alerts(actor).filter(state=State.OPEN, severity__in=(Severity.HIGH, Severity.URGENT)).order_by().count()


def title_of(alert: Alert) -> Text:
    """The title of the rule behind an alert, also when the rule is gone."""
    held = watched([alert.rule]).get(alert.rule)
    return held.rule.title if held else Text(alert.rule, alert.rule)


def words(alert: Alert) -> Text:
    """One sentence: what, where, by how much."""
    title, place = title_of(alert), alert.unit.short
    of = subject_name(alert)
    part = f" ({of})" if of else ""
    return Text(
        f"{title.vi}{part}, {place.vi}: {alert.words_vi}.",
        f"{title.en}{part}, {place.en}: {alert.words_en}.",
    )


def subject_name(alert: Alert) -> str:
    """The station, procedure or source that an alert is about; "" when it is about the whole value."""
    return alert.subject.partition("=")[2] or alert.subject.partition(":")[2]


def last_similar(actor: Actor, alert: Alert) -> Alert | None:
    """The last time the same rule rang here and was over; elsewhere when it never did here."""
    ended = visible(_with_places(), actor).filter(rule=alert.rule, cleared_at__isnull=False, raised_at__lt=alert.raised_at)
    ended = ended.order_by("-raised_at")
    return ended.filter(unit=alert.unit_id, subject=alert.subject).first() or ended.first()


def others_of_cause(actor: Actor, alert: Alert) -> list[Alert]:
    """The other open alerts of the same cause."""
    found = open_alerts(actor).filter(cause=alert.cause).exclude(pk=alert.pk)
    return list(found.order_by("-rank", "raised_at")[:MOST])


def rules(actor: Actor) -> list[Watched]:
    """The rules of the fields that `actor` may see, by field."""
    return [each for each in watched().values() if actor.can(Action.VIEW, each.pack.code)]


def rule(actor: Actor, code: str) -> Watched:
    """One rule as it holds. Raises `Problem` 404."""
    found = watched([code]).get(code)
    if found is None or not actor.can(Action.VIEW, found.pack.code):
        raise missing()
    return found


def versions(actor: Actor, code: str) -> list[RuleVersion]:
    """Every version that was saved here, newest first."""
    rule(actor, code)
    return list(RuleVersion.objects.filter(code=code).order_by("-version"))


def rule_at(actor: Actor, code: str, version: int) -> Rule:
    """One rule as it was in a version; 0 is what its field declares. Raises `Problem` 404."""
    rule(actor, code)
    row = RuleVersion.objects.filter(code=code, version=version).first()
    found = kept(row) if row else declared(code) if version == 0 else None
    if found is None:
        raise missing()
    return found


def declared(code: str) -> Rule | None:
    """A rule as its field declares it; None for one that was made here."""
    return next((each for each in registry.rules() if each.code == code), None)


def local_limits(actor: Actor, code: str) -> list[LocalLimit]:
    """Every change of the limits of single units that `actor` may know of, the newest first."""
    held = rule(actor, code)
    rows = LocalLimit.objects.filter(rule=code).select_related("unit").order_by("-made_at", "-pk")
    return [each for each in rows if concerns(actor, held.pack.code, each.unit)]


def silences(actor: Actor, now: datetime | None = None) -> list[Silence]:
    """Silences that hold or are still to come, of rules and places that `actor` may see."""
    fields: dict[str, str | None] = {"": None, **{each.code: each.pack.code for each in rules(actor)}}
    found = Silence.objects.select_related("unit").filter(ends__gt=now or timezone.now(), rule__in=fields).order_by("begins")
    return [each for each in found if concerns(actor, fields[each.rule], each.unit)]


@dataclass(frozen=True, slots=True)
class Record:
    """How a rule has done in the last year: `precision` is the share of alerts that were no false positives."""

    raised: int
    false: int
    open: int

    @property
    def precision(self) -> float | None:
        return (self.raised - self.false) / self.raised if self.raised else None


def records(actor: Actor, codes: list[str] | None = None, now: datetime | None = None) -> dict[str, Record]:
    """The record of each rule, by code, as far as its alerts may be seen by `actor`."""
    found = visible(Alert.objects.all(), actor).filter(raised_at__gte=(now or timezone.now()) - RECORD)
    found = found if codes is None else found.filter(rule__in=codes)
    rows = found.values_list("rule").annotate(
        raised=Count("id"),
        false=Count("id", filter=Q(state=State.FALSE_POSITIVE)),
        still=Count("id", filter=OPEN & ~Q(state=State.FALSE_POSITIVE)),
    )
    return {code: Record(raised, false, still) for code, raised, false, still in rows}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long it took in the last year, half of the times at most: until somebody took an alert, until it was over."""

    taken: timedelta | None
    over: timedelta | None


def pace(actor: Actor, code: str, now: datetime | None = None) -> Pace:
    """The pace of one rule, as far as its alerts may be seen by `actor`; false positives do not count."""
    found = visible(Alert.objects.all(), actor).filter(rule=code, raised_at__gte=(now or timezone.now()) - RECORD)
    rows = found.exclude(state=State.FALSE_POSITIVE).values_list("raised_at", "acknowledged_at", "cleared_at")
    taken = [(taken - raised).total_seconds() for raised, taken, _ in rows if taken is not None]
    over = [(over - raised).total_seconds() for raised, _, over in rows if over is not None]
    return Pace(*(timedelta(seconds=median(each)) if each else None for each in (taken, over)))


def _with_places() -> QuerySet[Alert]:
    return Alert.objects.select_related("unit", "owner")
