"""S15, the morning briefing: what waits for a decision, crossed a line, recovered, is overdue, is missing. One page; every
sentence leads to its number or its record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice

from django.db.models import QuerySet

from toancanh.boards.figures import Figure, due_day, figures
from toancanh.boards.pages.overview import in_use
from toancanh.boards.selection import Selection
from toancanh.boards.shown import words
from toancanh.boards.sources import freshness, health, in_trouble
from toancanh.intake.queries import SourceHealth
from toancanh.kernel.periods import VIETNAM
from toancanh.kernel.registry import registry
from toancanh.people.permissions import Actor
from toancanh.response import policy as work
from toancanh.response.models import OPEN_DIRECTIVE, OPEN_TASK, Directive, Extension, Kind, Task, Work
from toancanh.response.states import DirectiveState
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.tables import WorkRow, WorkView
from toancanh.units.models import Unit
from toancanh.watch.models import Alert
from toancanh.watch.policy import visible as visible_alerts
from toancanh.watch.queries import words as alert_words

READ_AT = time(7, 0)  # when leaders read it: it reaches back to the same hour of the day before
MOST = 12  # rows of a part; more are one click away
NAMED = 4  # places named in a line
_KINDS = {"urgent": "urgent", "high": "bad", "medium": "warn", "low": "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """All that the page prints. `counts` are what the sentence says, in its order."""

    sentence: str
    below: str
    parts: tuple[WorkView, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """How many there are, and those that are shown."""

    count: int
    rows: Sequence[WorkRow]


def since(now: datetime) -> datetime:
    """From when on things are new: 07:00 of the day before, in Vietnamese time."""
    local = now.astimezone(VIETNAM)
    return datetime.combine(local.date() - timedelta(days=1), READ_AT, VIETNAM)


def briefing(actor: Actor, root: Unit, selection: Selection) -> Briefing:
    """The page for `root` as `actor` may see it."""
    now = selection.now
    alerts = visible_alerts(Alert.objects.select_related("unit"), actor)
    lines, owed = in_trouble(health(actor)), _owed(actor, root, selection)
    crossed = _crossed(alerts.filter(raised_at__gte=since(now), cleared_at=None).order_by("-rank", "-raised_at", "pk"), now)
    recovered = _recovered(alerts.filter(head=None, cleared_at__gte=since(now)).order_by("-cleared_at", "pk"))
    overdue = _overdue(actor, now)
    missing = Rows(len(lines) + len(owed), [*_late(lines[:MOST], now), *(_owing(each, selection) for each in owed[:MOST])])
    parts = (
        _part(t("Cần quyết định", "To decide"), _to_decide(actor), t("Không có việc chờ quyết định.", "Nothing waits.")),
        _part(t("Vượt ngưỡng", "Crossed a limit"), crossed,
              t("Không có chỉ tiêu nào mới vượt ngưỡng.", "Nothing new crossed a limit.")),
        _part(t("Đã hồi phục", "Recovered"), recovered,
              t("Chưa có chỉ tiêu nào hồi phục.", "Nothing recovered.")),
        _part(t("Quá hạn", "Overdue"), overdue, t("Không có việc quá hạn.", "Nothing is overdue.")),
        _part(t("Thiếu số liệu", "Missing figures"), missing, t("Số liệu đủ và đúng hạn.", "Data are complete and on time.")),
    )  # fmt: skip
    tally = tuple(each.count for each in (crossed, recovered, overdue, missing))
    return Briefing(sentence=sentence(tally), below=_below(now), parts=parts, counts=tally)


def sentence(tally: Sequence[int]) -> str:
    """The answer first; `tally`: crossed, recovered, overdue, missing."""
    vi = ("vượt ngưỡng", "đã hồi phục", "việc quá hạn", "số liệu còn thiếu")
    en = ("crossed a limit", "recovered", "overdue", f"missing figure{'' if tally[-1] == 1 else 's'}")
    said = [t(f"{count} {one}", f"{count} {other}") for count, one, other in zip(tally, vi, en, strict=True) if count]
    return ", ".join(said) if said else t("Mọi việc trong tầm kiểm soát", "Everything is under control")


def _below(now: datetime) -> str:
    begin = formats.moment(since(now))
    return t(f"Từ {begin} đến {formats.moment(now)}", f"From {begin} to {formats.moment(now)}")


def _part(title: str, found: Rows, nothing: str) -> WorkView:
    return WorkView(
        title=title, subtitle=str(found.count or ""), rows=tuple(found.rows[:MOST]), state="ready" if found.count else "empty",
        message="" if found.count else nothing,
    )  # fmt: skip


def _crossed(alerts: Iterable[Alert], now: datetime) -> Rows:
    """One line for each rule: its worst alert, and where else the same line was crossed."""
    by_rule: dict[str, list[Alert]] = {}
    for each in alerts:
        by_rule.setdefault(each.rule, []).append(each)
    rows = [
        WorkRow(
            kind=_KINDS[first.severity], title=tx(alert_words(first)), detail=_elsewhere(first, others), href=first.href,  # type: ignore[arg-type]
            clock=formats.duration(now - first.since),
        )
        for first, *others in islice(by_rule.values(), MOST)
    ]  # fmt: skip
    return Rows(len(by_rule), rows)


def _elsewhere(first: Alert, others: Sequence[Alert]) -> str:
    begun = t(f"từ {formats.moment(first.since)}", f"since {formats.moment(first.since)}")
    if not others:
        return begun
    places = list(dict.fromkeys(tx(each.unit.short) for each in others))
    names = ", ".join(places[:NAMED]) + ("…" if len(places) > NAMED else "")
    if len(places) == len(others):
        return f"{begun} · " + t(f"và {len(places)} nơi nữa: {names}", f"and {len(places)} more: {names}")
    many = t(f"và {len(others)} cảnh báo nữa ở {len(places)} nơi", f"and {len(others)} more alerts at {len(places)} places")
    return f"{begun} · {many}: {names}"


def _recovered(alerts: QuerySet[Alert]) -> Rows:
    shown = list(alerts[:MOST])
    count = len(shown) if len(shown) < MOST else alerts.count()
    return Rows(count, [
        WorkRow(kind="ok", title=tx(alert_words(each)), href=each.href,
                detail=t(f"hết lúc {formats.moment(each.cleared_at)}", f"over at {formats.moment(each.cleared_at)}"))
        for each in shown
    ])  # fmt: skip


def _to_decide(actor: Actor) -> Rows:
    directives = work.visible_directives(Directive.objects.select_related("lead"), actor)
    proposed = directives.filter(state__in=(DirectiveState.PROPOSED, DirectiveState.REPORTED))
    rows = [
        WorkRow(kind="info", title=each.title, detail=_who(each, t("chờ xác nhận kết thúc", "closing to be confirmed")),
                href=f"/directives/{each.pk}")
        for each in proposed.order_by("due_at", "pk")
    ]  # fmt: skip
    rows += _extensions(actor)
    return Rows(len(rows), rows)


def _extensions(actor: Actor) -> list[WorkRow]:
    asked = list(Extension.objects.filter(state="asked"))
    models: dict[str, type[Work]] = {Kind.DIRECTIVE: Directive, Kind.TASK: Task}
    records: dict[tuple[str, int], Work] = {}
    for kind, model in models.items():
        subjects = [each.subject for each in asked if each.kind == kind]
        if subjects:
            found = work.visible(model._default_manager.filter(pk__in=subjects).select_related("lead"), actor)
            records |= {(kind, each.pk): each for each in found}
    pairs = ((each, records.get((each.kind, each.subject))) for each in asked)
    return [_extension(each, record) for each, record in pairs if record is not None]


def _extension(asked: Extension, record: Work) -> WorkRow:
    until = formats.moment(asked.until)
    detail = t(f"xin gia hạn đến {until}: {asked.reason}", f"more time asked until {until}: {asked.reason}")
    return WorkRow(kind="warn", title=record.title, detail=_who(record, detail), href=f"/{asked.kind}s/{record.pk}")


def _overdue(actor: Actor, now: datetime) -> Rows:
    directives = work.visible_directives(Directive.objects.filter(OPEN_DIRECTIVE, due_at__lt=now), actor).select_related("lead")
    waiting = directives.exclude(state__in=(DirectiveState.WATCHING, DirectiveState.PROPOSED, DirectiveState.REPORTED))
    tasks = work.visible_tasks(Task.objects.filter(OPEN_TASK, due_at__lt=now), actor).select_related("lead")
    found: list[tuple[Work, str]] = [(each, f"/directives/{each.pk}") for each in waiting]
    found += [(each, f"/tasks/{each.pk}") for each in tasks.exclude(state="reported")]
    found.sort(key=lambda pair: pair[0].due_at or now)
    rows = [
        WorkRow(kind="bad", title=each.title, detail=_who(each), href=href, clock=_by(now - (each.due_at or now)), late=True)
        for each, href in found[:MOST]
    ]
    return Rows(len(found), rows)


def _by(late: timedelta) -> str:
    return t(f"quá {formats.duration(late)}", f"{formats.duration(late)} over")


def _who(record: Work, more: str = "") -> str:
    lead = tx(record.lead.title) if record.lead else ""
    return " · ".join(part for part in (record.code, lead, more) if part)


def _late(lines: Iterable[SourceHealth], now: datetime) -> list[WorkRow]:
    rows = []
    for each in lines:
        silent = t("chưa gửi lần nào", "never sent") if each.last_delivery is None else formats.as_of(each.last_delivery, now)
        owner = tx(each.source.owner.title) if each.source.owner else ""
        rows.append(
            WorkRow(kind="warn", title=f"{tx(each.source.title)}: {tx(each.dataset_title)}", detail=f"{owner} · {silent}",
                    href="/sources", clock=formats.age(each.lag) if each.lag else "")
        )  # fmt: skip
    return rows


def _owed(actor: Actor, root: Unit, selection: Selection) -> list[Figure]:
    found = figures(actor, root, registry.indicators(), selection, feeds=freshness())
    owed = [each for each in found if each.missing and not each.denied and each.reported and in_use(each)]
    past = [each for each in owed if due_day(each.period) < selection.today]
    return sorted(past, key=lambda one: due_day(one.period))


def _owing(figure: Figure, selection: Selection) -> WorkRow:
    late = (selection.today - due_day(figure.period)).days
    owner = tx(figure.indicator.owner.title)
    return WorkRow(
        kind="warn", title=words.title(figure.indicator), detail=f"{owner} · {words.period(figure.period)}",
        href=selection.indicator(figure.indicator.code), clock=t(f"trễ {words.days(late)}", f"{words.days(late)} late"),
    )  # fmt: skip
