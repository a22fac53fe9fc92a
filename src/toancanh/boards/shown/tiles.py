"""From a figure to its card: the same card on the overview, on a field's page and, with other words, on the wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from toancanh.boards.figures import Figure, due_day
from toancanh.boards.reading import Point, Version
from toancanh.boards.selection import Selection
from toancanh.boards.shown import rebasing, words
from toancanh.boards.shown.proofs import proof_href
from toancanh.kernel.contracts import YearPlan
from toancanh.kernel.periods import Grain, Period
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import BulletView, Link, SparkView, State, TileView
from toancanh.units.models import Unit

LOOSE = ("estimate", "provisional")
RECENT = timedelta(days=14)  # how long a card says that its value was corrected
_SPARK = {Grain.MONTH: 13, Grain.QUARTER: 8, Grain.YEAR: 6, Grain.DAY: 14, Grain.HOUR: 24, Grain.WEEK: 13}


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a card may say beside its figure: who owes what, by role; what was corrected lately and of what somebody reminded
    today, by indicator; and whom the reader may remind: (field, key of the agency)."""

    owners: Mapping[str, Unit]
    revised: Mapping[str, Version]
    reminded: Mapping[str, datetime] = field(default_factory=dict)
    may_remind: frozenset[tuple[str, str]] = frozenset()


NO_COMPANY = Company(owners={}, revised={})


def tile(figure: Figure, selection: Selection, company: Company = NO_COMPANY) -> TileView:
    """The card of one figure. Its key is "indicator@unit"; the fragment under `live_href` prints it again."""
    indicator, point = figure.indicator, figure.point
    state, message = state_of(figure, selection, company)
    change, note = words.change(indicator, figure.value, figure.before.value if figure.before else None, figure.period.grain)
    note += _compared_with(figure) if change else ""
    missing = state == "missing"
    return TileView(
        key=f"{indicator.code}@{figure.unit.key}",
        live_href=selection.link(f"/fragments/tile/{indicator.code}", unit=figure.unit.key),
        title=words.title(indicator),
        short_title=tx(indicator.short or indicator.title),
        href=selection.indicator(indicator.code, unit=figure.unit.key),
        value_text=words.value(indicator, figure.value),
        unit_text="" if figure.value is None else tx(indicator.unit),
        status=words.status(figure),
        quality_text=_quality(figure, selection),
        spark=None if missing else spark(figure),
        bullet=bullet(figure),
        target_text=words.target(indicator, figure.target),
        change_text=change,
        change_note=note,
        made_text=rebasing.sentence(point.rebased) if point and point.rebased else "",
        field_text=tx(figure.pack.title),
        field_icon=figure.pack.icon,
        proof_href=proof_href(point),
        state=state,
        message=message,
        action=_ask(figure, selection, company) if missing else None,
    )


def _compared_with(figure: Figure) -> str:
    """That a figure as measured is compared with one that was put on its map."""
    made = figure.before is not None and figure.before.rebased and figure.point is not None and not figure.point.rebased
    return t(" (quy đổi)", " (re-based)") if made else ""


def state_of(figure: Figure, selection: Selection, company: Company = NO_COMPANY) -> tuple[State, str]:
    """The state of a figure and the words that go with it."""
    if figure.denied:
        return "denied", t(
            f"Bạn chưa có quyền xem. Đề nghị {tx(figure.indicator.owner.title)} cấp quyền.",
            f"You may not see this yet. Ask the {tx(figure.indicator.owner.title)} for access.",
        )
    if figure.point is None:
        return "missing", _owed(figure, selection, company)
    if figure.stale:
        return "stale", _since(figure, selection)
    if figure.point.partial:
        covered = words.covered(figure.point.method, figure.point.have, figure.point.want)
        return "partial", t(f"{covered} đã báo cáo", f"{covered} have reported")
    version = company.revised.get(figure.indicator.code)
    if version is not None and version.period == figure.period and version.value != figure.value:
        return "revised", revision(figure, version)
    return ("provisional" if figure.point.status in LOOSE else "ready"), ""


def revision(figure: Figure, version: Version) -> str:
    """ "Đã điều chỉnh 12/11: 62,9 → 63,5"."""
    before, after = words.value(figure.indicator, version.value), words.value(figure.indicator, figure.value)
    day = formats.day_month(version.known_to)
    return t(f"Đã điều chỉnh {day}: {before} → {after}", f"Revised {day}: {before} → {after}")


