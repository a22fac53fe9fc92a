"""The list of alerts as a table: worst first, one line for each, with what silences there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlencode

from toancanh.kernel.contracts import Severity
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.people.permissions import Actor
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import SegmentView, Share
from toancanh.ui.tables import Cell, Column, PagerView, TableView
from toancanh.watch import queries
from toancanh.watch.definitions import Watched, watched
from toancanh.watch.models import Alert, Silence
from toancanh.watch.policy import may_hush
from toancanh.watch.queries import Filters
from toancanh.watch.views import words

PAGE = 50
LIVE = "alerts@*"


@dataclass(frozen=True)
class SilenceLine:
    """A silence that may be ended."""

    pk: int
    text: str
    until: str
    may_end: bool


@dataclass(frozen=True)
class ListPage:
    """All that the page prints."""

    sentence: str
    shares: SegmentView | None
    table: TableView
    pager: PagerView | None
    silences: Sequence[SilenceLine]


def list_page(actor: Actor, filters: Filters, number: int, now: datetime) -> ListPage:
    """The list by `filters`, page `number` from 1."""
    begin = (number - 1) * PAGE
    found = list(queries.alerts(actor, filters)[begin : begin + PAGE + 1])
    counts = queries.counts(actor)
    return ListPage(
        _sentence(counts),
        _shares(counts),
        table(found[:PAGE], now, worst_first=filters.worst_first),
        _pager(filters, number, len(found) > PAGE),
        _silences(actor, now),
    )


def _sentence(counts: Mapping[str, int]) -> str:
    total, urgent = sum(counts.values()), counts.get(Severity.URGENT.value, 0)
    if not total:
        return t("Không có cảnh báo nào đang mở.", "No alert is open.")
    opened = "1 alert is open" if total == 1 else f"{total} alerts are open"
    if not urgent:
        return t(f"{total} cảnh báo đang mở, không có cảnh báo khẩn cấp.", f"{opened}, none is urgent.")
    return t(f"{total} cảnh báo đang mở, {urgent} khẩn cấp.", f"{opened}, {urgent} urgent.")


def _shares(counts: Mapping[str, int]) -> SegmentView | None:
    known = [(each, counts.get(each.value, 0)) for each in reversed(Severity)]
    shares = tuple(
        Share(words.SEVERITY_KIND[each], count, f"{count} {tx(SEVERITY_TITLES[each]).lower()}") for each, count in known if count
    )
    return SegmentView(shares=shares) if shares else None


def table(alerts: Sequence[Alert], now: datetime, title: str = "", *, worst_first: bool = True) -> TableView:
    """Alerts as lines."""
    worst = t("Cảnh báo, nặng nhất trước", "Alerts, the worst first")
    rules = {code: each.rule.title for code, each in watched(sorted({each.rule for each in alerts})).items()}
    columns = (
        Column(label=t("Cảnh báo, nơi", "Alert, where")),
        Column(label=t("Mức vượt", "By how much")),
        Column(label=t("Từ lúc", "Since")),
        Column(label=t("Trạng thái", "State")),
    )
    empty = t("Không có cảnh báo nào theo lựa chọn này.", "No alert matches this choice.")
    return TableView(
        title=title,
        caption=worst if worst_first else t("Cảnh báo, mới nhất trước", "Alerts, the newest first"),
        columns=columns,
        rows=tuple(_row(each, rules, now) for each in alerts),
        state="ready" if alerts else "empty",
        message="" if alerts else empty,
        key="" if title else LIVE,
        folds=True,
    )


def _row(alert: Alert, rules: Mapping[str, Text], now: datetime) -> tuple[Cell, ...]:
    name = tx(rules.get(alert.rule, Text(alert.rule, alert.rule)))
    part = queries.subject_name(alert)
    who = alert.acknowledged_by or alert.ended_by
    state = " · ".join(each for each in (words.state_word(alert), words.marks(alert)) if each)
    return (
        Cell(
            text=f"{name} ({part})" if part else name,
            href=alert.href,
            status=words.severity(alert.severity),
            note=tx(alert.unit.short),
        ),
        Cell(text=tx(alert.crossing), note=t(f"{alert.count} lần", f"{alert.count} times") if alert.count > 1 else ""),
        Cell(text=formats.moment(alert.since), note=words.lasted(alert, now)),
        Cell(text=state, note=who),
    )


def _pager(filters: Filters, number: int, more: bool) -> PagerView | None:
    if number == 1 and not more:
        return None
    given = asdict(filters)

    def to(page: int) -> str:
        return "?" + urlencode({name: value for name, value in given.items() if value} | {"page": page})

    return PagerView(
        text=t(f"Trang {number}", f"Page {number}"),
        earlier_href=to(number - 1) if number > 1 else "",
        later_href=to(number + 1) if more else "",
    )


def _silences(actor: Actor, now: datetime) -> list[SilenceLine]:
    found = queries.silences(actor, now)
    rules = watched(sorted({each.rule for each in found} - {""})) if found else {}
    return [_silence(actor, each, rules.get(each.rule), now) for each in found]


def _silence(actor: Actor, silence: Silence, rule: Watched | None, now: datetime) -> SilenceLine:
    what = tx(rule.rule.title) if rule else t("Mọi quy tắc", "Every rule")
    where = tx(silence.unit.short) if silence.unit else t("mọi nơi", "everywhere")
    planned = t(" (có kế hoạch)", " (planned)") if silence.planned else ""
    may_end = may_hush(actor, rule.pack.code if rule else None, silence.unit)
    until = formats.moment(silence.ends)
    if silence.begins > now:
        until = f"{until} ({t('bắt đầu', 'from')} {formats.moment(silence.begins)})"
    return SilenceLine(silence.pk, f"{what}, {where}{planned}: {silence.reason}", until, may_end)
