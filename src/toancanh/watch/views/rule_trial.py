"""What a rule would have done in the past, in words and as a table."""

from __future__ import annotations

from dataclasses import dataclass

from toancanh.kernel.contracts import Rule
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import Cell, Column, TableView
from toancanh.watch.backtest import Episode, Trial
from toancanh.watch.views import words
from toancanh.watch.views.words import many

SHOWN = 100  # episodes listed
NAMED = 12  # people named


@dataclass(frozen=True)
class TrialView:
    """The sentence, who would have been told, and each time."""

    sentence: str
    people: str
    table: TableView | None


def view_of(trial: Trial, rule: Rule) -> TrialView:
    """A trial of `rule`, ready to print."""
    return TrialView(_sentence(trial), _people(trial) if trial.judged else "", _episodes(trial, rule) if trial.episodes else None)


def _sentence(trial: Trial) -> str:
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
        f"It would ring {many(count, 'time')} in the last {trial.days} days, in {many(trial.places, 'place')};"
        f" {many(told, 'time')} somebody is told.",
    )


def _people(trial: Trial) -> str:
    people = trial.woken
    if not people:
        return t("Không ai sẽ được báo.", "Nobody would have been told.")
    names = ", ".join(each.name for each in people[:NAMED])
    more = len(people) - NAMED
    rest = t(f" và {more} người khác", f" and {many(more, 'other')}") if more > 0 else ""
    return t(f"Người sẽ được báo: {names}{rest}.", f"Who would have been told: {names}{rest}.")


def _episodes(trial: Trial, rule: Rule) -> TableView:
    columns = (
        Column(label=t("Bắt đầu", "Begin")),
        Column(label=t("Nơi", "Where")),
        Column(label=t("Mức vượt", "By how much"), long=True),
        Column(label=t("Xấu nhất", "Worst"), number=True),
        Column(label=t("Kéo dài", "Lasted")),
        Column(label=t("Báo cho", "Told")),
    )
    title = t(f"Từng lần trong {trial.days} ngày qua", f"Each time in the last {trial.days} days")
    more = len(trial.episodes) - SHOWN
    message = t(f"Còn {more} lần cũ hơn.", f"{many(more, 'older one')} not listed.") if more > 0 else ""
    return TableView(
        title=title,
        caption=title,
        columns=columns,
        rows=tuple(_episode(each, rule) for each in trial.episodes[:SHOWN]),
        state="partial" if more > 0 else "ready",
        message=message,
    )


def _episode(each: Episode, rule: Rule) -> tuple[Cell, ...]:
    part = each.subject.partition("=")[2] or each.subject.partition(":")[2]
    names = ", ".join(user.name for user in each.woken[:3]) + ("…" if len(each.woken) > 3 else "")
    return (
        Cell(text=formats.moment(each.begin), status=words.severity(each.severity)),
        Cell(text=tx(each.unit.short), note=part),
        Cell(text=tx(each.words)),
        Cell(text=words.value(rule.indicator, each.worst)),
        Cell(text=formats.duration(each.lasted) if each.lasted is not None else t("đang kéo dài", "still on")),
        Cell(text=names if each.told else t("không báo (chập chờn)", "nobody (flapping)")),
    )
