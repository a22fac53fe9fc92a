"""Rules as tables, and one rule with its record, its limits in single places, its versions and the trial of the moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from toancanh.kernel.condition_words import describe
from toancanh.kernel.contracts import After, Level, Rule
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, StatusView
from toancanh.ui.tables import Cell, Column, Fact, FactsView, TableView, TrailView
from toancanh.units.models import Unit
from toancanh.units.queries import agencies, descendants, root
from toancanh.watch import queries
from toancanh.watch.backtest import Episode, Trial
from toancanh.watch.definitions import Watched
from toancanh.watch.models import LocalLimit, RuleVersion
from toancanh.watch.policy import concerns, may_configure
from toancanh.watch.queries import Record
from toancanh.watch.views import words

SHOWN = 100  # episodes listed
NAMED = 12  # people named


@dataclass(frozen=True)
class LocalLine:
    """A place with limits of its own."""

    key: str
    text: str
    may_drop: bool


@dataclass(frozen=True)
class RulePage:
    """All that the page prints."""

    rule: Rule
    version: int
    active: bool
    trail: TrailView
    words: str
    severity: StatusView
    facts: FactsView
    may_change: bool
    may_limit: bool
    units: Sequence[Unit]
    local: Sequence[LocalLine]
    versions: TableView | None
    trial_sentence: str
    trial_people: str
    trial: TableView | None


def tables(actor: Actor, rules: Sequence[Watched]) -> list[TableView]:
    """The rules of each field."""
    records = queries.records(actor)
    by_field: dict[str, list[Watched]] = defaultdict(list)
    for each in rules:
        by_field[each.pack.code].append(each)
    return [_table(found, records) for found in by_field.values()]


def _table(rules: Sequence[Watched], records: dict[str, Record]) -> TableView:
    columns = (
        Column(label=t("Quy tắc", "Rule")),
        Column(label=t("Theo dõi", "Watches")),
        Column(label=t("Đang mở", "Open"), number=True),
        Column(label=t("12 tháng", "12 months"), number=True),
        Column(label=t("Báo đúng", "Precision"), number=True),
        Column(label=t("Phiên bản", "Version"), number=True),
        Column(label=t("Điều kiện", "Condition")),
    )
    title = tx(rules[0].pack.title)
    return TableView(title=title, caption=title, columns=columns, rows=tuple(_row(each, records) for each in rules))


def _row(held: Watched, records: dict[str, Record]) -> tuple[Cell, ...]:
    rule, record = held.rule, records.get(held.code, Record(0, 0, 0))
    off = "" if held.active else t("đang tắt", "switched off")
    note = " · ".join(each for each in (tx(rule.indicator.title), off) if each)
    return (
        Cell(text=tx(rule.title), href=f"/rules/{rule.code}", status=words.severity(rule.severity), note=note),
        Cell(text=tx(words.LEVEL_TITLES[rule.every])),
        Cell(text=formats.number(record.open, 0)),
        Cell(text=formats.number(record.raised, 0)),
        Cell(text=_precision(record)),
        Cell(text=str(held.version)),
        Cell(text=condition_words(rule)),
    )


def condition_words(rule: Rule) -> str:
    """The condition as a clause."""
    return tx(describe(rule.condition, rule.indicator.unit, rule.indicator.places))


def _precision(record: Record) -> str:
    return formats.MISSING if record.precision is None else formats.percent(record.precision * 100, 0)


def page(actor: Actor, held: Watched, trial: Trial | None, now: datetime) -> RulePage:
    """The page of one rule, which the actor may see."""
    rule = held.rule
    place = root()
    units = [each for each in _watched_units(rule, place) if concerns(actor, held.pack.code, each)]
    own = [each for each in units if may_configure(actor, held, each)]
    versions = queries.versions(actor, held.code)
    sentence = f"{tx(rule.indicator.title)}: {condition_words(rule)}."
    return RulePage(
        rule=rule,
        version=held.version,
        active=held.active,
        trail=TrailView((Link(t("Quy tắc cảnh báo", "Alert rules"), "/rules"), Link(tx(rule.title), f"/rules/{rule.code}"))),
        words=sentence[0].upper() + sentence[1:],
        severity=words.severity(rule.severity),
        facts=_facts(held, queries.records(actor, [held.code], now).get(held.code, Record(0, 0, 0))),
        may_change=may_configure(actor, held),
        may_limit=bool(own),
        units=own,
        local=_local(held, units, {each.pk for each in own}),
        versions=_versions(versions) if versions else None,
        trial_sentence=_trial_sentence(trial) if trial else "",
        trial_people=_people(trial) if trial else "",
        trial=_episodes(trial, held) if trial and trial.episodes else None,
    )


def _watched_units(rule: Rule, place: Unit) -> list[Unit]:
    if place.level == rule.every.value:
        return [place]
    return agencies(parent=place) if rule.every is Level.AGENCY else descendants(place, rule.every)


def _facts(held: Watched, record: Record) -> FactsView:
    rule = held.rule
    facts = [
        Fact(t("Chỉ tiêu", "Indicator"), tx(rule.indicator.title), f"/indicators/{rule.indicator.code}"),
        Fact(t("Theo dõi", "Watches"), tx(words.LEVEL_TITLES[rule.every])),
        Fact(t("Kéo dài ít nhất", "Must last"), words.span(rule.hold)),
        Fact(t("Số bản ghi tối thiểu", "Smallest sample"), formats.number(rule.needed_base, 0)),
        Fact(t("Căn cứ", "Legal basis"), rule.basis),
    ]
    if rule.rises:
        facts.append(Fact(t("Nâng mức khi chưa ai nhận", "Rises while nobody has it"), _steps(rule.rises)))
    if rule.falls:
        facts.append(Fact(t("Hạ mức khi đã dịu", "Falls when calm"), _steps(rule.falls)))
    if rule.advice:
        facts.append(Fact(t("Việc cần làm trước", "What to do first"), tx(rule.advice)))
    alerts = t(
        f"{record.raised} cảnh báo, {record.false} báo nhầm, báo đúng {_precision(record)}",
        f"{_many(record.raised, 'alert')}, {_many(record.false, 'false positive')}, precision {_precision(record)}",
    )
    facts.append(Fact(t("Thành tích 12 tháng", "Record of 12 months"), alerts, f"/alerts?state=all&rule={held.code}"))
    return FactsView(facts=tuple(facts))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _steps(steps: Sequence[After]) -> str:
    return "; ".join(
        t(
            f"sau {words.span(each.wait)}: {words.severity(each.severity).word}",
            f"after {words.span(each.wait)}: {words.severity(each.severity).word}",
        )
        for each in steps
    )


def _local(held: Watched, units: Sequence[Unit], changeable: Collection[int]) -> list[LocalLine]:
    known = {each.pk: each for each in units}
    lines = []
    for row in LocalLimit.objects.filter(rule=held.code, unit__in=known).order_by("unit__order_key"):
        own = held.local.get(row.unit_id)
        rule = held.rule
        said = (
            t("không theo dõi", "not watched") if own is None else tx(describe(own, rule.indicator.unit, rule.indicator.places))
        )
        lines.append(
            LocalLine(known[row.unit_id].key, f"{tx(known[row.unit_id].short)}: {said} ({row.reason})", row.unit_id in changeable)
        )
    return lines


def _versions(rows: Sequence[RuleVersion]) -> TableView:
    columns = (
        Column(label=t("Phiên bản", "Version")),
        Column(label=t("Điều kiện", "Condition")),
        Column(label=t("Ai, lúc nào", "Who, when")),
        Column(label=t("Lý do", "Why")),
    )
    return TableView(
        title=t("Các phiên bản", "Versions"),
        caption=t("Các phiên bản, mới nhất trước", "Versions, newest first"),
        columns=columns,
        rows=tuple(_version(each) for each in rows),
    )


def _version(row: RuleVersion) -> tuple[Cell, ...]:
    from toancanh.watch.definitions import of_data

    rule = of_data(row.code, row.definition)
    return (
        Cell(text=str(row.version), note="" if row.active else t("tắt", "off")),
        Cell(text=condition_words(rule) if rule else "–", status=words.severity(rule.severity) if rule else None),
        Cell(text=row.made_by, note=formats.moment(row.made_at)),
        Cell(text=row.note or "–"),
    )


def _trial_sentence(trial: Trial) -> str:
    count, told = len(trial.episodes), trial.told
    if not trial.judged:
        return t(
            f"Chưa có giá trị nào trong {trial.days} ngày qua để thử.",
            f"There are no values of the last {trial.days} days to try it on.",
        )
    if not count:
        return t(f"Sẽ không báo lần nào trong {trial.days} ngày qua.", f"It would not have rung in the last {trial.days} days.")
    return t(
        f"Sẽ báo {count} lần trong {trial.days} ngày qua, tại {trial.places} nơi; {told} lần có người được báo.",
        f"It would ring {_many(count, 'time')} in the last {trial.days} days, in {_many(trial.places, 'place')};"
        f" {_many(told, 'time')} somebody is told.",
    )


def _people(trial: Trial) -> str:
    people = trial.woken
    if not people:
        return t("Không ai sẽ được báo.", "Nobody would have been told.")
    names = ", ".join(each.name for each in people[:NAMED])
    more = len(people) - NAMED
    rest = t(f" và {more} người khác", f" and {_many(more, 'other')}") if more > 0 else ""
    return t(f"Người sẽ được báo: {names}{rest}.", f"Who would have been told: {names}{rest}.")


def _episodes(trial: Trial, held: Watched) -> TableView:
    columns = (
        Column(label=t("Bắt đầu", "Begin")),
        Column(label=t("Nơi", "Where")),
        Column(label=t("Mức vượt", "By how much")),
        Column(label=t("Xấu nhất", "Worst"), number=True),
        Column(label=t("Kéo dài", "Lasted")),
        Column(label=t("Báo cho", "Told")),
    )
    title = t(f"Từng lần trong {trial.days} ngày qua", f"Each time in the last {trial.days} days")
    more = len(trial.episodes) - SHOWN
    message = t(f"Còn {more} lần cũ hơn.", f"{_many(more, 'older one')} not listed.") if more > 0 else ""
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=tuple(_episode(each, held) for each in trial.episodes[:SHOWN]),
        state="partial" if more > 0 else "ready",
        message=message,
    )


def _episode(each: Episode, held: Watched) -> tuple[Cell, ...]:
    part = each.subject.partition("=")[2] or each.subject.partition(":")[2]
    names = ", ".join(user.name for user in each.woken[:3]) + ("…" if len(each.woken) > 3 else "")
    return (
        Cell(text=formats.moment(each.begin), status=words.severity(each.severity)),
        Cell(text=tx(each.unit.short), note=part),
        Cell(text=tx(each.words)),
        Cell(text=words.value(held.rule.indicator, each.worst)),
        Cell(text=formats.duration(each.lasted) if each.lasted is not None else t("đang kéo dài", "still on")),
        Cell(text=names if each.told else t("không báo (chập chờn)", "nobody (flapping)")),
    )