def spark(figure: Figure) -> SparkView | None:
    """This year against last year, up to the value on show."""
    periods = _spark_periods(figure.period)
    points = [_amount(figure.points.get(each)) for each in periods]
    if sum(each is not None for each in points) < 2:
        return None
    before: tuple[float | None, ...] = ()
    if figure.period.grain not in (Grain.HOUR, Grain.DAY):
        last_year = tuple(_amount(figure.points.get(each.same_last_year())) for each in periods)
        before = last_year if any(each is not None for each in last_year) else ()
    loose = 0
    for each in reversed(periods):
        point = figure.points.get(each)
        if point is None or point.status not in LOOSE:
            break
        loose += 1
    return SparkView(points=tuple(points), before=before, target=_flat_target(figure), provisional=loose)


def bullet(figure: Figure) -> BulletView | None:
    """Value, target and last year on one track; only where there is a target."""
    if figure.value is None or figure.target is None or figure.value < 0:
        return None
    indicator, before = figure.indicator, figure.before
    highest = 100.0 if words.is_percent(indicator) and max(figure.value, figure.target) <= 100 else None
    return BulletView(
        value=figure.value,
        target=figure.target,
        before=before.value if before else None,
        top=highest,
        kind=figure.status.kind,
        spoken=f"{words.with_unit(indicator, figure.value)}, {words.target(indicator, figure.target).lower()}",
    )


def _spark_periods(last: Period) -> tuple[Period, ...]:
    count = _SPARK.get(last.grain, 8)
    if last.cumulative and last.grain is Grain.MONTH:
        count = max(last.start.month, 3)
    if last.cumulative and last.grain is Grain.QUARTER:
        count = max((last.start.month + 2) // 3, 3)
    return last.shift(1 - count).until(last)


def _flat_target(figure: Figure) -> float | None:
    """A plan that grows with the year belongs to its last point only, so the line of a card leaves it out."""
    return None if isinstance(figure.indicator.target, YearPlan) else figure.target


def _amount(point: Point | None) -> float | None:
    return None if point is None else point.value


def _quality(figure: Figure, selection: Selection) -> str:
    if figure.point is not None:
        return words.quality(figure.point, selection.now)
    if figure.older is not None and figure.older.as_of is not None:
        latest = words.until(figure.older, selection.now)
        return t(f"Gần nhất: {latest}", f"Latest: {latest}")
    return ""


def _since(figure: Figure, selection: Selection) -> str:
    last = figure.feed.last_delivery if figure.feed else None
    when = formats.as_of(last, selection.now) if last else formats.MISSING
    return t(f"Số liệu lúc {when}, nguồn gửi chậm", f"Data of {when}, the source is late")


def _owed(figure: Figure, selection: Selection, company: Company) -> str:
    """Who owes the figure and since when, and when they were reminded; for counted figures that nothing has come yet."""
    at = company.reminded.get(figure.indicator.code)
    reminded = t(f" · đã nhắc {formats.clock(at)}", f" · reminded {formats.clock(at)}") if at else ""
    return _debt(figure, selection, company) + reminded


def _debt(figure: Figure, selection: Selection, company: Company) -> str:
    owner = company.owners.get(figure.indicator.owner.code)
    name = tx(owner.title) if owner else tx(figure.indicator.owner.title)
    if not figure.reported:
        return t(f"Chưa có số liệu từ {name}", f"No data from {name} yet")
    if figure.older is None:
        return t(f"{name} chưa từng gửi", f"{name} has never sent it")
    late = (selection.today - due_day(figure.period)).days
    if late > 0:
        return t(f"{name} trễ {words.days(late)}", f"{name}: {words.days(late)} late")
    due = formats.day_month(due_day(figure.period))
    return t(f"Hạn nộp {due}: {name}", f"Due {due}: {name}")


def _ask(figure: Figure, selection: Selection, company: Company) -> Link | None:
    owner = company.owners.get(figure.indicator.owner.code)
    if owner is None:
        return None
    code = figure.indicator.code
    if figure.reported and selection.known is None and (figure.pack.code, owner.key) in company.may_remind:
        if code not in company.reminded:
            return Link(t("Nhắc nộp số liệu", "Remind them"), selection.link(f"/indicators/{code}/remind"), post=True)
        asked = f"{words.title(figure.indicator)}, {words.period(figure.period)}"
        title = t(f"Nộp số liệu: {asked}", f"Send the figure: {asked}")
        return Link(t("Giao việc nộp số liệu", "Make it a task"), f"/tasks/new?{urlencode({'title': title, 'lead': owner.key})}")
    return Link(t("Xem nơi nợ số liệu", "See who owes it"), selection.agency(owner.key))
