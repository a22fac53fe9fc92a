"""Words that every page of this room uses: severities and states with their shape, values, how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from toancanh.kernel.condition_words import describe
from toancanh.kernel.contracts import After, Indicator, Level, Record, Rule, Severity
from toancanh.kernel.periods import Grain
from toancanh.kernel.registry import registry
from toancanh.kernel.text import Text
from toancanh.notify.messages import SEVERITY_TITLES
from toancanh.ui import formats
from toancanh.ui.language import t, tx
from toancanh.ui.parts import Kind, StatusView
from toancanh.watch.models import Alert, State

SEVERITY_KIND: dict[Severity, Kind] = {
    Severity.LOW: "info",
    Severity.MEDIUM: "warn",
    Severity.HIGH: "bad",
    Severity.URGENT: "urgent",
}
STATE_TITLES = {
    State.OPEN: Text("Chưa ai nhận", "Nobody has it yet"),
    State.ACKNOWLEDGED: Text("Đã có người nhận", "Taken"),
    State.FALSE_POSITIVE: Text("Báo nhầm", "False positive"),
    State.CLEARED: Text("Đã hết", "Over"),
}
LEVEL_TITLES = {
    Level.COUNTRY: Text("Cả nước", "Country"),
    Level.REGION: Text("Vùng", "Regions"),
    Level.PROVINCE: Text("Toàn tỉnh", "The province"),
    Level.DISTRICT: Text("Huyện (trước 01/07/2025)", "Districts (before 01/07/2025)"),
    Level.COMMUNE: Text("Từng xã, phường", "Each commune"),
    Level.CUSTOM: Text("Từng khu vực", "Each custom area"),
    Level.AGENCY: Text("Từng cơ quan", "Each agency"),
}
GRAIN_TITLES = {
    Grain.HOUR: Text("giờ", "hour"),
    Grain.DAY: Text("ngày", "day"),
    Grain.WEEK: Text("tuần", "week"),
    Grain.MONTH: Text("tháng", "month"),
    Grain.QUARTER: Text("quý", "quarter"),
    Grain.HALF: Text("sáu tháng", "half year"),
    Grain.NINE_MONTHS: Text("chín tháng", "nine months"),
    Grain.YEAR: Text("năm", "year"),
    Grain.SCHOOL_YEAR: Text("năm học", "school year"),
}


def severity(value: str | Severity) -> StatusView:
    """A severity with its shape and word."""
    found = Severity(value)
    return StatusView(SEVERITY_KIND[found], tx(SEVERITY_TITLES[found]))


def state_word(alert: Alert) -> str:
    """What became of an alert, in a few words."""
    return tx(STATE_TITLES[State(alert.state)])


def marks(alert: Alert) -> str:
    """What is special about an alert: silenced, flapping."""
    found = []
    if alert.flapping:
        found.append(t("chập chờn", "flapping"))
    if alert.silence_id is not None and alert.cleared_at is None:
        found.append(t("đang tạm dừng báo", "silenced"))
    return ", ".join(found)


def value(indicator: Indicator | None, amount: float | None) -> str:
    """A value with its unit."""
    if amount is None:
        return formats.MISSING
    if indicator is None:
        return formats.number(amount)
    unit = tx(indicator.unit)
    return f"{formats.number(amount, indicator.places)}{'' if unit == '%' else ' '}{unit}"


def alert_value(alert: Alert, amount: float | None) -> str:
    """A value of an alert; of a silent source the hours of its silence."""
    if alert.subject.startswith("source:"):
        return formats.MISSING if amount is None else f"{formats.number(amount, 0)} {t('giờ', 'hours')}"
    indicator = registry.indicator(alert.indicator)
    dataset = indicator.dataset if indicator is not None else None
    single = isinstance(dataset, Record) and alert.subject.partition("=")[0] in dataset.key
    if single and amount is not None:
        return f"{formats.number(amount, 0)} {t('ngày', 'days')}"  # of a single record: how long it has been so
    return value(indicator, amount)


def lasted(alert: Alert, now: datetime) -> str:
    """How long it has lasted, or lasted."""
    return formats.duration((alert.cleared_at or now) - alert.since)


def span(length: timedelta) -> str:
    """A hold or a wait, "at once" when there is none."""
    return formats.duration(length) if length else t("ngay", "at once")


def condition(rule: Rule) -> str:
    """The condition of a rule as a clause."""
    return tx(describe(rule.condition, rule.indicator.unit, rule.indicator.places))


def sentence(rule: Rule) -> str:
    """What a rule watches, as a sentence."""
    return f"{tx(rule.indicator.title)}: {condition(rule)}."


def steps(found: Sequence[After]) -> str:
    """Timed changes of severity."""
    return "; ".join(
        t(
            f"sau {span(each.wait)}: {severity(each.severity).word}",
            f"after {span(each.wait)}: {severity(each.severity).word}",
        )
        for each in found
    )


def precision(share: float | None) -> str:
    """The share of alerts that were no false positives."""
    return formats.MISSING if share is None else formats.percent(share * 100, 0)


def many(count: int, noun: str) -> str:
    """A count with its English noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
