"""One alert: what, where, since when, by how much, who makes the difference, the last similar case, the proof of its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from toancanh.kernel.contracts import Indicator
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.people.permissions import Action, Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Link, RankingRow, RankingView, StatusView
from toancanh.ui.tables import Cell, Column, Fact, FactsView, TableView, TrailView
from toancanh.watch import outcomes, queries
from toancanh.watch.contributors import Contributor, contributors
from toancanh.watch.definitions import Watched, watched
from toancanh.watch.models import Alert, State
from toancanh.watch.outcomes import Outcome
from toancanh.watch.policy import may_hush
from toancanh.watch.services.answers import MOVES, may_answer
from toancanh.watch.views import alert_tables, words


@dataclass(frozen=True)
class AlertPage:
    """All that the page prints. The forms are shown to who may use them."""

    alert: Alert
    trail: TrailView
    sentence: str
    severity: StatusView
    facts: FactsView
    advice: str
    parts: Sequence[RankingView]
    others: TableView | None
    similar: FactsView | None
    entries: TableView
    may_take: bool
    may_deny: bool
    may_hush: bool
    may_direct: bool
    may_order: bool


def page(actor: Actor, alert: Alert, now: datetime) -> AlertPage:
    """The page of `alert`, which the actor may see."""
    indicator = registry.indicator(alert.indicator)
    rule = watched([alert.rule]).get(alert.rule)
    state, may = State(alert.state), may_answer(actor, alert)
    others = queries.others_of_cause(actor, alert)
    similar = queries.last_similar(actor, alert)
    field = registry.pack_of(indicator).code if indicator else None
    title = tx(queries.title_of(alert))
    return AlertPage(
        alert=alert,
        trail=TrailView((Link(t("Cảnh báo", "Alerts"), "/alerts"), Link(title, alert.href))),
        sentence=tx(queries.words(alert)),
        severity=words.severity(alert.severity),
        facts=_facts(alert, indicator, rule, now),
        advice=tx(rule.rule.advice) if rule and rule.rule.advice else "",
        parts=[_ranking(name, rows, indicator) for name, rows in contributors(actor, alert).items() if indicator is not None],
        others=alert_tables.table(others, now, t("Cùng nguyên nhân", "Of the same cause")) if others else None,
        similar=_similar(similar, outcomes.of_alert(actor, similar.pk), now) if similar else None,
        entries=_entries(alert),
        may_take=may and State.ACKNOWLEDGED in MOVES[state],
        may_deny=may and State.FALSE_POSITIVE in MOVES[state],
        may_hush=alert.cleared_at is None and may_hush(actor, field, alert.unit),
        may_direct=not actor.read_only and actor.can(Action.DIRECT, field, None, alert.unit),
        may_order=not actor.read_only and all(actor.can(act, field, None, alert.unit) for act in (Action.DIRECT, Action.APPROVE)),
    )


def _facts(alert: Alert, indicator: Indicator | None, rule: Watched | None, now: datetime) -> FactsView:
    place = f"/indicators/{alert.indicator}?unit={alert.unit.key}" if indicator and alert.cell else ""
    answered = alert.acknowledged_by
    facts = [
        Fact(t("Trạng thái", "State"), " · ".join(each for each in (words.state_word(alert), words.marks(alert)) if each)),
        Fact(t("Nơi", "Where"), tx(alert.unit.title), f"/places/{alert.unit.key}" if alert.unit.level != "agency" else ""),
        Fact(t("Giá trị", "Value"), words.alert_value(alert, alert.value), place),
        Fact(t("Mức báo", "Limit"), words.alert_value(alert, alert.limit)),
        Fact(t("Xấu nhất", "Worst"), words.alert_value(alert, alert.worst)),
        Fact(t("Từ lúc", "Since"), f"{formats.moment(alert.since)} ({words.lasted(alert, now)})"),
        Fact(t("Số lần lặp lại", "Times seen"), formats.number(alert.count, 0)),
        Fact(t("Cơ quan phụ trách", "Owner"), tx(alert.owner.title) if alert.owner else t("Chưa có", "None")),
    ]
    if answered:
        facts.append(Fact(t("Người nhận", "Taken by"), f"{answered}, {formats.moment(alert.acknowledged_at)}"))
    if alert.cell:
        href = f"/values/{alert.cell}/proof"
        facts.append(Fact(t("Bằng chứng", "Proof"), t("Chứng minh số này", "Prove this figure"), href, drawer=True))
    if rule is not None:
        facts.append(Fact(t("Quy tắc", "Rule"), tx(rule.rule.title), f"/rules/{rule.code}"))
        facts.append(Fact(t("Căn cứ", "Legal basis"), rule.rule.basis))
    return FactsView(facts=tuple(facts), key=alert_tables.LIVE)


def _ranking(column: str, rows: Sequence[Contributor], indicator: Indicator | None) -> RankingView:
    if indicator is None:
        raise KeyError(column)
    title = t("Nơi kéo lệch nhiều nhất", "Places that make most of the difference")
    head = t("Nơi", "Place")
    if column:
        field = next((each.title for each in indicator.dataset.fields if each.name == column), Text(column, column))
        title = t(f"Kéo lệch nhiều nhất theo {field.vi.lower()}", f"Most of the difference by {field.en.lower()}")
        head = tx(field)
    return RankingView(
        title=title,
        name_column=head,
        columns=(tx(indicator.unit), t("Phần của độ lệch", "Share")),
        bar_column=t("Phần của độ lệch", "Share of the difference"),
        rows=tuple(
            RankingRow(
                name=tx(each.name),
                proofs=(f"/values/{each.cell}/proof", ""),
                share=each.share,
                kind="bad" if each.share else "none",
                figures=(
                    formats.number(each.value, indicator.places),
                    formats.percent(each.share * 100, 0) if each.share else "–",
                ),
            )
            for each in rows
        ),
    )


def _similar(alert: Alert, became: Sequence[Outcome], now: datetime) -> FactsView:
    ended = t("Báo nhầm: ", "False positive: ") + alert.reason if alert.state == State.FALSE_POSITIVE else t("Đã hết", "Over")
    facts = (
        Fact(t("Lần trước", "Last time"), tx(queries.words(alert)), alert.href),
        Fact(t("Bắt đầu", "Began"), formats.moment(alert.since)),
        Fact(t("Kéo dài", "Lasted"), words.lasted(alert, now)),
        Fact(t("Kết thúc", "Ended"), ended),
        Fact(t("Người nhận", "Taken by"), alert.acknowledged_by or t("Không có", "Nobody")),
        *(Fact(t("Đã xử lý bằng", "Handled by"), f"{each.title} · {each.state}", each.href) for each in became),
        *(Fact(t("Việc cuối cùng", "Last thing done"), each.last) for each in became if each.last),
    )
    return FactsView(title=t("Trường hợp tương tự gần nhất", "The last similar case"), facts=facts)


def _entries(alert: Alert) -> TableView:
    rows = tuple(
        (Cell(text=formats.moment(each.at)), Cell(text=tx(each.words)), Cell(text=each.who or "Toàn Cảnh"))
        for each in alert.entries.all()
    )
    columns = (Column(label=t("Lúc", "At")), Column(label=t("Việc", "What")), Column(label=t("Ai", "Who")))
    return TableView(
        title=t("Diễn biến", "History"),
        caption=t("Diễn biến của cảnh báo", "History of the alert"),
        columns=columns,
        rows=rows,
        key=alert_tables.LIVE,
    )
