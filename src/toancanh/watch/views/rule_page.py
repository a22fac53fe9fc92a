"""S30: all that the page of one rule prints: its words, record, form, trial, limits of single places and versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from toancanh.kernel.contracts import Level, Rule
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, StatusView
from toancanh.ui.tables import Fact, FactsView, TableView, TrailView
from toancanh.units.models import Unit
from toancanh.units.queries import agencies, descendants, root
from toancanh.watch import queries
from toancanh.watch.definitions import Watched, kept
from toancanh.watch.models import LocalLimit
from toancanh.watch.policy import concerns, may_configure
from toancanh.watch.queries import Record
from toancanh.watch.views import rule_history, rule_local, words
from toancanh.watch.views.rule_history import Edition
from toancanh.watch.views.rule_local import LocalView


@dataclass(frozen=True)
class RulePage:
    """All that the page prints."""

    rule: Rule
    version: int
    active: bool
    trail: TrailView
    said: str
    severity: StatusView
    facts: FactsView
    record: Sequence[Fact]
    may_change: bool
    units: Sequence[Unit]
    limits: Sequence[LocalLimit]
    local: LocalView
    versions: TableView


def trail(title: str, href: str) -> TrailView:
    """The way here from the list of rules."""
    return TrailView((Link(t("Quy tắc cảnh báo", "Alert rules"), "/rules"), Link(title, href)))


def page(actor: Actor, held: Watched, now: datetime) -> RulePage:
    """The page of one rule, which the actor may see."""
    rule = held.rule
    units = [each for each in _watched_units(rule, root()) if concerns(actor, held.pack.code, each)]
    own = [each for each in units if may_configure(actor, held, each)]
    limits = queries.local_limits(actor, held.code)
    return RulePage(
        rule=rule,
        version=held.version,
        active=held.active,
        trail=trail(tx(rule.title), f"/rules/{rule.code}"),
        said=words.sentence(rule),
        severity=words.severity(rule.severity),
        facts=_facts(rule),
        record=_record(actor, held, now),
        may_change=may_configure(actor, held),
        units=own,
        limits=limits,
        local=rule_local.view_of(held, limits, {each.pk for each in own}),
        versions=rule_history.table(editions(actor, held), held.code, held.version),
    )


def editions(actor: Actor, held: Watched) -> list[Edition]:
    """Every version that can be gone back to, the newest first; the declaration of the field is the last."""
    found = [Edition(each.version, kept(each), each.active, each) for each in queries.versions(actor, held.code)]
    first = queries.declared(held.code)
    return found if first is None else [*found, Edition(0, first)]


def _watched_units(rule: Rule, place: Unit) -> list[Unit]:
    if place.level == rule.every.value:
        return [place]
    return agencies(parent=place) if rule.every is Level.AGENCY else descendants(place, rule.every)


def _facts(rule: Rule) -> FactsView:
    facts = [
        Fact(t("Chỉ tiêu", "Indicator"), tx(rule.indicator.title), f"/indicators/{rule.indicator.code}"),
        Fact(t("Theo dõi", "Watches"), tx(words.LEVEL_TITLES[rule.every])),
        Fact(t("Kéo dài ít nhất", "Must last"), words.span(rule.hold)),
        Fact(t("Số bản ghi tối thiểu", "Smallest sample"), formats.number(rule.needed_base, 0)),
    ]
    if rule.rises:
        facts.append(Fact(t("Nâng mức khi chưa ai nhận", "Rises while nobody has it"), words.steps(rule.rises)))
    if rule.falls:
        facts.append(Fact(t("Hạ mức khi đã dịu", "Falls when calm"), words.steps(rule.falls)))
    facts.append(Fact(t("Căn cứ", "Legal basis"), rule.basis))
    if rule.advice:
        facts.append(Fact(t("Việc cần làm trước", "What to do first"), tx(rule.advice)))
    return FactsView(facts=tuple(facts))


def _record(actor: Actor, held: Watched, now: datetime) -> list[Fact]:
    """How the rule has done in the last year."""
    record = queries.records(actor, [held.code], now).get(held.code, Record(0, 0, 0))
    pace = queries.pace(actor, held.code, now)
    every = f"/alerts?state=all&rule={held.code}"
    return [
        Fact(t("Cảnh báo 12 tháng", "Alerts in 12 months"), formats.number(record.raised, 0), every),
        Fact(t("Đang mở", "Open now"), formats.number(record.open, 0)),
        Fact(t("Báo nhầm", "False positives"), formats.number(record.false, 0)),
        Fact(t("Báo đúng", "Precision"), words.precision(record.precision)),
        Fact(t("Có người nhận sau (trung vị)", "Taken after (median)"), _span(pace.taken)),
        Fact(t("Hết sau (trung vị)", "Over after (median)"), _span(pace.over)),
    ]


def _span(length: timedelta | None) -> str:
    return formats.MISSING if length is None else formats.duration(length)
